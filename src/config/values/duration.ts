/** Durations as Prometheus writes them: `1h30m`, `500ms`, `0`; units y, w, d, h, m, s, ms, each at most once and in this order. */

const PATTERN = '(?:(\\d+)y)?(?:(\\d+)w)?(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?(?:(\\d+)ms)?';
const DURATION = new RegExp(`^${PATTERN}$`);
const UNITS_MS = [31_536_000_000, 604_800_000, 86_400_000, 3_600_000, 60_000, 1000, 1];

/** Prometheus counts nanoseconds in 64 bits: about 292 years. */
const MAX_MS = 2 ** 63 / 1e6;

/** The same as a pattern for editors. */
export const DURATION_PATTERN = '^(0|(?=\\d)(\\d+y)?(\\d+w)?(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?)$';

/** Milliseconds, or null where the text is no duration. */
export function parseDuration(text: string): number | null {
  if (text === '0') return 0;
  const match = text === '' ? null : DURATION.exec(text);
  if (!match) return null;
  const ms = UNITS_MS.reduce((sum, unit, index) => sum + unit * Number(match[index + 1] ?? 0), 0);
  return ms < MAX_MS ? ms : null;
}

/** Why a text is no duration, where there is more to say than that it is none. */
export function durationFault(text: string): string {
  if (/^-/.test(text)) return 'it cannot be negative';
  if (/^\d+(\.\d+)?$/.test(text)) return 'its unit is missing';
  if (/\d\.\d/.test(text)) return 'it is written without fractions, as in 1m30s';
  if (text !== '' && DURATION.test(text)) return 'it is longer than 292 years';
  return '';
}
