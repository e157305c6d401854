/** `metrics`, parsed: a rule for each entry, and an input for each that is scraped. */
import type { Rule, Smoothing } from '../../core/rule.ts';
import { parseSelector } from '../../selector/parse.ts';
import type { MetricInput } from '../config.ts';
import { DEFAULTS } from '../defaults.ts';
import type { RawMetric } from '../schema/metrics.ts';
import { canonicalJson } from './canonical-json.ts';
import { toMs } from './values.ts';

export function toInput(raw: RawMetric, entry: number): MetricInput | null {
  if (!raw.from) return null;
  const parsed = parseSelector(raw.from.gauge);
  if (!parsed.ok) throw new Error(`a selector came through validation that is none: ${parsed.message}`);
  return {
    entry,
    metric: raw.name,
    models: raw.models ?? [],
    from: {
      kind: 'gauge',
      selector: parsed.selector,
      scale: raw.from.scale ?? 1,
      aggregate: raw.from.aggregate ?? null,
    },
  };
}

export function toRule(
  raw: RawMetric,
  { entry, input, longestGapMs }: { entry: number; input: MetricInput | null; longestGapMs: number },
): Rule {
  const smoothing = toSmoothing(raw.smoothing);
  const warmUp = raw.smoothing?.warm_up ?? DEFAULTS.warmUp;
  const detector = toDetector(raw.drift);
  const forMs = toMs(raw.drift.for, DEFAULTS.forMs);
  const minSamples = raw.drift.min_samples ?? DEFAULTS.minSamples;
  const keepFiringForMs = toMs(raw.drift.keep_firing_for, DEFAULTS.keepFiringForMs);
  const ttlMs = toMs(raw.ttl, DEFAULTS.ttlMs);
  const staleAfterMs = input
    ? Math.max(DEFAULTS.staleAfterMs, DEFAULTS.staleIntervals * longestGapMs)
    : ttlMs;
  return {
    metric: raw.name,
    entry,
    models: raw.models ?? [],
    pushed: input === null,
    smoothing,
    warmUp,
    detector,
    forMs,
    minSamples,
    keepFiringForMs,
    action: raw.action ?? 'flag',
    staleAfterMs: toMs(raw.stale_after, staleAfterMs),
    ttlMs,
    inputFingerprint: canonicalJson({ from: input && sourceOf(input), smoothing, warmUp }),
    judgeFingerprint: canonicalJson({ detector, forMs, minSamples, keepFiringForMs }),
  };
}

function toSmoothing(raw: RawMetric['smoothing']): Smoothing {
  return raw?.half_life === undefined
    ? { kind: 'alpha', alpha: raw?.alpha ?? DEFAULTS.alpha }
    : { kind: 'half_life', halfLifeMs: toMs(raw.half_life, 0) };
}

function toDetector({ below, above, clear }: RawMetric['drift']): Rule['detector'] {
  const bound = below === undefined ? 'above' : 'below';
  const threshold = below ?? above;
  if (threshold === undefined) throw new Error('a drift came through validation without a threshold');
  return { kind: 'threshold', bound, threshold, clear: clear ?? threshold };
}

/** What the values depend on; not how the selector is written. */
function sourceOf({ from: { kind, selector, scale, aggregate } }: MetricInput): unknown {
  const matchers = selector.matchers.map(({ label, operator, value }) =>
    canonicalJson([label, operator, value]),
  );
  return { kind, matchers: matchers.sort(), scale, aggregate };
}
