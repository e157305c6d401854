/** `metrics`, parsed: a rule for each entry, and an input for each that is scraped. */
import type { DerivationSettings } from '../../core/derive/settings.ts';
import type { Rule, Smoothing } from '../../core/rule.ts';
import type { MetricInput } from '../config.ts';
import { DEFAULTS } from '../defaults.ts';
import { sourceIdentity } from '../from/fingerprint.ts';
import { toSource } from '../from/index.ts';
import type { References } from '../from/reference.ts';
import type { RawMetric } from '../schema/metrics.ts';
import { canonicalJson } from './canonical-json.ts';
import { toMs } from './values.ts';

export function toInput(
  raw: RawMetric,
  { entry, references }: { entry: number; references: References },
): MetricInput | null {
  if (!raw.from) return null;
  return { entry, metric: raw.name, models: raw.models ?? [], from: toSource(raw.from, references) };
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
  const from = input?.from ?? null;
  const staleAfterMs = from ? pulledStaleAfterMs(from.settings, longestGapMs) : ttlMs;
  return {
    metric: raw.name,
    entry,
    models: raw.models ?? [],
    from: from?.settings ?? null,
    smoothing,
    warmUp,
    detector,
    forMs,
    minSamples,
    keepFiringForMs,
    action: raw.action ?? 'flag',
    staleAfterMs: toMs(raw.stale_after, staleAfterMs),
    ttlMs,
    inputFingerprint: canonicalJson({ from: from && sourceIdentity(from), smoothing, warmUp }),
    judgeFingerprint: canonicalJson({ detector, forMs, minSamples, keepFiringForMs }),
  };
}

/** A sample is due once per scrape or, where that is longer, per window. */
function pulledStaleAfterMs(settings: DerivationSettings, longestGapMs: number): number {
  const windowMs = settings.kind === 'gauge' ? 0 : settings.windowMs;
  return Math.max(DEFAULTS.staleAfterMs, DEFAULTS.staleIntervals * Math.max(longestGapMs, windowMs));
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
