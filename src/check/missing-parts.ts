/** What a kind of derivation cannot do without, and a page does not have. */
import type { DerivationSettings, Role } from '../core/derive/settings.ts';
import type { Match } from './matches.ts';
import type { PageNames } from './not-found.ts';
import { whyNoHistogram, whyNothing } from './not-found.ts';

export function missingParts(
  kind: DerivationSettings['kind'],
  matches: readonly Match[],
  names: PageNames,
): { readonly problems: readonly string[]; readonly notes: readonly string[] } {
  const of = (role: Role) => matches.find((match) => match.role === role);
  const isThere = (role: Role) => (of(role)?.series.length ?? 0) > 0;
  const absent = (...roles: readonly Role[]) =>
    roles.filter((role) => !isThere(role)).map((role) => whyNothing(of(role)!.selector, names));
  switch (kind) {
    case 'gauge':
    case 'rate':
      return { problems: absent('value'), notes: [] };
    case 'ratio':
      return {
        problems: absent('denominator'),
        notes: absent('numerator').map((text) => `the numerator counts as 0: ${text}`),
      };
    case 'mean':
      return { problems: isThere('native') ? [] : absent('sum', 'count'), notes: [] };
    case 'histogram_quantile':
    case 'histogram':
      if (isThere('native') || isThere('bucket')) return { problems: [], notes: [] };
      return { problems: [whyNoHistogram(of('bucket')!, of('native'), names)], notes: [] };
  }
}
