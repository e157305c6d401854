import { describe, expect, it } from 'vitest';
import { readOpenMetrics } from './text.testing.ts';

describe('as an exemplar of OpenMetrics, there is refused', () => {
  const cases: Record<string, [content: string, line: number, message: string]> = {
    'a number sign alone': [
      '# TYPE a counter\na_total 1 #\n',
      2,
      'expected the end of the line or an exemplar that begins with "# {", found "#"',
    ],
    'no space before the number sign': [
      '# TYPE a counter\na_total 1# {} 1\n',
      2,
      'expected a number, found "1# {} 1"',
    ],
    'no space after the number sign': [
      '# TYPE a counter\na_total 1 #{} 1\n',
      2,
      'expected the end of the line or an exemplar that begins with "# {", found "#{} 1"',
    ],
    'no labels': [
      '# TYPE a counter\na_total 1 # 1\n',
      2,
      'expected the end of the line or an exemplar that begins with "# {", found "# 1"',
    ],
    'a timestamp after the number sign': [
      '# TYPE a counter\na_total 1 # 1 {} 1\n',
      2,
      'expected the end of the line or an exemplar that begins with "# {", found "# 1 {} 1"',
    ],
    'labels that are never closed': [
      '# TYPE a counter\na_total 1 # {b="c" 1\n',
      2,
      'expected "," or "}", found " 1"',
    ],
    'no value': [
      '# TYPE a counter\na_total 1 # {}\n',
      2,
      'expected one space and the value of the exemplar, found the end of the line',
    ],
    'no space before the value': [
      '# TYPE a counter\na_total 1 # {}1\n',
      2,
      'expected one space and the value of the exemplar, found "1"',
    ],
    'two spaces before the value': [
      '# TYPE a counter\na_total 1 # {}  1\n',
      2,
      'expected a value, found " 1"',
    ],
    'a value that is no number': ['# TYPE a counter\na_total 1 # {} x\n', 2, 'expected a number, found "x"'],
    'a space after the value': [
      '# TYPE a counter\na_total 1 # {} 1 \n',
      2,
      'expected a timestamp in seconds, found the end of the line',
    ],
    'a space after the timestamp': [
      '# TYPE a counter\na_total 1 # {} 1 1 \n',
      2,
      'expected the end of the line, found " "',
    ],
    'a timestamp that is not a number': [
      '# TYPE a counter\na_total 1 # {} 1 NaN\n',
      2,
      'expected a timestamp in seconds, found "NaN"',
    ],
    'an infinite timestamp': [
      '# TYPE a counter\na_total 1 # {} 1 Inf\n',
      2,
      'expected a timestamp in seconds, found "Inf"',
    ],
    'a second exemplar': [
      '# TYPE a counter\na_total 1 # {} 1 1 # {} 1\n',
      2,
      'expected the end of the line, found " # {} 1"',
    ],
    'a second exemplar after one without a timestamp': [
      '# TYPE a counter\na_total 1 # {} 1 # {} 1\n',
      2,
      'expected a number, found "# {} 1"',
    ],
    'a label twice': [
      '# TYPE a counter\na_total 1 # {b="c",b="d"} 1\n',
      2,
      'expected each label once, found "b=\\"d\\"} 1"',
    ],
    'a metric name': ['# TYPE a counter\na_total 1 # {"b"} 1\n', 2, 'expected "=", found "} 1"'],
    'a trailing comma': [
      '# TYPE a counter\na_total 1 # {b="c",} 1\n',
      2,
      'expected a label name, found "} 1"',
    ],
    'labels of 129 characters': [
      `# TYPE a counter\na_total 1 # {b="${'x'.repeat(128)}"} 1\n`,
      2,
      'expected labels of at most 128 characters in all, found "{b=\\"xxxxxxxxxxxxxxxxxxxx…"',
    ],
    'labels of 129 characters, several of them': [
      `# TYPE a counter\na_total 1 # {b="${'x'.repeat(64)}",cd="${'y'.repeat(62)}"} 1\n`,
      2,
      'expected labels of at most 128 characters in all, found "{b=\\"xxxxxxxxxxxxxxxxxxxx…"',
    ],
    'labels of 129 characters outside of ASCII': [
      `# TYPE a counter\na_total 1 # {b="${'é'.repeat(128)}"} 1\n`,
      2,
      'expected labels of at most 128 characters in all, found "{b=\\"\\xc3\\xa9\\xc3\\xa9\\xc3\\xa9\\xc3\\xa9\\xc3\\xa9\\xc3\\xa9\\xc3\\xa9\\xc3\\xa9\\xc3\\xa9\\xc3\\xa9…"',
    ],
    'one on a gauge': [
      '# TYPE a gauge\na 1 # {} 1\n',
      2,
      'expected no exemplar but on totals and buckets, found "# {} 1"',
    ],
    'one on a sample without metadata': [
      'a_total 1 # {} 1\n',
      1,
      'expected no exemplar but on totals and buckets, found "# {} 1"',
    ],
    'one on the time of creation': [
      '# TYPE a counter\na_total 1\na_created 1 # {} 1\n',
      3,
      'expected no exemplar but on totals and buckets, found "# {} 1"',
    ],
    'one on a sum': [
      '# TYPE a histogram\na_bucket{le="+Inf"} 1\na_count 1\na_sum 1 # {} 1\n',
      4,
      'expected no exemplar but on totals and buckets, found "# {} 1"',
    ],
    'one on a count': [
      '# TYPE a histogram\na_bucket{le="+Inf"} 1\na_count 1 # {} 1\na_sum 1\n',
      3,
      'expected no exemplar but on totals and buckets, found "# {} 1"',
    ],
    'one on a quantile': [
      '# TYPE a summary\na{quantile="0.5"} 1 # {} 1\n',
      2,
      'expected no exemplar but on totals and buckets, found "# {} 1"',
    ],
    'one on an info': [
      '# TYPE a info\na_info{b="c"} 1 # {} 1\n',
      2,
      'expected no exemplar but on totals and buckets, found "# {} 1"',
    ],
    'one on a state': [
      '# TYPE a stateset\na{a="b"} 1 # {} 1\n',
      2,
      'expected no exemplar but on totals and buckets, found "# {} 1"',
    ],
    'a value above its bucket': [
      '# TYPE a histogram\na_bucket{le="1"} 1 # {} 1.5\na_bucket{le="+Inf"} 1\n',
      2,
      'expected an exemplar that lies in its bucket, up to 1, found "# {} 1.5"',
    ],
    'a value that is not a number in a bucket': [
      '# TYPE a histogram\na_bucket{le="+Inf"} 1 # {} NaN\n',
      2,
      'expected an exemplar that lies in its bucket, up to +Inf, found "# {} NaN"',
    ],
  };
  it.each(Object.entries(cases))('%s', (_, [content, line, message]) => {
    expect(readOpenMetrics(`${content}# EOF\n`)).toMatchObject({
      result: { ok: false, reason: 'parse', place: `line ${line}`, message },
      rows: [],
    });
  });
});

describe('as an exemplar of OpenMetrics, there is taken and left', () => {
  const cases: Record<string, string> = {
    'one without labels': '# TYPE a counter\na_total 1 # {} 0.5\n',
    'one with labels, its own timestamp, and one of the sample':
      '# TYPE a counter\na_total 1 12.5 # {b="c",d="e"} 0.5 13.25\n',
    'one with any number on a total': '# TYPE a counter\na_total 1 # {} NaN -1e3\n',
    'one on a total with labels': '# TYPE a counter\na_total{b="# {"} 1 # {b="# {} 1"} 0.5\n',
    'one with a label name in quotes': '# TYPE a counter\na_total 1 # {"b.c"="d"} 0.5\n',
    'one on each bucket': '# TYPE a histogram\na_bucket{le="1"} 1 # {} 1\na_bucket{le="+Inf"} 1 # {} 1e9\n',
    'one on a bucket of a gauge histogram':
      '# TYPE a gaugehistogram\na_bucket{le="-1"} 1 # {} -2\na_bucket{le="+Inf"} 1\n',
    'labels of 128 characters': `# TYPE a counter\na_total 1 # {b="${'x'.repeat(63)}",cd="${'y'.repeat(62)}"} 1\n`,
    'labels of 128 characters outside of ASCII': `# TYPE a counter\na_total 1 # {b="${'😀'.repeat(127)}"} 1\n`,
    'labels of 128 characters with escapes, each of them one': `# TYPE a counter\na_total 1 # {"\\""="${String.raw`\n\\\"`.repeat(42)}x"} 1\n`,
  };
  it.each(Object.entries(cases))('%s', (_, content) => {
    expect(readOpenMetrics(`${content}# EOF\n`).result).toEqual({ ok: true, refused: 0 });
  });
});
