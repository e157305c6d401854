/** Content negotiation over a list of formats: the Accept header that offers them, and the choice by what came back. */
import { oneLine } from '../../outgoing/failure.ts';
import type { PageFormat } from './format.ts';
import type { Page } from './page.ts';

type Parameters = Readonly<Record<string, string>>;

export interface Offer {
  readonly format: PageFormat;
  /** The media type, in lower case. */
  readonly type: string;
  /** Parameters to ask with, the most wanted first. */
  readonly variants: readonly Parameters[];
  /** Only asked for where native histograms are wanted: no other format has them. */
  readonly native?: true;
  /** Parameters that the content type must not have with other values. */
  readonly needs?: Parameters;
  /** Whether a body is in this format without doubt, whatever was said of it. */
  convinces?(page: Page): boolean;
  /** Whether a body is not in this format without doubt, although that was said. */
  denies?(page: Page): boolean;
}

/** The weights are Prometheus' own: one step less for each range, down from one more than the number of all. */
export function acceptOf(offers: readonly Offer[], nativeHistograms: boolean): string {
  let weight = offers.flatMap(({ variants }) => variants).length + 1;
  const ranges = offers
    .filter(({ native }) => nativeHistograms || !native)
    .flatMap(({ type, variants }) => variants.map((parameters) => rangeOf(type, parameters)));
  return [...ranges, '*/*'].map((range) => `${range};q=0.${weight--}`).join();
}

function rangeOf(type: string, parameters: Parameters): string {
  return [type, ...Object.entries(parameters).map((pair) => pair.join('='))].join(';');
}

export function chosenOf(
  offers: readonly Offer[],
  { contentType, page, unfit }: { contentType: string; page: Page; unfit?: ReadonlySet<PageFormat> },
): PageFormat | { readonly refusal: string } {
  const { type, parameters } = parsed(contentType);
  const said = offers.find((offer) => offer.type === type);
  for (const offer of offers)
    if (offer !== said && !unfit?.has(offer.format) && offer.convinces?.(page)) return offer.format;
  if (said === undefined || said.denies?.(page)) return offers.at(-1)!.format;
  for (const [name, value] of Object.entries(said.needs ?? {})) {
    const found = parameters.get(name);
    if (found === undefined || found.toLowerCase() === value.toLowerCase() || said.convinces?.(page))
      continue;
    return { refusal: `content type: expected ${name}=${value}, found ${oneLine(found)}` };
  }
  return said.format;
}

/** A media type and its parameters (RFC 9110, section 8.3.1); what does not fit is passed over. */
function parsed(contentType: string): { type: string; parameters: ReadonlyMap<string, string> } {
  const parameters = new Map<string, string>();
  for (const [, name, value] of contentType.matchAll(/;[ \t]*([^\s=;"]+)=("(?:[^"\\]|\\.)*"|[^;"]*)/g)) {
    const text = value!.startsWith('"') ? value!.slice(1, -1).replace(/\\(.)/g, '$1') : value!.trim();
    parameters.set(name!.toLowerCase(), text);
  }
  const end = contentType.indexOf(';');
  const type = end < 0 ? contentType : contentType.slice(0, end);
  return { type: type.trim().toLowerCase(), parameters };
}
