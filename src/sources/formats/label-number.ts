/** Numbers in the label values `le` and `quantile` in one spelling, so that a series is the same in every format. */
import { labelNumber } from '../../selector/label-number.ts';

/** Outside of these decimal exponents the canonical spelling has an exponent. */
const LEAST_PLAIN = -4;
const MOST_PLAIN = 5;

/**
 * The canonical number of OpenMetrics 1.0, "Considerations: Canonical Numbers": as Go prints a float64 with %g and the
 * fewest digits that read back as the same number, and with `.0` where that has neither point nor exponent. A value that
 * is no number stays as it is.
 */
export function canonicalNumber(text: string): string {
  const value = labelNumber(text);
  if (value === null) return text;
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  const [digits, power] = value.toExponential().split('e') as [string, string];
  const exponent = Number(power);
  const sign = Object.is(value, -0) ? '-' : '';
  if (exponent < LEAST_PLAIN || exponent > MOST_PLAIN) {
    return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const plain = `${sign}${value}`;
  return plain.includes('.') ? plain : `${plain}.0`;
}
