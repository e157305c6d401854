/**
 * Regular expressions of selectors: RE2 syntax and semantics, fully anchored, `.` matches line breaks too, as in
 * Prometheus 3. RE2 takes time linear in its input, so no label value can stall a scrape.
 */
import { RE2JS, RE2JSException } from 're2js';

export type RegexResult =
  | { readonly ok: true; readonly matches: (value: string) => boolean }
  | { readonly ok: false; readonly message: string };

/** The message names the expression and what is wrong with it. */
export function compileRegex(source: string): RegexResult {
  try {
    const regex = RE2JS.compile(source, RE2JS.DOTALL);
    return { ok: true, matches: (value) => regex.testExact(value) };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const why = error.message.replace(/^error parsing regexp: /, '').replace(/: `.*`$/s, '');
    return { ok: false, message: `the regular expression ${JSON.stringify(source)} is not valid: ${why}` };
  }
}
