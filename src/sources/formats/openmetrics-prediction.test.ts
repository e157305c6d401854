import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSamples } from '../../core/derive/samples.ts';
import { SeriesTable } from '../series-table.ts';
import { openMetricsFormat } from './openmetrics.ts';
import { Page } from './page.ts';
import { textFormat } from './text.ts';

function reader(limit = 10_000) {
  const table = new SeriesTable({ limit, used: 0 });
  const into = createSamples();
  return {
    table,
    read(content: string, format = openMetricsFormat) {
      const result = format.parse({ page: Page.of(content), table, into, sampleLimit: 10_000 });
      const rows = Array.from({ length: into.length }, (_, row) => [
        table.keyOf(into.series[row]!).toString(),
        into.value[row]!,
        into.time[row]!,
      ]);
      if (result.ok) table.commit(into);
      return { result, rows };
    },
  };
}

/** What a page says when nothing is known of any page before. */
const readNaively = (content: string, format = openMetricsFormat) => reader().read(content, format);

// The same names under several types, in several spellings: what was remembered of them must not outlive its reason.
const blocks: Record<string, readonly string[]> = {
  counter: ['a_total 1\na_created 1', 'a_total{b="c"} 1', 'a_total{b="d"} 1 # {} 1'],
  gauge: ['a 1', 'a{b="c"} 2', 'a{b="c",d="e"} -1', 'a{b="f"} 1 1\na{b="f"} 1 2'],
  histogram: [
    'a_bucket{le="1"} 1\na_bucket{le="+Inf"} 2\na_sum 1\na_count 2',
    'a_bucket{b="c",le="+Inf"} 1',
    'a_bucket{b="d",le="-1"} 1\na_bucket{le="+Inf",b="d"} 1\na_created{b="d"} 1',
  ],
  summary: ['a{quantile="0.5"} 1\na{quantile="1"} 2', 'a{quantile="0.5",b="c"} 1', 'a_sum{b="d"} 1'],
  stateset: ['a{a="x"} 1\na{a="y"} 0', 'a{a="x",b="c"} 1'],
  info: ['a_info{b="c"} 1', 'a_info 1'],
};
const oddLines = [
  ...[
    '# HELP a b',
    '# TYPE a_total gauge',
    'a_total 1',
    'a_bucket 1',
    '{"a"} 1',
    '{"a",b="c"} 1',
    'b 1',
    'ab 1',
  ],
  ...[
    'a{d="e",b="c"} 1',
    'a{quantile="0.50"} 1',
    'a_bucket{le="1.0"} 1',
    'a_bucket{le="+Inf"} 0',
    'a -1',
    'a 1 1',
  ],
  ...['', ' 1', ' a 1', 'a  1', 'a 1 ', 'a{b="c",} 1', 'a {b="c"} 1', 'a{ b="c"} 1', '# EOF', 'a x'],
];
const block = fc
  .tuple(fc.constantFrom(...Object.keys(blocks)), fc.constantFrom('a', 'a', 'b', 'c'))
  .chain(([type, name]) =>
    fc
      .subarray([...blocks[type]!], { minLength: 1 })
      .map((chunks) => `# TYPE a ${type}\n${chunks.join('\n')}`.replace(/\ba(?=[_{ =])/g, name).split('\n')),
  );
const anyLine = fc.oneof(
  fc.constantFrom(...oddLines),
  fc.constantFrom(...Object.values(blocks).flat()).chain((chunk) => fc.constantFrom(...chunk.split('\n'))),
);
const pageLines = fc.array(block, { maxLength: 3 }).map((parts) => parts.flat());

type Edit = (page: readonly string[]) => string[];
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(fc.nat(), anyLine).map(
    ([at, text]): Edit =>
      (page) =>
        page.toSpliced(at % (page.length + 1), 0, text),
  ),
  fc.nat().map(
    (at): Edit =>
      (page) =>
        page.toSpliced(at % (page.length + 1), 1),
  ),
  fc.tuple(fc.nat(), anyLine).map(
    ([at, text]): Edit =>
      (page) =>
        page.toSpliced(at % (page.length + 1), 1, text),
  ),
  block.map(
    (added): Edit =>
      (page) => [...page, ...added],
  ),
  pageLines.map(
    (page): Edit =>
      () =>
        page,
  ),
  fc.constant<Edit>((page) => page.toReversed()),
  fc.constant<Edit>((page) => [...page]),
);

describe('a page after other pages', () => {
  it('says what it says alone, whatever came before, was refused, or was of the text format', () => {
    let taken = 0;
    fc.assert(
      fc.property(
        pageLines,
        fc.array(fc.tuple(edit, fc.constantFrom('openmetrics', 'openmetrics', 'openmetrics', 'text')), {
          maxLength: 30,
        }),
        (first, steps) => {
          const { read } = reader();
          let page: string[] = first;
          for (const [apply, kind] of steps) {
            const next = apply(page);
            const format = kind === 'text' ? textFormat : openMetricsFormat;
            const content = [...next, '# EOF\n'].join('\n');
            const said = read(content, format);
            expect(said).toEqual(readNaively(content, format));
            if (said.result.ok) {
              page = next;
              if (said.rows.length > 1) taken++;
            }
          }
        },
      ),
      { numRuns: 1000 },
    );

    expect(taken).toBeGreaterThan(300);
  });

  it('checks a series that only the text format has brought', () => {
    const { read } = reader();
    read('a{b="c",} 1\n# EOF\n', textFormat);
    expect(read('a{b="c",} 1\n# EOF\n').result).toMatchObject({
      message: 'expected a label name, found "} 1"',
    });
  });

  it('does not take what it knew of a series for what another format has put in its place', () => {
    const { table, read } = reader();
    read('a 1\n# EOF\n');
    for (let page = 0; page < 4; page++) read('b{c="d",} 1\n', textFormat);
    expect(table.size).toBe(1);
    expect(read('b{c="d",} 1\n# EOF\n').result).toMatchObject({ ok: false });
  });

  it('does not take a line of a value alone for a series that is forgotten', () => {
    const { read } = reader();
    read('a 1\nb 2\n# EOF\n');
    for (let page = 0; page < 4; page++) read('a 1\n# EOF\n');
    expect(read('a 1\n 2\n# EOF\n').result).toMatchObject({ ok: false, place: 'line 2' });
  });

  it('follows a family that changes its type', () => {
    const { read } = reader();
    expect(read('# TYPE a gauge\na -1\n# EOF\n').result).toMatchObject({ ok: true });
    expect(read('# TYPE a summary\na -1\n# EOF\n').result).toMatchObject({ ok: false, place: 'line 2' });
    expect(read('a -1\n# EOF\n').result).toMatchObject({ ok: true });
  });

  it('checks series that there is no room for, on every page', () => {
    const { read } = reader(1);
    const page = '# TYPE a counter\na_total{b="1"} 1\na_total{b="2"} 2\n';
    for (let count = 0; count < 3; count++) {
      expect(read(`${page}# EOF\n`).result).toEqual({ ok: true, refused: 1 });
      expect(read(`${page}a_total{b="2"} 2\n# EOF\n`).result).toMatchObject({ ok: false, place: 'line 4' });
      expect(read(`${page}a_total{b="3"} -2\n# EOF\n`).result).toMatchObject({ ok: false, place: 'line 4' });
    }
  });

  it('is read alike when it brings so many other series that what was remembered is dropped', () => {
    const { table, read } = reader();
    for (let round = 0; round < 60; round++) {
      const content = [
        `# TYPE h${round} histogram`,
        ...Array.from({ length: 200 }, (_, index) => `h${round}_bucket{b="${index}",le="+Inf"} 1`),
        '# TYPE kept counter',
        'kept_total 1',
        '# EOF\n',
      ].join('\n');
      expect(read(content).result).toEqual({ ok: true, refused: 0 });
      expect(read(content.replace('kept_total 1', 'kept_total -1')).result).toMatchObject({
        place: 'line 203',
      });
    }
    expect(table.size).toBe(601);
  });
});
