import { describe, expect, it } from 'vitest';
import { readOpenMetrics } from './text.testing.ts';

describe('of the metric families of an OpenMetrics page, there is refused', () => {
  const cases: Record<string, [content: string, line: number, message: string]> = {
    'a second type': [
      '# TYPE a gauge\n# TYPE a gauge\n',
      2,
      'expected one TYPE of a metric family, found "# TYPE a gauge"',
    ],
    'a second help text': [
      '# HELP a b\n# TYPE a gauge\n# HELP a b\n',
      3,
      'expected one HELP of a metric family, found "# HELP a b"',
    ],
    'a second help text where the first is empty': [
      '# HELP a \n# HELP a b\n',
      2,
      'expected one HELP of a metric family, found "# HELP a b"',
    ],
    'a second unit': [
      '# UNIT a_s s\n# UNIT a_s s\n',
      2,
      'expected one UNIT of a metric family, found "# UNIT a_s s"',
    ],
    'a type after samples': [
      '# HELP a b\na 1\n# TYPE a gauge\n',
      3,
      'expected the metadata of a metric family before its samples, found "# TYPE a gauge"',
    ],
    'a help text after samples': [
      '# TYPE a gauge\na 1\n# HELP a b\n',
      3,
      'expected the metadata of a metric family before its samples, found "# HELP a b"',
    ],
    'a unit after samples': [
      '# TYPE a_s gauge\na_s 1\n# UNIT a_s s\n',
      3,
      'expected the metadata of a metric family before its samples, found "# UNIT a_s s"',
    ],
    'a type after samples without metadata': [
      'a 1\n# TYPE a gauge\n',
      2,
      'expected the metadata of a metric family before its samples, found "# TYPE a gauge"',
    ],
    'a unit that does not end the name': [
      '# TYPE a gauge\n# UNIT a seconds\na 1\n',
      2,
      'expected a unit that ends the name of its metric family, found "seconds"',
    ],
    'a unit that ends the name without an underscore': [
      '# UNIT aseconds seconds\n',
      1,
      'expected a unit that ends the name of its metric family, found "seconds"',
    ],
    'a unit that is the name': [
      '# UNIT seconds seconds\n',
      1,
      'expected a unit that ends the name of its metric family, found "seconds"',
    ],
    'a unit with a blank after it': [
      '# UNIT a_seconds seconds \n',
      1,
      'expected a unit that ends the name of its metric family, found "seconds "',
    ],
    'a unit of an info': [
      '# TYPE a_b info\n# UNIT a_b b\n',
      2,
      'expected no unit of an info or stateset, found "b"',
    ],
    'a unit of a stateset, before its type': [
      '# UNIT a_b b\n# TYPE a_b stateset\n',
      1,
      'expected no unit of an info or stateset, found "b"',
    ],
    'a family that comes back': [
      '# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# TYPE a gauge\n',
      5,
      'expected each metric family once, with sample names that no other has, found "# TYPE a gauge"',
    ],
    'a family that comes back without metadata': [
      '# TYPE a gauge\na{c="d"} 1\n# TYPE b gauge\nb 1\na{c="e"} 1\n',
      5,
      'expected each metric family once, with sample names that no other has, found "a{c=\\"e\\"} 1"',
    ],
    'a family without metadata that comes back': [
      'a{c="d"} 1\nb 1\na{c="e"} 1\n',
      3,
      'expected each metric family once, with sample names that no other has, found "a{c=\\"e\\"} 1"',
    ],
    'a declared family that comes back without any sample': [
      '# TYPE a gauge\n# TYPE b gauge\n# TYPE a gauge\n',
      3,
      'expected each metric family once, with sample names that no other has, found "# TYPE a gauge"',
    ],
    'samples of a family apart from its metadata': [
      '# TYPE a counter\n# TYPE b gauge\nb 1\na_total 1\n',
      4,
      'expected each metric family once, with sample names that no other has, found "a_total 1"',
    ],
    'a name that another family needs for its samples': [
      '# TYPE a_created gauge\n# TYPE a counter\n',
      2,
      'expected each metric family once, with sample names that no other has, found "# TYPE a counter"',
    ],
    'a name that another family has needed': [
      '# TYPE a counter\na_total 1\n# TYPE a_total gauge\n',
      3,
      'expected each metric family once, with sample names that no other has, found "# TYPE a_total gauge"',
    ],
    'a sample without a suffix that its type needs': [
      '# TYPE a counter\na 1\n',
      2,
      'expected a name that ends in _total or _created, found "a 1"',
    ],
    'a family in quotes that comes back without them': [
      '# TYPE "a" gauge\na 1\nb 1\n{"a",c="d"} 1\n',
      4,
      'expected each metric family once, with sample names that no other has, found "{\\"a\\",c=\\"d\\"} 1"',
    ],
    'a sample with a suffix of another type': [
      '# TYPE a gaugehistogram\na_bucket{le="+Inf"} 1\na_count 1\n# TYPE a_count gauge\na_count 1\n',
      4,
      'expected the metadata of a metric family before its samples, found "# TYPE a_count gauge"',
    ],
  };
  it.each(Object.entries(cases))('%s', (_, [content, line, message]) => {
    expect(readOpenMetrics(`${content}# EOF\n`)).toMatchObject({
      result: { ok: false, reason: 'parse', place: `line ${line}`, message },
      rows: [],
    });
  });
});
describe('of the samples of a metric, there is refused', () => {
  const cases: Record<string, [content: string, line: number, message: string]> = {
    'samples of a metric apart': [
      '# TYPE a summary\na_count{b="c"} 1\na_count{b="d"} 1\na_sum{b="c"} 1\n',
      4,
      'expected the samples of a metric together, found "a_sum{b=\\"c\\"} 1"',
    ],
    'samples of a metric apart in another spelling': [
      '# TYPE a summary\na_sum{b="1",c="2"} 1\na_sum 1\na_count{c="2",b="1"} 1\n',
      4,
      'expected the samples of a metric together, found "a_count{c=\\"2\\",b=\\"1\\"} 1"',
    ],
    'points of a metric interleaved': [
      '# TYPE a summary\na_count 1 1\na_count 2 2\na_sum 1 1\na_sum 2 2\n',
      4,
      'expected the timestamps of a metric in ascending order, found "a_sum 1 1"',
    ],
    'metrics interleaved': [
      '# TYPE a gauge\na{b="c"} 1 1\na{b="d"} 1 1\na{b="c"} 1 2\n',
      4,
      'expected the samples of a metric together, found "a{b=\\"c\\"} 1 2"',
    ],
    'a descending timestamp': [
      '# TYPE a gauge\na 1 2\na 1 1\n',
      3,
      'expected the timestamps of a metric in ascending order, found "a 1 1"',
    ],
    'a timestamp that descends by a microsecond': [
      '# TYPE a gauge\na 1 1.000002\na 1 1.000001\n',
      3,
      'expected the timestamps of a metric in ascending order, found "a 1 1.000001"',
    ],
    'a descending negative timestamp': [
      '# TYPE a gauge\na 1 -1\na 1 -2\n',
      3,
      'expected the timestamps of a metric in ascending order, found "a 1 -2"',
    ],
    'a timestamp after none': [
      '# TYPE a gauge\na 1\na 1 1\n',
      3,
      'expected either all samples of a metric to have a timestamp, or none, found "a 1 1"',
    ],
    'none after a timestamp': [
      '# TYPE a gauge\na 1 1\na 1\n',
      3,
      'expected either all samples of a metric to have a timestamp, or none, found "a 1"',
    ],
    'a sample twice': [
      '# TYPE a gauge\na{b="c"} 1\na{b="c"} 1\n',
      3,
      'expected each sample once, found "a{b=\\"c\\"} 1"',
    ],
    'a sample twice in two spellings': [
      '# TYPE a gauge\na{b="c",d="e"} 1\na{d="e",b="c"} 1\n',
      3,
      'expected each sample once, found "a{d=\\"e\\",b=\\"c\\"} 1"',
    ],
    'a sample twice, once with an empty label': [
      'a 1\na{b=""} 1\n',
      2,
      'expected each sample once, found "a{b=\\"\\"} 1"',
    ],
    'a sample twice, once in quotes': [
      'a{b="c"} 1\n{"a","b"="c"} 1\n',
      2,
      'expected each sample once, found "{\\"a\\",\\"b\\"=\\"c\\"} 1"',
    ],
    'a sample twice, with another escape': [
      'a{b="\\z"} 1\na{b="\\\\z"} 1\n',
      2,
      'expected each sample once, found "a{b=\\"\\\\\\\\z\\"} 1"',
    ],
    'a total twice': [
      '# TYPE a counter\na_total 1\na_created 1\na_total 1\n',
      4,
      'expected each sample once, found "a_total 1"',
    ],
    'a quantile twice': [
      '# TYPE a summary\na{quantile="0.5"} 1\na{quantile="0.5"} 1\n',
      3,
      'expected each sample once, found "a{quantile=\\"0.5\\"} 1"',
    ],
    'a state twice': [
      '# TYPE a stateset\na{a="b"} 1\na{a="c"} 0\na{a="b"} 0\n',
      4,
      'expected each sample once, found "a{a=\\"b\\"} 0"',
    ],
    'an info twice': [
      '# TYPE a info\na_info{b="c"} 1\na_info{b="d"} 1\na_info{b="c"} 1\n',
      4,
      'expected each sample once, found "a_info{b=\\"c\\"} 1"',
    ],
  };
  it.each(Object.entries(cases))('%s', (_, [content, line, message]) => {
    expect(readOpenMetrics(`${content}# EOF\n`)).toMatchObject({
      result: { ok: false, reason: 'parse', place: `line ${line}`, message },
      rows: [],
    });
  });
});

it('a page may have as many metric families as samples', () => {
  const page = (families: number) =>
    Array.from({ length: families }, (_, index) => `# TYPE a${index} gauge\n`).join('');
  expect(readOpenMetrics(`${page(3)}# EOF\n`, 3).result).toMatchObject({ ok: true });
  expect(readOpenMetrics(`${page(4)}# EOF\n`, 3).result).toMatchObject({
    place: 'line 4',
    message: 'expected no more metric families than sample_limit, found "# TYPE a3 gauge"',
  });
});

it('a page may not have more samples than the limit', () => {
  expect(readOpenMetrics('a{b="c"} 1\na{b="d"} 1\n# EOF\n', 2).result).toMatchObject({ ok: true });
  expect(readOpenMetrics('a{b="c"} 1\na{b="d"} 1\na{b="e"} 1\n# EOF\n', 2)).toMatchObject({
    result: { ok: false, reason: 'sample_limit', message: 'the page has more than 2 samples' },
    rows: [],
  });
});
