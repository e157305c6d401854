import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Samples } from '../../core/derive/samples.ts';
import { createSamples } from '../../core/derive/samples.ts';
import { SeriesTable } from '../series-table.ts';
import { Page } from './page.ts';
import { textFormat } from './text.ts';

function reader(limit = 10_000) {
  const table = new SeriesTable({ limit, used: 0 });
  const into = createSamples();
  return {
    table,
    into,
    read(content: string) {
      const result = textFormat.parse({ page: Page.of(content), table, into, sampleLimit: 10_000 });
      const rows = rowsOf(table, into);
      const forgotten = result.ok ? table.commit(into) : [];
      return { result, rows, forgotten };
    },
  };
}

function rowsOf(table: SeriesTable, samples: Samples): unknown[] {
  return Array.from({ length: samples.length }, (_, row) => [
    table.keyOf(samples.series[row]!).toString(),
    samples.value[row]!,
    samples.time[row]!,
  ]);
}

/** What a page says when nothing is known of any page before. */
function readNaively(content: string) {
  const { result, rows } = reader().read(content);
  return { result, rows };
}

// Names that are prefixes of each other and of names with labels are where a careless comparison goes wrong.
const series = fc.constantFrom(
  'a',
  'ab',
  'a:b',
  'a{b="c"}',
  'a{b="cd"}',
  'a{b="c",}',
  'a {b="c"}',
  'ab{b="c"}',
  'a{b="c d"}',
  'a{b="c\n"}',
  'a{b=""}',
  'a{b="\\""}',
  '{"a"}',
  '{"a",b="c"}',
  '{"a",b="c",}',
  '{b="c","a"}',
  'abc{d="0123456789"}',
  'abc{d="0123456780"}',
  'abcd',
  'abcde',
  'b',
);
const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constantFrom('1', 'NaN', '+Inf', '0.5', '1 7', '2\t8 ', '', 'x', '1 x'),
);
const gap = fc.constantFrom(' ', ' ', ' ', ' ', '\t', '  ', '');
const line = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(series, gap, value).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.constantFrom('', '# c', '# TYPE a gauge', '# TYPE a x', ' ', ' a 1') },
);
const goodLine = fc.tuple(series, fc.constantFrom(' ', '  '), fc.integer()).map((parts) => parts.join(''));

type Edit = (lines: readonly string[]) => string[];
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(fc.nat(), goodLine).map(
    ([at, text]): Edit =>
      (lines) =>
        lines.toSpliced(at % (lines.length + 1), 0, text),
  ),
  fc.tuple(fc.nat(), line).map(
    ([at, text]): Edit =>
      (lines) =>
        lines.toSpliced(at % (lines.length + 1), 0, text),
  ),
  fc.nat().map(
    (at): Edit =>
      (lines) =>
        lines.toSpliced(at % (lines.length + 1), 1),
  ),
  fc.tuple(fc.nat(), goodLine).map(
    ([at, text]): Edit =>
      (lines) =>
        lines.toSpliced(at % (lines.length + 1), 1, text),
  ),
  fc.nat().map(
    (at): Edit =>
      (lines) => [...lines.slice(at % (lines.length + 1)), ...lines.slice(0, at % (lines.length + 1))],
  ),
  fc.constant<Edit>((lines) => lines.toReversed()),
  fc.constant<Edit>(() => []),
  fc.constant<Edit>((lines) => [...lines]),
);

describe('a page after other pages', () => {
  it('says what it says alone, whatever was inserted, removed, reordered or refused before', () => {
    fc.assert(
      fc.property(
        fc.array(goodLine, { maxLength: 12 }),
        fc.array(edit, { maxLength: 30 }),
        (first, edits) => {
          const { read } = reader();
          let lines = first;
          for (const apply of [(same: string[]) => same, ...edits]) {
            lines = apply(lines);
            const content = lines.join('\n');
            const { result, rows } = read(content);
            expect({ result, rows }).toEqual(readNaively(content));
            if (!result.ok) lines = first;
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('knows a series by the same number for as long as it keeps coming', () => {
    const { into, read } = reader();
    read('a 1\nb 2\nc 3\n');
    const [a, b, c] = into.series;
    read('c 4\nx 5\na 6\nb 7\n');
    expect([...into.series.subarray(0, 4)]).toEqual([c, expect.any(Number), a, b]);
  });

  it('leaves the table as it was when it is refused', () => {
    const { table, into, read } = reader();
    read('a 1\nb 2\n');
    const [a, b] = into.series;
    expect(read('new1 1\na 1\nnew2 2\nb oops\n').result.ok).toBe(false);
    expect(table.size).toBe(2);
    read('a 3\nb 4\n');
    expect([...into.series.subarray(0, 2)]).toEqual([a, b]);
    expect(into.value.subarray(0, 2)).toEqual(Float64Array.of(3, 4));
  });
});

describe('the table of series', () => {
  it('forgets a series that has been away for more than two pages', () => {
    const { table, read } = reader();
    read('a 1\nb 2\n');
    expect(read('a 1\n').forgotten).toEqual([]);
    expect(read('a 1\n').forgotten).toEqual([]);
    expect(read('a 1\n').forgotten).toHaveLength(1);
    expect(table.size).toBe(1);
  });

  it('does not count refused pages as absence', () => {
    const { table, read } = reader();
    read('a 1\n');
    for (let page = 0; page < 9; page++) read('oops');
    read('\n');
    expect(table.size).toBe(1);
  });

  it('takes no new series beyond the budget, and goes on with those it has', () => {
    const { table, read } = reader(2);
    expect(read('a 1\nb 2\nc 3\nd 4\n')).toMatchObject({
      result: { refused: 2 },
      rows: [
        ['a', 1, NaN],
        ['b', 2, NaN],
      ],
    });
    expect(read('c 5\na 6\nd 7\nb 8\n')).toMatchObject({
      result: { refused: 2 },
      rows: [
        ['a', 6, NaN],
        ['b', 8, NaN],
      ],
    });
    expect(table.size).toBe(2);
  });

  it('makes room at once where new series were refused and others are gone', () => {
    const { read } = reader(2);
    read('a 1\nb 2\n');
    expect(read('a 1\nc 3\n').result).toMatchObject({ refused: 1 });
    expect(read('a 1\nc 3\n').result).toMatchObject({ refused: 0 });
  });

  it('checks lines that it has no room for', () => {
    expect(reader(0).read('a 1\nb{ 2\n').result).toMatchObject({ ok: false, place: 'line 2' });
  });

  it('shares its budget with other tables, and gives it back', () => {
    const budget = { limit: 3, used: 0 };
    const one = new SeriesTable(budget);
    const two = new SeriesTable(budget);
    const into = createSamples();
    const parse = (table: SeriesTable, content: string) =>
      textFormat.parse({ page: Page.of(content), table, into, sampleLimit: 10 });
    parse(one, 'a 1\nb 1\n');
    expect(parse(two, 'a 1\nb 1\n')).toMatchObject({ refused: 1 });
    one.dispose();
    expect(budget.used).toBe(1);
    expect(parse(two, 'a 1\nb 1\n')).toMatchObject({ refused: 0 });
  });

  it('stays small when every page brings other series', () => {
    const { table, into, read } = reader();
    for (let page = 0; page < 200; page++) {
      const content = Array.from({ length: 100 }, (_, index) => `a{page="${page}",index="${index}"} 1`).join(
        '\n',
      );
      expect(read(content).rows).toEqual(readNaively(content).rows);
    }
    expect(table.size).toBe(300);
    // Numbers are used again, so that what is kept by number stays small too.
    expect(Math.max(...into.series.subarray(0, 100))).toBeLessThan(400);
  });
});
