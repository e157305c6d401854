import { describe, expect, it } from 'vitest';
import { acceptHeader, formatOf } from './index.ts';
import { Page } from './page.ts';
import { pageOf, TYPE } from './protobuf.testing.ts';

describe('the Accept header', () => {
  it('is that of a Prometheus 3', () => {
    expect(acceptHeader({ nativeHistograms: false })).toBe(
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
    );
  });

  it('is that of a Prometheus 3 which scrapes native histograms', () => {
    expect(acceptHeader({ nativeHistograms: true })).toBe(
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1',
    );
  });
});

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
const PROTOBUF =
  'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';
const PLAIN = '# HELP a Help.\n# TYPE a gauge\na{b="c"} 1\n';
const COUNTER = '# HELP a Help.\n# TYPE a counter\n# UNIT a s\na_total 1\n# TYPE b gauge\nb 2\n';
const protobuf = pageOf({ name: 'a', help: 'x', type: TYPE.gauge, metric: [{ gauge: { value: 1 } }] });

describe('the format of a page', () => {
  const cases: Record<string, [contentType: string, body: string | Uint8Array, format: string]> = {
    'is text where that was said': [TEXT, PLAIN, 'text'],
    'is text where that was said and the body is empty': [TEXT, '', 'text'],
    'is OpenMetrics where that was said': [OPEN_METRICS, `${PLAIN}# EOF\n`, 'openmetrics'],
    'is protobuf where that was said': [PROTOBUF, protobuf, 'protobuf'],
    'is protobuf where that was said and the body is empty': [PROTOBUF, '', 'protobuf'],
    'is protobuf where that was said, without parameters': [
      'application/vnd.google.protobuf',
      '',
      'protobuf',
    ],
    'is what was said in capitals, with blanks and quotes': [
      ' Application/Vnd.Google.Protobuf ;\tPROTO="io.prometheus.client.MetricFamily"; Encoding="delim\\ited" ',
      '',
      'protobuf',
    ],
    'is what was said, whatever its version': [
      'application/openmetrics-text;version=2.0.0',
      '',
      'openmetrics',
    ],
    'is text where nothing was said': ['', PLAIN, 'text'],
    'is text where nothing was said and the body is empty': ['', '', 'text'],
    'is text where a web page was said': ['text/html', '<html>', 'text'],
    'is text where JSON was said': ['application/json', '{}', 'text'],
    'is text where a type was said that only begins as another': [
      'application/openmetrics-text-2',
      PLAIN,
      'text',
    ],
    'is text where the content type makes no sense': [';;="', PLAIN, 'text'],

    'is protobuf where the body is, though text was said': [TEXT, protobuf, 'protobuf'],
    'is protobuf where the body is, though OpenMetrics was said': [OPEN_METRICS, protobuf, 'protobuf'],
    'is protobuf where the body is, though nothing was said': ['', protobuf, 'protobuf'],
    'is protobuf where the body is, though another encoding was said': [
      'application/vnd.google.protobuf; encoding=text',
      protobuf,
      'protobuf',
    ],
    'is text where the body only begins a little like protobuf': [TEXT, '#\n# TYPE a gauge\n', 'text'],
    'is text where a line of a blank is followed by an empty one': [
      TEXT,
      ' \n\naaaa{bbbb="cccccccccc"} 1\n',
      'text',
    ],
    'is text where the second byte is a line break': [TEXT, 'a\n', 'text'],

    'is OpenMetrics by a unit, though text was said': [TEXT, '# UNIT a_s s\na_s 1\n# EOF\n', 'openmetrics'],
    'is OpenMetrics by a type, though nothing was said': [
      '',
      '# TYPE a unknown\na 1\n# EOF\n',
      'openmetrics',
    ],
    'is OpenMetrics by a type, though JSON was said': [
      'application/json',
      '# TYPE a info\na_info{b="c"} 1\n# EOF',
      'openmetrics',
    ],
    'is OpenMetrics by an exemplar': ['', 'a_total{b="c"} 1 # {d="e"} 2\n# EOF\n', 'openmetrics'],
    'is OpenMetrics by an exemplar after a time': ['', 'a_total 1 2 # {d="e"} 2\n# EOF\n', 'openmetrics'],
    'is OpenMetrics by a fraction of a second': ['', 'a{b="c d"} 1 1700000000.5\n# EOF\n', 'openmetrics'],
    'is text where # EOF is a comment like any other': [TEXT, `${PLAIN}# EOF\n`, 'text'],
    'is text where what looks like an exemplar is within a value': ['', 'a{b="1 # {c"} 1\n# EOF\n', 'text'],
    'is text where what looks like a time is a value': ['', 'a{b="c d"} 1.5\n# EOF\n', 'text'],
    'is text where # EOF does not end it': ['', '# UNIT a s\n# EOF\na 1\n', 'text'],
    'is text where its last line only ends in # EOF': ['', '# UNIT a s\n## EOF\n', 'text'],

    'is text by a blank line, though OpenMetrics was said': [OPEN_METRICS, `${PLAIN}\n${PLAIN}`, 'text'],
    'is text by an untyped metric, though OpenMetrics was said': [
      OPEN_METRICS,
      '# TYPE a untyped\na 1\n',
      'text',
    ],
    'is text by a comment, though OpenMetrics was said': [OPEN_METRICS, `# Hello.\n${PLAIN}`, 'text'],
    'is text by a counter, though OpenMetrics was said': [
      OPEN_METRICS,
      '# HELP a_total Help.\n# TYPE a_total counter\na_total{b="c"} 1\n',
      'text',
    ],
    'is OpenMetrics, and broken, where nothing shows that it is text': [OPEN_METRICS, PLAIN, 'openmetrics'],
    'is OpenMetrics, and broken, where its end is not the end': [
      OPEN_METRICS,
      `${PLAIN}# EOF\n${PLAIN}`,
      'openmetrics',
    ],
    'is OpenMetrics with # EOF, however little of it is right': [
      OPEN_METRICS,
      '\n# Hello.\n# EOF',
      'openmetrics',
    ],
  };
  it.each(Object.entries(cases))('%s', (_, [contentType, body, format]) => {
    expect(formatOf(contentType, Page.of(body))).toMatchObject({ name: format });
  });

  it('is never text where a page of OpenMetrics was cut short', () => {
    const whole = `${COUNTER}# EOF\n`;
    for (let length = 0; length < whole.length; length++) {
      expect([length, formatOf(OPEN_METRICS, Page.of(whole.slice(0, length)))]).toMatchObject([
        length,
        { name: 'openmetrics' },
      ]);
    }
  });

  const refusals: Record<string, string> = {
    'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=text':
      'content type: expected encoding=delimited, found text',
    'application/vnd.google.protobuf; proto="a.\nB"; encoding=delimited':
      'content type: expected proto=io.prometheus.client.MetricFamily, found a. B',
  };
  it.each(Object.entries(refusals))('is refused: %j', (contentType, refusal) => {
    expect(formatOf(contentType, Page.of('name: "a"'))).toEqual({ refusal });
  });

  it('is found in time that does not grow with the square', () => {
    for (const part of ['a', '} 1', '} ', 'a ', '# TYPE a counter\n', '\n#', ' # {', '} 1.1 ']) {
      const body = part.repeat(1_000_000);
      expect(formatOf(OPEN_METRICS, Page.of(body))).toHaveProperty('name');
      expect(formatOf(TEXT, Page.of(`${body}\n# EOF\n`))).toHaveProperty('name');
    }
  });
});
