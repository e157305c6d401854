/**
 * Classic histograms: cumulative counts by upper bound (`le`), as Prometheus exposes them. A count is known exactly at
 * the bounds of its layout and nowhere else, so histograms of different layouts are compared and added on the bounds
 * that they share.
 */

/** Bounds are ascending and unique, the last is +Inf; `cumulative[i]` observations were at most `bounds[i]`. */
export interface ClassicHistogram {
  readonly bounds: ArrayLike<number>;
  readonly cumulative: ArrayLike<number>;
}

function haveSameBounds(a: ClassicHistogram, b: ClassicHistogram): boolean {
  if (a.bounds === b.bounds) return true;
  if (a.bounds.length !== b.bounds.length) return false;
  for (let at = 0; at < a.bounds.length; at++) if (a.bounds[at] !== b.bounds[at]) return false;
  return true;
}

/** The counts of both at the bounds that they share. Of equal layouts these are the very arrays that came in. */
export function onCommonBounds(
  a: ClassicHistogram,
  b: ClassicHistogram,
): { bounds: ArrayLike<number>; a: ArrayLike<number>; b: ArrayLike<number> } {
  if (haveSameBounds(a, b)) return { bounds: a.bounds, a: a.cumulative, b: b.cumulative };
  const common = { bounds: [] as number[], a: [] as number[], b: [] as number[] };
  for (let left = 0, right = 0; left < a.bounds.length && right < b.bounds.length; ) {
    const bound = a.bounds[left]!;
    if (bound < b.bounds[right]!) left++;
    else if (bound > b.bounds[right]!) right++;
    else {
      common.bounds.push(bound);
      common.a.push(a.cumulative[left++]!);
      common.b.push(b.cumulative[right++]!);
    }
  }
  return common;
}

/** The observations of both. */
export function sumOnCommonBounds(a: ClassicHistogram, b: ClassicHistogram): ClassicHistogram {
  const common = onCommonBounds(a, b);
  const cumulative = Float64Array.from(common.a);
  for (let at = 0; at < cumulative.length; at++) cumulative[at]! += common.b[at]!;
  return { bounds: common.bounds, cumulative };
}
