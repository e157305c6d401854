/** Why a selector finds nothing on a page, and what may have been meant. */
import type { Selector } from '../config/config.ts';
import { editDistance } from '../config/suggest.ts';
import type { Match } from './matches.ts';
import { nameOf } from './matches.ts';
import type { PageSeries } from './page.ts';
import { printable, selectorText, seriesText } from './spelling.ts';

const MAX_EXAMPLES = 3;
/** A page may have names of any number and length: a suggestion is not worth a minute. */
const MAX_CANDIDATES = 1000;
const MAX_NAME_LENGTH = 128;

/** The metric names of a page, each once. */
export interface PageNames {
  readonly series: readonly PageSeries[];
  /** As the entries see them. */
  readonly names: ReadonlySet<string>;
  /** As the target spells them. */
  readonly own: ReadonlySet<string>;
}

export function namesOn(series: readonly PageSeries[]): PageNames {
  return {
    series,
    names: new Set(series.map(({ labels }) => labels?.get('__name__') ?? '').filter((name) => name !== '')),
    own: new Set(series.map(({ own }) => own.get('__name__') ?? '')),
  };
}

/** One sentence for one selector. */
export function whyNothing(selector: Selector, page: PageNames): string {
  return `no series matches ${selectorText(selector)}${hint(selector, page)}`;
}

/** One sentence for a histogram that is there in neither form. */
export function whyNoHistogram(bucket: Match, native: Match | undefined, page: PageNames): string {
  const name = nameOf(bucket.selector)!;
  const base = name.replace(/_bucket$/, '');
  const also = native ? `, and there is no native histogram ${printable(base)}` : '';
  const what = `no series matches ${selectorText(bucket.selector)}${also}`;
  if (page.names.has(name) || page.own.has(name)) return `${what}${hint(bucket.selector, page)}`;
  if (page.names.has(`${base}_sum`) && page.names.has(`${base}_count`))
    return `${what}; ${printable(base)} has a sum and a count only: use mean, or gauge for a quantile of its own`;
  if (page.names.has(base))
    return `${what}; ${printable(base)} is there, but is no histogram: use gauge or rate`;
  const near = nearest(name, page.names);
  return near?.endsWith('_bucket')
    ? `${what}; did you mean ${printable(near.slice(0, -'_bucket'.length))}?`
    : what;
}

function hint(selector: Selector, { series, names, own }: PageNames): string {
  const name = nameOf(selector);
  if (name === null) return '';
  if (names.has(name)) {
    const others = series.filter(({ labels }) => labels?.get('__name__') === name);
    const shown = others.slice(0, MAX_EXAMPLES).map(({ labels }) => seriesText(labels!));
    const more = others.length > shown.length ? ` and ${others.length - shown.length} more` : '';
    return `; there is ${shown.join(', ')}${more}`;
  }
  if (own.has(name))
    return `; the target has ${printable(name)}, but metric_relabel_configs drop or rename it`;
  const near = nearest(name, names);
  return near === null ? '' : `; did you mean ${printable(near)}?`;
}

/** The name that is meant: the same in another case, a few letters away, or longer by a word. */
export function nearest(name: string, names: ReadonlySet<string>): string | null {
  if (name.length > MAX_NAME_LENGTH) return null;
  const lower = name.toLowerCase();
  let best: string | null = null;
  let least = Math.max(1, Math.floor(name.length / 4)) + 1;
  let looked = 0;
  for (const candidate of [...names].sort()) {
    if (Math.abs(candidate.length - name.length) >= least) continue;
    if (++looked > MAX_CANDIDATES) break;
    const distance = editDistance(lower, candidate.toLowerCase());
    if (distance >= least) continue;
    best = candidate;
    least = distance;
  }
  if (best !== null) return best;
  const longer = [...names].filter((other) => other.startsWith(`${name}_`) || other.endsWith(`_${name}`));
  return longer.sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0] ?? null;
}
