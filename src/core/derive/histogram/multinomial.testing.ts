/** Reproducible histograms: so many observations that fall into bins with given probabilities. */

/** Numbers in [0, 1) of 32 random bits each (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How fine the guide is: where in the table a search begins, so that most draws find their bin at once. */
const GUIDE = 4096;

/** Draws counts per bin; weights need not add up to one. */
export function multinomial(weights: readonly number[], random: () => number): (size: number) => number[] {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let below = 0;
  const upTo = weights
    .map((weight) => {
      below += weight;
      return below / all;
    })
    .with(-1, 1);
  let bin = 0;
  const guide = Array.from({ length: GUIDE }, (_, step) => {
    while (upTo[bin]! <= step / GUIDE) bin++;
    return bin;
  });
  return (size) => {
    const counts = new Array<number>(weights.length).fill(0);
    for (let drawn = 0; drawn < size; drawn++) {
      const at = random();
      let found = guide[Math.floor(at * GUIDE)]!;
      while (upTo[found]! <= at) found++;
      counts[found]!++;
    }
    return counts;
  };
}
