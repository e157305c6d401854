/** Which series of a page each entry of `metrics` takes, as what. */
import type { MetricInput, Selector } from '../config/config.ts';
import type { Role } from '../core/derive/settings.ts';
import type { PageSeries } from './page.ts';

/** What one selector of an entry has found. */
export interface Match {
  readonly role: Role;
  readonly selector: Selector;
  readonly series: readonly PageSeries[];
}

/** By entry, in the order of its selectors. Where counters began is left out: it is never missed. */
export function matchesOf(
  inputs: readonly MetricInput[],
  series: readonly PageSeries[],
): ReadonlyMap<number, readonly Match[]> {
  const found = new Map<string, PageSeries[]>();
  for (const one of series) {
    if (one.destination.kind === 'nowhere') continue;
    for (const { input, role } of one.destination.takers) {
      // Under a histogram's name may stand plain numbers too, which are none.
      if (role === 'native' && !one.native) continue;
      const key = `${input.entry} ${role}`;
      const list = found.get(key);
      if (list) list.push(one);
      else found.set(key, [one]);
    }
  }
  const matchesFor = ({ entry, from }: MetricInput): Match[] =>
    from.takes
      .filter(({ role }) => !role.endsWith('start'))
      .map(({ role, selector }) => ({ role, selector, series: found.get(`${entry} ${role}`) ?? [] }));
  return new Map(inputs.map((input) => [input.entry, matchesFor(input)]));
}

export function nameOf({ matchers }: Selector): string | null {
  return matchers.find(({ label, operator }) => label === '__name__' && operator === '=')?.value ?? null;
}
