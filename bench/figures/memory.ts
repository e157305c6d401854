/** What a scraped signal, or a bucket of one, costs in memory. */
import type { Figure, FigureModule, MeasureOptions, Row, Skipped } from '../figure.ts';
import { Child, HAS_PROC } from '../proc.ts';
import type { MemoryGrowth } from '../processes/memory-target.ts';
import type { SizedKind } from '../sized-pages.ts';
import { median } from '../stats.ts';

/** About 10,000, and a multiple of 64. */
const SERIES = 10_048;
const KINDS: readonly (readonly [kind: SizedKind, what: string])[] = [
  ['gauge', 'a gauge: one series, one signal'],
  ['rate', 'a rate: one series, one signal'],
  ['bucket', 'a bucket: one series, and a sixteenth of a signal with histogram_quantile'],
];

async function measure({ quick }: MeasureOptions): Promise<Figure | Skipped> {
  if (!HAS_PROC) return { skipped: 'it needs /proc, that is Linux' };
  const rows: Row[] = [];
  for (const [kind, what] of KINDS) {
    const grown: MemoryGrowth[] = [];
    for (let round = 0; round < (quick ? 1 : 5); round++) {
      const { child, ready } = await Child.fork<MemoryGrowth>('memory-target.ts', [kind, String(SERIES)]);
      await using _child = child;
      grown.push(ready);
    }
    const bytes = (of: keyof MemoryGrowth) => Math.round(median(grown.map((growth) => growth[of])) / SERIES);
    rows.push({
      what,
      cells: { 'resident bytes': bytes('residentBytes'), 'of heap and buffers, bytes': bytes('ownBytes') },
    });
  }
  return { rows, ratios: [], remarks: [] };
}

export default {
  title: 'Memory of a signal',
  method: `A process takes three pages of 10,048 series of one kind, four metrics of many model versions with five labels each, as the
figure on parsing does. The growth of its memory from before the first of them, after forced garbage collections, is divided by the
number of series. In it are the table of series with their keys (about 100 bytes each), the way from a series to its signal, what a
derivation remembers, and the signals with their model versions; not the store, whose rows are the records of signals and derivations. What
is resident grows by less where memory was free already. The median of five processes.`,
  measure,
} satisfies FigureModule;
