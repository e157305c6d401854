/**
 * Regular expressions of selectors and relabelling: RE2 syntax and semantics, fully anchored, `.` matches line breaks
 * too, as in Prometheus 3. RE2 takes time linear in its input, so no label value can stall a scrape.
 */
import { RE2JS, RE2JSException } from 're2js';

/** What a group has caught, by its number (0: the whole) or its name; empty where there is none or it took no part. */
export type Captures = (group: number | string) => string;

export interface Regex {
  readonly ok: true;
  readonly matches: (value: string) => boolean;
  /** Slower than `matches`; null where the value does not match. */
  readonly capture: (value: string) => Captures | null;
}

export type RegexResult =
  | Regex
  | {
      readonly ok: false;
      /** What is wrong with the expression. */
      readonly reason: string;
      /** The same as a sentence that names the expression. */
      readonly message: string;
    };

export function compileRegex(source: string): RegexResult {
  try {
    const regex = RE2JS.compile(source, RE2JS.DOTALL);
    return {
      ok: true,
      matches: (value) => regex.testExact(value),
      // Most values match nothing, which is found out several times faster where no groups are asked for.
      capture: (value) => (regex.testExact(value) ? capture(regex, value) : null),
    };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const reason = error.message.replace(/^error parsing regexp: /, '').replace(/: `.*`$/s, '');
    const message = `the regular expression ${JSON.stringify(source)} is not valid: ${reason}`;
    return { ok: false, reason, message };
  }
}

function capture(regex: RE2JS, value: string): Captures | null {
  const matcher = regex.matcher(value);
  if (!matcher.matches()) return null;
  const numbers = new Map(Object.entries(regex.namedGroups()));
  return (group) => {
    const number = typeof group === 'number' ? group : numbers.get(group);
    if (number === undefined || number > regex.groupCount()) return '';
    return matcher.group(number) ?? '';
  };
}
