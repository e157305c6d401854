import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPage } from './exposition.testing.ts';
import {
  Exposition,
  encodeExtraLabels,
  encodeLabels,
  formatBound,
  formatValue,
  NO_LABELS,
} from './exposition.ts';

const FAMILY = { name: 'queue_depth', type: 'gauge', help: 'Things that wait.' };

function page(format: 'text' | 'openmetrics', write: (out: Exposition) => void): string {
  const out = new Exposition(format);
  write(out);
  return out.finish().page.toString();
}

describe('a page', () => {
  it('names each family once, before its samples', () => {
    const text = page('text', (out) => {
      out.family(FAMILY);
      out.sample(encodeLabels([['queue', 'a']]), 1);
      out.sample(
        encodeLabels([
          ['queue', 'b'],
          ['kind', 'c'],
        ]),
        2.5,
      );
    });
    expect(text).toBe(
      '# HELP queue_depth Things that wait.\n# TYPE queue_depth gauge\nqueue_depth{queue="a"} 1\nqueue_depth{queue="b",kind="c"} 2.5\n',
    );
  });

  it('says nothing about a family without samples', () => {
    expect(page('text', (out) => out.family(FAMILY))).toBe('');
  });

  it('writes a column of samples, with a label more for each row', () => {
    const labels = [encodeLabels([['a', '1']]), encodeLabels([['a', '2']])];
    const extras = [encodeExtraLabels([['b', 'x']]), encodeExtraLabels([['b', 'y']])];
    const text = page('text', (out) => {
      out.family(FAMILY);
      out.column(labels, new Float64Array([0.5, 0]));
      out.column(labels, new Float64Array([1, 2]), extras);
    });
    expect(text.split('\n').slice(2, -1)).toEqual([
      'queue_depth{a="1"} 0.5',
      'queue_depth{a="2"} 0',
      'queue_depth{a="1",b="x"} 1',
      'queue_depth{a="2",b="y"} 2',
    ]);
  });

  it('grows with what is written, and may be written into the buffer of the page before', () => {
    const write = (out: Exposition) => {
      out.family(FAMILY);
      for (let i = 0; i < 5000; i++) out.sample(encodeLabels([['queue', `queue number ${i}`]]), i);
    };
    const first = new Exposition('text', Buffer.alloc(1));
    write(first);
    const { page: before, buffer } = first.finish();
    expect(readPage(before.toString())[0]!.samples).toHaveLength(5000);
    const second = new Exposition('text', buffer);
    second.family({ ...FAMILY, name: 'other' });
    second.sample(NO_LABELS, 7);
    expect(second.finish().page.toString()).toBe(
      '# HELP other Things that wait.\n# TYPE other gauge\nother 7\n',
    );
  });
});

describe('OpenMetrics', () => {
  it('ends with EOF, and names counters without the suffix of their samples', () => {
    const text = page('openmetrics', (out) => {
      out.family({ name: 'seen_total', type: 'counter', help: 'Seen.' });
      out.sample(NO_LABELS, 3);
    });
    expect(text).toBe('# HELP seen Seen.\n# TYPE seen counter\nseen_total 3\n# EOF\n');
  });

  it.each<[format: 'text' | 'openmetrics', help: string]>([
    ['text', 'a "quoted" \\\\ back\\nslash'],
    ['openmetrics', 'a \\"quoted\\" \\\\ back\\nslash'],
  ])('%s has its own escapes in HELP', (format, help) => {
    const text = page(format, (out) => {
      out.family({ ...FAMILY, help: 'a "quoted" \\ back\nslash' });
      out.sample(NO_LABELS, 1);
    });
    expect(text.split('\n')[0]).toBe(`# HELP queue_depth ${help}`);
  });

  it.each<[bound: number, text: string, openMetrics: string]>([
    [0.005, '0.005', '0.005'],
    [1, '1', '1.0'],
    [Infinity, '+Inf', '+Inf'],
    [1e21, '1e+21', '1e+21'],
  ])('writes the bound %f as a float', (bound, text, openMetrics) => {
    expect(formatBound(bound, 'text')).toBe(text);
    expect(formatBound(bound, 'openmetrics')).toBe(openMetrics);
  });
});

describe('a value', () => {
  it.each<[value: number, text: string]>([
    [0, '0'],
    [-0, '-0'],
    [1, '1'],
    [-1.5, '-1.5'],
    [0.1 + 0.2, '0.30000000000000004'],
    [1e21, '1e+21'],
    [5e-324, '5e-324'],
    [Number.MAX_VALUE, '1.7976931348623157e+308'],
    [Number.NaN, 'NaN'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
  ])('%f is %s', (value, text) => {
    expect(formatValue(value)).toBe(text);
    const line = page('text', (out) => {
      out.family(FAMILY);
      out.sample(NO_LABELS, value);
    }).split('\n')[2];
    expect(line).toBe(`queue_depth ${text}`);
  });

  it('reads back as the same float', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        const text = page('text', (out) => {
          out.family(FAMILY);
          out.sample(NO_LABELS, value);
        });
        return Object.is(readPage(text)[0]!.samples[0]!.value, value);
      }),
    );
  });
});

describe('a label value', () => {
  it('may be any text, and reads back as the same', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 3 }), (values) => {
        const pairs = values.map((value, index): [string, string] => [`l${index}`, value]);
        const text = page('text', (out) => {
          out.family(FAMILY);
          out.sample(encodeLabels(pairs), 1);
        });
        expect([...readPage(text)[0]!.samples[0]!.labels]).toEqual(pairs);
      }),
    );
  });
});
