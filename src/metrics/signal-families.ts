/** The families with one series per signal: most of the page, so values go through columns of numbers. */
import { viewOf } from '../core/detectors/index.ts';
import { DRIFT_SINCE, EMA, SAMPLES, TIME, VALUE } from '../core/signal.ts';
import { isDrifting, isStale } from '../core/signals.ts';
import type { Signal } from '../core/world.ts';
import type { Exposition, FamilyHeader } from './exposition.ts';
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
  const signals: Signal[] = [];
  for (const signal of source.world.signals) if (signal && signal.record[SAMPLES]! > 0) signals.push(signal);
  const labels = signals.map((signal) => cache.ofSignal(signal));
  const views = signals.map(({ rule, record }) => viewOf(rule.detector, record));

  const values = new Float64Array(signals.length);
  const column = (read: (signal: Signal, index: number) => number): Float64Array => {
    for (let index = 0; index < values.length; index++) values[index] = read(signals[index]!, index);
    return values;
  };
  const write = (family: FamilyHeader, read: (signal: Signal, index: number) => number): void => {
    out.family(family);
    out.column(labels, column(read));
  };

  write(table.signalValue, ({ record }) => record[VALUE]!);
  write(table.signalEma, ({ record }) => record[EMA]!);
  const thresholds = column((_, index) => views[index]!.threshold);
  const bounds = views.map(({ bound }) => BOUND_LABELS[bound]);
  out.family(table.signalThreshold);
  out.column(labels, thresholds, bounds);
  write(table.signalSamples, ({ record }) => record[SAMPLES]!);
  write(table.signalLastSample, ({ record }) => record[TIME]! / 1000);
  write(table.signalStale, (signal) => Number(isStale(signal, at)));
  write(table.breach, ({ record, rule }, index) => {
    // The first `warm_up` samples are not judged.
    if (record[SAMPLES]! <= rule.warmUp) return 0;
    const { bound, threshold } = views[index]!;
    return Number(bound === 'below' ? record[EMA]! < threshold : record[EMA]! > threshold);
  });
  write(table.drift, (signal) => Number(isDrifting(signal)));
  out.family(table.driftSince);
  signals.forEach((signal, index) => {
    if (isDrifting(signal)) out.sample(labels[index]!, signal.record[DRIFT_SINCE]! / 1000);
  });
  writeCounts(out, source, signals);
}

function writeCounts(out: Exposition, source: MetricsSource, signals: readonly Signal[]): void {
  const counts = new Map<string, number>();
  for (const { metric } of source.config.judge.rules) counts.set(metric, 0);
  for (const { metric } of signals) counts.set(metric, (counts.get(metric) ?? 0) + 1);
  out.family(table.metricSignals);
  for (const [metric, count] of counts) out.sample(encodeLabels([['metric', metric]]), count);
}
