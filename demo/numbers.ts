/** Numbers as the demo shows them. */

/** `more`: digits beyond the usual ones. */
export function numberText(value: number, more = 0): string {
  return value.toFixed((value >= 10 ? 0 : 3) + more);
}

/** Two numbers that differ look different: an average just below its threshold must not read "0.800 is below 0.800". */
export function pairText(one: number, other: number, more = 0): readonly [string, string] {
  const pair = [numberText(one, more), numberText(other, more)] as const;
  return one === other || pair[0] !== pair[1] ? pair : pairText(one, other, more + 1);
}
