/**
 * How bins are merged until the counts can carry a comparison: a distance over many bins that hold next to nothing
 * measures chance, not drift.
 */
import type { Bins } from './bins.ts';
import { total } from './bins.ts';

/** A bin must expect so many observations, as is usual for chi-squared statistics (Cochran 1954). */
const LEAST_EXPECTED = 5;

/** So many bins, the deciles that are customary with the PSI, are left alone: few observations are the user's choice. */
const CUSTOMARY_BINS = 10;

/**
 * Neighbours are merged until the reference holds at least 5 observations in each bin and expects 5 of the current ones
 * there; then, where more than ten bins are left, until they are no more than `mostBins`. Only the reference decides
 * where, because bins that fit the current observations would find a distance in chance. Of a reference with a single
 * such bin, that bin is set against all others, so that it is seen when observations leave it. Null where one side is
 * empty, or both are too few for two bins.
 */
export function mergedBins(bins: Bins): Bins | null {
  const references = total(bins.reference);
  const currents = total(bins.current);
  if (!(references > 0 && currents > 0)) return null;
  const most = mostBins(references, currents);
  let merged = mergedTo(bins, LEAST_EXPECTED * Math.max(1, references / currents));
  const cap = Math.max(CUSTOMARY_BINS, most);
  if (merged.reference.length > cap) merged = mergedTo(merged, references / cap);
  if (merged.reference.length >= 2) return merged;
  return most >= 2 ? heaviestAgainstOthers(bins) : null;
}

/** So large may the PSI be by chance in one of a thousand windows: 0.25 is the usual sign of a shift. */
const PSI_BY_CHANCE = 0.25;
/** The natural logarithm of a thousand. */
const RARITY = Math.log(1000);
/** So far out, the approximation below needs more observations per bin than its middle does; found by simulation. */
const LEAST_PER_BIN = 12;

/**
 * How many bins the counts can carry. Without drift, PSI / (1/m + 1/n) over B bins follows a chi-squared distribution of
 * d = B - 1 degrees of freedom (Yurdakul and Naranjo 2020), which exceeds (√d + √t)² + t with probability e^-t at most
 * (Laurent and Massart 2000, lemma 1). Solved for d at PSI = 0.25 and t = ln 1000: 24 bins for 500 observations on both
 * sides, 68 for 1,000. On the smaller side a bin needs 12 on average besides: 41 bins for 500 against 20,000. The null
 * distributions of the other distances lie further below 0.25. Less than 2 where not even two bins are carried.
 */
export function mostBins(references: number, currents: number): number {
  const slack = PSI_BY_CHANCE / (1 / references + 1 / currents) - RARITY;
  const degrees = slack <= RARITY ? 0 : (Math.sqrt(slack) - Math.sqrt(RARITY)) ** 2;
  return Math.floor(Math.min(1 + degrees, Math.min(references, currents) / LEAST_PER_BIN));
}

/**
 * From the lowest value up, a bin is closed once the reference has `least` in it; what is left joins the last one. One
 * pass, whatever the layout; and bins of like weight are those for which chi-squared holds best.
 */
function mergedTo(bins: Bins, least: number): Bins {
  const merged = { reference: [] as number[], current: [] as number[] };
  let open = { reference: 0, current: 0 };
  for (let at = 0; at < bins.reference.length; at++) {
    open.reference += bins.reference[at]!;
    open.current += bins.current[at]!;
    if (open.reference < least) continue;
    merged.reference.push(open.reference);
    merged.current.push(open.current);
    open = { reference: 0, current: 0 };
  }
  if (merged.reference.length === 0) return { reference: [open.reference], current: [open.current] };
  merged.reference[merged.reference.length - 1]! += open.reference;
  merged.current[merged.current.length - 1]! += open.current;
  return merged;
}

/** The bin where most of the reference lies, and all others as one. */
function heaviestAgainstOthers({ reference, current }: Bins): Bins {
  const heaviest = reference.indexOf(reference.reduce((most, count) => Math.max(most, count)));
  const split = (counts: readonly number[]) => [
    counts[heaviest]!,
    total(counts.filter((_, at) => at !== heaviest)),
  ];
  return { reference: split(reference), current: split(current) };
}
