/** "did you mean …?" for a key that is not known where it stands: a misspelled one, or one that belongs elsewhere. */
import type { Path } from './problem.ts';
import type { KeyPlace } from './schema/walk.ts';

export type Suggestion =
  | { readonly kind: 'here'; readonly key: string }
  /** Relative where it lies below the present place. */
  | { readonly kind: 'elsewhere'; readonly path: string };

const MAX_KEY_LENGTH = 64;

export function suggestKey(options: {
  readonly key: string;
  /** The mapping in which the key was found. */
  readonly place: Path;
  readonly allowed: readonly string[];
  readonly everywhere: readonly KeyPlace[];
}): Suggestion | null {
  const { key, allowed, everywhere } = options;
  if (key.length > MAX_KEY_LENGTH) return null;
  const place = options.place.map((step) => (typeof step === 'number' ? '[]' : step));
  const others = everywhere.filter((other) => other.key === key);
  const below = others.filter(({ parents }) => sharedSteps(place, parents) === place.length);
  if (below.length > 0) return elsewhere(below, place);
  const near = nearest(key, allowed);
  if (near !== null) return { kind: 'here', key: near };
  return others.length > 0 ? elsewhere(others, place) : null;
}

/** The nearest of several places: the longest way shared, then the shortest way on. */
function elsewhere(places: readonly KeyPlace[], place: readonly string[]): Suggestion {
  const rank = ({ parents }: KeyPlace) => sharedSteps(place, parents) * 100 - parents.length;
  const best = places.reduce((a, b) => (rank(b) > rank(a) ? b : a));
  const shared = sharedSteps(place, best.parents);
  const steps = [...best.parents.slice(shared === place.length ? shared : 0), best.key];
  return { kind: 'elsewhere', path: steps.join('.').replaceAll('.[]', '[]') };
}

function sharedSteps(a: readonly string[], b: readonly string[]): number {
  const differs = a.findIndex((step, index) => step !== b[index]);
  return differs < 0 ? a.length : differs;
}

/** The allowed key that is meant: the same in another spelling, a few letters away, or longer by a word. */
function nearest(key: string, allowed: readonly string[]): string | null {
  const spelled = snakeCase(key);
  let best: string | null = null;
  let least = Math.max(1, Math.floor(spelled.length / 3)) + 1;
  for (const candidate of allowed) {
    const distance = editDistance(spelled, candidate);
    if (distance < least) {
      best = candidate;
      least = distance;
    }
  }
  if (best !== null || spelled === '') return best;
  return allowed.find((other) => other.endsWith(`_${spelled}`) || other.startsWith(`${spelled}_`)) ?? null;
}

function snakeCase(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[-. ]/g, '_')
    .toLowerCase();
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(replaced, last[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1);
      }
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
