/** Medians, quantiles, and variants that take turns so that a noisy machine disturbs all of them alike. */

export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** The `q` quantile, 0 to 1, between the two nearest where it falls between. NaN of nothing. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Median with the quartiles beside it. */
export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), low: quantile(values, 0.25), high: quantile(values, 0.75) };
}

/** The first over the second, round by round: what both saw of the machine in one round cancels out. */
export function ratioOf(dividends: readonly number[], divisors: readonly number[]): Spread {
  return spreadOf(divisors.map((divisor, round) => dividends[round]! / divisor));
}

/** Something that is measured. `prepare` is not timed and comes before each run. */
export interface Variant {
  readonly name: string;
  /** Calls of `run` that make one measurement; more for what is short. */
  readonly repeat: number;
  /** Calls before them that are not timed: a forced collection throws away what the compiler had learned. Default 1. */
  readonly settle?: number;
  readonly prepare?: () => void;
  /** `call` counts up over the whole benchmark, so that two inputs can take turns. */
  run(call: number): unknown;
}

/**
 * Milliseconds per call, by variant and round. Each round runs every variant once, in an order that rotates; the
 * garbage of one is not charged to the next where the process was started with --expose-gc.
 */
export async function takeTurns(
  variants: readonly Variant[],
  { rounds, warmUp }: { rounds: number; warmUp: number },
): Promise<ReadonlyMap<string, readonly number[]>> {
  const times = new Map<string, number[]>(variants.map(({ name }) => [name, []]));
  const calls = new Map<string, number>();
  for (let round = -warmUp; round < rounds; round++) {
    for (let turn = 0; turn < variants.length; turn++) {
      const variant = variants[(turn + round + warmUp) % variants.length]!;
      const { name, repeat, settle = 1 } = variant;
      let call = calls.get(name) ?? 0;
      let elapsedMs = 0;
      globalThis.gc?.();
      for (let i = 0; i < settle; i++) {
        variant.prepare?.();
        await variant.run(call++);
      }
      variant.prepare?.();
      const started = performance.now();
      for (let i = 0; i < repeat; i++) {
        const result = variant.run(call++);
        if (result instanceof Promise) await result;
      }
      elapsedMs = performance.now() - started;
      calls.set(name, call);
      if (round >= 0) times.get(name)!.push(elapsedMs / repeat);
    }
  }
  return times;
}
