import { describe, expect, it } from 'vitest';
import { readOpenMetrics } from './text.testing.ts';

describe('of the samples of a type, there is refused', () => {
  const cases: Record<string, [content: string, line: number, message: string]> = {
    'a total that is not a number': [
      '# TYPE a counter\na_total NaN\n',
      2,
      'expected a total that is not negative, found "NaN"',
    ],
    'a negative total': [
      '# TYPE a counter\na_total -1\n',
      2,
      'expected a total that is not negative, found "-1"',
    ],
    'a time of creation that is infinite': [
      '# TYPE a counter\na_total 1\na_created +Inf\n',
      3,
      'expected a time in seconds, found "+Inf"',
    ],
    'a time of creation that is not a number': [
      '# TYPE a counter\na_created NaN\n',
      2,
      'expected a time in seconds, found "NaN"',
    ],
    'a state of 2': ['# TYPE a stateset\na{a="b"} 2\n', 2, 'expected the value 0 or 1, found "2"'],
    'a state that is not a number': [
      '# TYPE a stateset\na{a="b"} NaN\n',
      2,
      'expected the value 0 or 1, found "NaN"',
    ],
    'a state without its label': [
      '# TYPE a stateset\na{b="c"} 1\n',
      2,
      'expected a state as the label that is named as its stateset, found "a{b=\\"c\\"} 1"',
    ],
    'a state without a name': [
      '# TYPE a stateset\na{a=""} 1\n',
      2,
      'expected a state as the label that is named as its stateset, found "a{a=\\"\\"} 1"',
    ],
    'an info of 0': ['# TYPE a info\na_info{b="c"} 0\n', 2, 'expected the value 1, found "0"'],
    'a quantile below 0': [
      '# TYPE a summary\na{quantile="-0.1"} 1\n',
      2,
      'expected a quantile from 0 to 1 as the label quantile, found "a{quantile=\\"-0.1\\"} 1"',
    ],
    'a quantile above 1': [
      '# TYPE a summary\na{quantile="1.01"} 1\n',
      2,
      'expected a quantile from 0 to 1 as the label quantile, found "a{quantile=\\"1.01\\"} 1"',
    ],
    'a quantile that is not a number': [
      '# TYPE a summary\na{quantile="NaN"} 1\n',
      2,
      'expected a quantile from 0 to 1 as the label quantile, found "a{quantile=\\"NaN\\"} 1"',
    ],
    'a quantile that is no number': [
      '# TYPE a summary\na{quantile="half"} 1\n',
      2,
      'expected a quantile from 0 to 1 as the label quantile, found "a{quantile=\\"half\\"} 1"',
    ],
    'a summary value without a quantile': [
      '# TYPE a summary\na 1\n',
      2,
      'expected a quantile from 0 to 1 as the label quantile, found "a 1"',
    ],
    'a negative value of a quantile': [
      '# TYPE a summary\na{quantile="0.5"} -1\n',
      2,
      'expected a quantile that is not negative, found "-1"',
    ],
    'a sum of a summary with a quantile': [
      '# TYPE a summary\na_sum{quantile="0.5"} 1\n',
      2,
      'expected no label quantile on this sample, found "a_sum{quantile=\\"0.5\\"} 1"',
    ],
    'a negative sum of a summary': [
      '# TYPE a summary\na_sum -1\n',
      2,
      'expected a sum that is not negative, found "-1"',
    ],
    'a sum of a summary that is not a number': [
      '# TYPE a summary\na_sum NaN\n',
      2,
      'expected a sum that is not negative, found "NaN"',
    ],
    'a negative count of a summary': [
      '# TYPE a summary\na_count -1\n',
      2,
      'expected a whole number that is not negative, found "-1"',
    ],
    'a fractional count of a summary': [
      '# TYPE a summary\na_count 0.5\n',
      2,
      'expected a whole number that is not negative, found "0.5"',
    ],
  };
  it.each(Object.entries(cases))('%s', (_, [content, line, message]) => {
    expect(readOpenMetrics(`${content}# EOF\n`)).toMatchObject({
      result: { ok: false, reason: 'parse', place: `line ${line}`, message },
      rows: [],
    });
  });
});
describe('of histograms, there is refused', () => {
  const cases: Record<string, [content: string, line: number, message: string]> = {
    'a bucket without le': [
      '# TYPE a histogram\na_bucket 1\n',
      2,
      'expected a bucket with a number as its label le, found "a_bucket 1"',
    ],
    'a bucket with an empty le': [
      '# TYPE a histogram\na_bucket{le=""} 1\n',
      2,
      'expected a bucket with a number as its label le, found "a_bucket{le=\\"\\"} 1"',
    ],
    'a bucket with an le that is no number': [
      '# TYPE a histogram\na_bucket{le="x"} 1\n',
      2,
      'expected a bucket with a number as its label le, found "a_bucket{le=\\"x\\"} 1"',
    ],
    'a bucket with an le that is not a number': [
      '# TYPE a histogram\na_bucket{le="NaN"} 1\n',
      2,
      'expected a bucket with a number as its label le, found "a_bucket{le=\\"NaN\\"} 1"',
    ],
    'infinity as le in another spelling': [
      '# TYPE a histogram\na_bucket{le="+INF"} 1\n',
      2,
      'expected infinity as le="+Inf", found "a_bucket{le=\\"+INF\\"} 1"',
    ],
    'infinity as le without its sign': [
      '# TYPE a histogram\na_bucket{le="Inf"} 1\n',
      2,
      'expected infinity as le="+Inf", found "a_bucket{le=\\"Inf\\"} 1"',
    ],
    'a bucket that is not a number': [
      '# TYPE a histogram\na_bucket{le="+Inf"} NaN\n',
      2,
      'expected a whole number that is not negative, found "NaN"',
    ],
    'a negative bucket': [
      '# TYPE a histogram\na_bucket{le="+Inf"} -1\n',
      2,
      'expected a whole number that is not negative, found "-1"',
    ],
    'a fractional bucket': [
      '# TYPE a histogram\na_bucket{le="+Inf"} 0.5\n',
      2,
      'expected a whole number that is not negative, found "0.5"',
    ],
    'an infinite bucket': [
      '# TYPE a histogram\na_bucket{le="+Inf"} +Inf\n',
      2,
      'expected a whole number that is not negative, found "+Inf"',
    ],
    'no bucket of infinity': [
      '# TYPE a histogram\na_bucket{le="1"} 1\n',
      3,
      'expected a bucket with le="+Inf", found "# EOF"',
    ],
    'no bucket of infinity before the next metric': [
      '# TYPE a histogram\na_bucket{b="c",le="1"} 1\na_bucket{b="d",le="+Inf"} 1\n',
      3,
      'expected a bucket with le="+Inf", found "a_bucket{b=\\"d\\",le=\\"+Inf\\"…"',
    ],
    'no bucket of infinity before the next point': [
      '# TYPE a histogram\na_bucket{le="1"} 1 1\na_bucket{le="+Inf"} 1 2\n',
      3,
      'expected a bucket with le="+Inf", found "a_bucket{le=\\"+Inf\\"} 1 2"',
    ],
    'no bucket of infinity before the next family': [
      '# TYPE a histogram\na_bucket{le="1"} 1\nb 1\n',
      3,
      'expected a bucket with le="+Inf", found "b 1"',
    ],
    'no bucket of infinity before metadata': [
      '# TYPE a histogram\na_bucket{le="1"} 1\n# TYPE b gauge\n',
      3,
      'expected a bucket with le="+Inf", found "# TYPE b gauge"',
    ],
    'no buckets': [
      '# TYPE a histogram\na_sum 1\na_count 1\n',
      4,
      'expected a bucket with le="+Inf", found "# EOF"',
    ],
    'a time of creation alone': [
      '# TYPE a histogram\na_created 1\n',
      3,
      'expected a bucket with le="+Inf", found "# EOF"',
    ],
    'descending le': [
      '# TYPE a histogram\na_bucket{le="2"} 0\na_bucket{le="1"} 0\na_bucket{le="+Inf"} 0\n',
      3,
      'expected the buckets in ascending order of le, found "a_bucket{le=\\"1\\"} 0"',
    ],
    'le twice': [
      '# TYPE a histogram\na_bucket{le="1"} 0\na_bucket{le="1.0"} 0\na_bucket{le="+Inf"} 0\n',
      3,
      'expected the buckets in ascending order of le, found "a_bucket{le=\\"1.0\\"} 0"',
    ],
    'a bucket after that of infinity': [
      '# TYPE a histogram\na_bucket{le="+Inf"} 0\na_bucket{le="1"} 0\n',
      3,
      'expected the buckets in ascending order of le, found "a_bucket{le=\\"1\\"} 0"',
    ],
    'descending buckets': [
      '# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\n',
      3,
      'expected at least the count of the bucket before, 2, found "1"',
    ],
    'a count that differs': [
      '# TYPE a histogram\na_bucket{le="+Inf"} 1\na_count 2\na_sum 1\n',
      3,
      'expected the count of the +Inf bucket, 1, found "2"',
    ],
    'a count before the buckets that differs': [
      '# TYPE a histogram\na_count 2\na_sum 1\na_bucket{le="+Inf"} 1\n',
      2,
      'expected the count of the +Inf bucket, 1, found "2"',
    ],
    'a sum without a count': [
      '# TYPE a histogram\na_bucket{le="+Inf"} 1\na_sum 1\n',
      4,
      'expected a count beside the sum, found "# EOF"',
    ],
    'a count without a sum': [
      '# TYPE a histogram\na_bucket{le="+Inf"} 1\na_count 1\n',
      4,
      'expected a sum beside the count, found "# EOF"',
    ],
    'a negative sum': [
      '# TYPE a histogram\na_bucket{le="+Inf"} 1\na_sum -1\na_count 1\n',
      3,
      'expected a sum that is not negative, found "-1"',
    ],
    'a sum that is not a number': [
      '# TYPE a histogram\na_bucket{le="+Inf"} 1\na_sum NaN\na_count 1\n',
      3,
      'expected a sum that is not negative, found "NaN"',
    ],
    'a negative count': [
      '# TYPE a histogram\na_bucket{le="+Inf"} 1\na_sum 1\na_count -1\n',
      4,
      'expected a whole number that is not negative, found "-1"',
    ],
    'a sum beside a bucket with a negative le': [
      '# TYPE a histogram\na_bucket{le="-1"} 0\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n',
      6,
      'expected no sum beside buckets with a negative le, found "# EOF"',
    ],
    'le on a sum': [
      '# TYPE a histogram\na_bucket{le="+Inf"} 1\na_sum{le="1"} 1\na_count 1\n',
      3,
      'expected no label le on this sample, found "a_sum{le=\\"1\\"} 1"',
    ],
    'le on a count': [
      '# TYPE a histogram\na_bucket{le="+Inf"} 1\na_sum 1\na_count{le="+Inf"} 1\n',
      4,
      'expected no label le on this sample, found "a_count{le=\\"+Inf\\"} 1"',
    ],
    'no bucket of infinity in a gauge histogram': [
      '# TYPE a gaugehistogram\na_bucket{le="1"} 1\n',
      3,
      'expected a bucket with le="+Inf", found "# EOF"',
    ],
    'a fractional bucket of a gauge histogram': [
      '# TYPE a gaugehistogram\na_bucket{le="+Inf"} 0.5\n',
      2,
      'expected a whole number that is not negative, found "0.5"',
    ],
    'a negative bucket of a gauge histogram': [
      '# TYPE a gaugehistogram\na_bucket{le="+Inf"} -1\n',
      2,
      'expected a whole number that is not negative, found "-1"',
    ],
    'a gauge sum without a gauge count': [
      '# TYPE a gaugehistogram\na_bucket{le="+Inf"} 1\na_gsum 1\n',
      4,
      'expected a count beside the sum, found "# EOF"',
    ],
    'a gauge count without a gauge sum': [
      '# TYPE a gaugehistogram\na_bucket{le="+Inf"} 1\na_gcount 1\n',
      4,
      'expected a sum beside the count, found "# EOF"',
    ],
    'a gauge count that differs': [
      '# TYPE a gaugehistogram\na_bucket{le="+Inf"} 1\na_gsum 1\na_gcount 2\n',
      4,
      'expected the count of the +Inf bucket, 1, found "2"',
    ],
    'a gauge sum that is not a number': [
      '# TYPE a gaugehistogram\na_bucket{le="+Inf"} 1\na_gsum NaN\na_gcount 1\n',
      3,
      'expected a sum that is a number, found "NaN"',
    ],
    'a negative gauge sum without a bucket with a negative le': [
      '# TYPE a gaugehistogram\na_bucket{le="+Inf"} 1\na_gsum -1\na_gcount 1\n',
      5,
      'expected no negative sum without a bucket with a negative le, found "# EOF"',
    ],
  };
  it.each(Object.entries(cases))('%s', (_, [content, line, message]) => {
    expect(readOpenMetrics(`${content}# EOF\n`)).toMatchObject({
      result: { ok: false, reason: 'parse', place: `line ${line}`, message },
      rows: [],
    });
  });
});
