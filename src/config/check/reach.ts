/** In a list of which the first entry that fits a model has it, an entry may be out of reach: it would never do anything. */
import { type Finding, formatPath, type Path } from '../problem.ts';
import { globCovers } from '../values/glob-cover.ts';

interface ListEntry {
  /** Globs; absent: all models. */
  readonly models?: readonly (string | undefined)[] | undefined;
  readonly path: Path;
  /** Its models are not known. */
  readonly unreadable: boolean;
}

/** Cautious: that several globs only together take all names of another is not found. */
export function checkReach(entries: readonly ListEntry[], what: string): readonly Finding[] {
  const names = new Map<string, Path>();
  const wildcards: { readonly glob: string; readonly path: Path }[] = [];
  const takerOf = (glob: string) =>
    names.get(glob) ?? wildcards.find((taken) => globCovers(taken.glob, glob))?.path;
  const findings: Finding[] = [];
  for (const entry of entries) {
    const globs = globsOf(entry);
    if (globs === null) continue;
    const takers = new Set<Path>();
    const free = globs.filter((glob) => {
      const taker = takerOf(glob);
      if (taker) takers.add(taker);
      return !taker;
    });
    if (free.length === 0) findings.push({ path: entry.path, message: unreachable(takers, what) });
    for (const glob of free) {
      if (/[*?]/.test(glob)) wildcards.push({ glob, path: entry.path });
      else names.set(glob, entry.path);
    }
  }
  return findings;
}

function unreachable(takers: ReadonlySet<Path>, what: string): string {
  const [first, ...others] = takers;
  const who = first && others.length === 0 ? `${formatPath(first)} takes` : 'earlier entries take';
  return `expected models that no earlier ${what} takes, found that ${who} them all: it can never be reached`;
}

/** Null where any of them could not be read. */
function globsOf({ models, unreadable }: ListEntry): readonly string[] | null {
  if (unreadable) return null;
  if (models === undefined) return ['*'];
  const readable = models.filter((glob) => glob !== undefined);
  return readable.length < models.length ? null : readable;
}
