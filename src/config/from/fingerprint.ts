/** What the values of an entry depend on, so that a reload can tell whether its moving average may be kept. */
import { createHash } from 'node:crypto';
import type { DerivationSettings } from '../../core/derive/settings.ts';
import { canonicalJson } from '../build/canonical-json.ts';
import type { MetricSource, Selector } from '../config.ts';

/** Not how selectors are written, nor where a file lies. Where counters began follows from them, so it is left out. */
export function sourceIdentity({ takes, settings }: MetricSource): unknown {
  const matchers = takes
    .filter(({ role }) => !role.endsWith('start'))
    .map(({ role, selector }) => [role, matchersOf(selector)]);
  const identity = identityOf(settings);
  // The first kind there was has one selector, and stores remember it without its role.
  if (settings.kind === 'gauge') return { ...identity, matchers: matchers[0]?.[1] };
  return { ...identity, takes: Object.fromEntries(matchers) };
}

function matchersOf({ matchers }: Selector): readonly string[] {
  return matchers.map(({ label, operator, value }) => canonicalJson([label, operator, value])).sort();
}

/** The settings, with the hash of a reference file's content in place of up to a megabyte. */
function identityOf(settings: DerivationSettings): object {
  if (settings.kind !== 'histogram' || settings.reference.kind !== 'file') return settings;
  const { bounds, cumulative } = settings.reference.histogram;
  const content = Array.from(bounds, (bound, index) => `${bound} ${cumulative[index]}`).join('\n');
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { ...settings, reference: { kind: 'file', sha256 } };
}
