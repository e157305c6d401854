/** The `Retry-After` header, read strictly (RFC 9110, sections 10.2.3 and 5.6.7). Pure. */

/** No receiver may silence us for longer. */
export const MAX_RETRY_AFTER_MS = 3_600_000;

const IMF_FIXDATE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/;
const RFC_850 =
  /^(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday), (\d{2})-([A-Z][a-z]{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2}) GMT$/;
const ASCTIME = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([A-Z][a-z]{2}) ([ \d]\d) (\d{2}):(\d{2}):(\d{2}) (\d{4})$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * Milliseconds to wait at least, at most an hour; undefined where the header is missing, is neither whole seconds nor
 * an HTTP date, or names a time that has passed. (`Date.parse` would take `-5` for a year.)
 */
export function retryAfterMs(header: string | undefined, wallMs: number): number | undefined {
  const value = header?.trim() ?? '';
  const wanted = /^\d+$/.test(value) ? Number(value) * 1000 : httpDate(value, wallMs) - wallMs;
  return wanted > 0 ? Math.min(wanted, MAX_RETRY_AFTER_MS) : undefined;
}

/** Milliseconds since 1970; NaN where it is no HTTP date. */
function httpDate(value: string, wallMs: number): number {
  const imf = IMF_FIXDATE.exec(value);
  if (imf) return dateOf(imf[3]!, imf[2]!, imf[1]!, [imf[4]!, imf[5]!, imf[6]!]);
  const asctime = ASCTIME.exec(value);
  if (asctime) return dateOf(asctime[6]!, asctime[1]!, asctime[2]!, [asctime[3]!, asctime[4]!, asctime[5]!]);
  const rfc850 = RFC_850.exec(value);
  if (!rfc850) return Number.NaN;
  const thisYear = new Date(wallMs).getUTCFullYear();
  let year = thisYear - (thisYear % 100) + Number(rfc850[3]);
  // Two digits that seem more than 50 years ahead are of the century before.
  if (year > thisYear + 50) year -= 100;
  return dateOf(String(year), rfc850[2]!, rfc850[1]!, [rfc850[4]!, rfc850[5]!, rfc850[6]!]);
}

function dateOf(year: string, month: string, day: string, time: readonly [string, string, string]): number {
  const index = MONTHS.indexOf(month);
  if (index < 0) return Number.NaN;
  return Date.UTC(Number(year), index, Number(day), Number(time[0]), Number(time[1]), Number(time[2]));
}
