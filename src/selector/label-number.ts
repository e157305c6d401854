/** Numbers in the label values `le` and `quantile`, which one format spells `1` and another `1.0`. */

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITE = /^([+-]?)Inf$/i;

/** The number that a label value spells, infinities included; null where it spells none. */
export function labelNumber(value: string): number | null {
  if (DECIMAL.test(value)) return Number(value);
  const sign = INFINITE.exec(value)?.[1];
  return sign === undefined ? null : sign === '-' ? -Infinity : Infinity;
}
