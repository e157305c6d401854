/** The families with one series per signal: most of the page, so values go through columns of numbers. */
import { viewOf } from '../core/detectors/index.ts';
import { DRIFT_SINCE, EMA, SAMPLES, TIME, VALUE } from '../core/signal.ts';
import { hasSamples, isDrifting, isStale } from '../core/signals.ts';
import { signalCounts } from '../core/unmatched.ts';
import type { Signal } from '../core/world.ts';
import type { EncodedLabels, Exposition, FamilyHeader } from './exposition.ts';
import { encodeExtraLabels, encodeLabels } from './exposition.ts';
import type { LabelCache } from './label-cache.ts';
import type { MetricsSource } from './source.ts';
import * as table from './table.ts';

const BOUND_LABELS = {
  below: encodeExtraLabels([['bound', 'below']]),
  above: encodeExtraLabels([['bound', 'above']]),
};

export function writeSignals(out: Exposition, source: MetricsSource, cache: LabelCache): void {
  const at = source.now();
  // One without samples has nothing to show.
  const signals = source.world.signals.filter(
    (signal) => signal !== undefined && hasSamples(signal),
  ) as Signal[];
  const labels = signals.map((signal) => cache.ofSignal(signal));
  const bounds: EncodedLabels[] = [];
  const columns = createColumns(signals.length);
  for (const [row, signal] of signals.entries()) {
    const { record, rule } = signal;
    const { bound, threshold } = viewOf(rule.detector, record);
    const ema = record[EMA]!;
    bounds.push(BOUND_LABELS[bound]);
    columns.value[row] = record[VALUE]!;
    columns.ema[row] = ema;
    columns.threshold[row] = threshold;
    columns.samples[row] = record[SAMPLES]!;
    columns.lastSample[row] = record[TIME]! / 1000;
    columns.stale[row] = isStale(signal, at) ? 1 : 0;
    // The first `warm_up` samples are not judged.
    const judged = record[SAMPLES]! > rule.warmUp;
    columns.breach[row] = judged && (bound === 'below' ? ema < threshold : ema > threshold) ? 1 : 0;
    columns.drift[row] = isDrifting(signal) ? 1 : 0;
  }
  const write = (family: FamilyHeader, values: Float64Array, extras?: readonly EncodedLabels[]): void => {
    out.family(family);
    out.column(labels, values, extras);
  };
  write(table.signalValue, columns.value);
  write(table.signalEma, columns.ema);
  write(table.signalThreshold, columns.threshold, bounds);
  write(table.signalSamples, columns.samples);
  write(table.signalLastSample, columns.lastSample);
  write(table.signalStale, columns.stale);
  write(table.breach, columns.breach);
  write(table.drift, columns.drift);
  out.family(table.driftSince);
  for (const [row, signal] of signals.entries()) {
    if (columns.drift[row] === 1) out.sample(labels[row]!, signal.record[DRIFT_SINCE]! / 1000);
  }
  writeCounts(out, source);
}

/** Every number of the page, filled in one pass: a signal's record is read once. */
function createColumns(rows: number) {
  return {
    value: new Float64Array(rows),
    ema: new Float64Array(rows),
    threshold: new Float64Array(rows),
    samples: new Float64Array(rows),
    lastSample: new Float64Array(rows),
    stale: new Float64Array(rows),
    breach: new Float64Array(rows),
    drift: new Float64Array(rows),
  };
}

function writeCounts(out: Exposition, { world }: MetricsSource): void {
  out.family(table.metricSignals);
  for (const [metric, count] of signalCounts(world)) out.sample(encodeLabels([['metric', metric]]), count);
}
