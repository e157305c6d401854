/** Where to connect to: targets as `host:port`, webhook URLs with placeholders. Each check returns why a text is refused, or null. */

const TARGET = /^(?:\[[0-9A-Fa-f:.]+\]|[^\s:/?#@[\]\\<>^|%\p{C}]+)(?::(\d{1,5}))?$/u;
const PLACEHOLDERS = /\{(model|version)\}/g;

export function targetFault(text: string): string | null {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    return 'the scheme is written as `scheme`, the path as `metrics_path`';
  }
  if (text.includes('/') || text.includes('?'))
    return 'the path is written as `metrics_path`, the query as `params`';
  if (text.includes('@')) return 'user and password are written as `basic_auth`';
  const match = TARGET.exec(text);
  if (!match || !URL.canParse(`http://${text}/`)) return '';
  const port = match[1];
  return port === undefined || (Number(port) >= 1 && Number(port) <= 65_535)
    ? null
    : 'ports go from 1 to 65535';
}

/** The target with the port that its scheme implies, as Prometheus does. */
export function withPort(target: string, scheme: 'http' | 'https'): string {
  return /:\d+$/.test(target) ? target : `${target}:${scheme === 'https' ? 443 : 80}`;
}

export function metricsPathFault(text: string): string | null {
  if (!text.startsWith('/')) return '';
  if (/[?#]/.test(text)) return 'the query is written as `params`';
  return /[\s\p{C}]/u.test(text) ? 'it holds spaces or control characters' : null;
}

export function webhookUrlFault(text: string): string | null {
  if (/[\s\p{C}]/u.test(text)) return 'it holds spaces or control characters';
  const authority = /^[a-z]+:\/\/([^/?#]*)/i.exec(text)?.[1] ?? '';
  if (/[{}]/.test(authority))
    return 'placeholders may stand in path and query only, so that no name can choose the host';
  const filled = text.replace(PLACEHOLDERS, 'x');
  if (/[{}]/.test(filled)) return 'the placeholders are {model} and {version}';
  const url = URL.parse(filled);
  if (!url || !/^https?:\/\//i.test(text)) return '';
  return url.hash === '' ? null : 'a fragment is never sent';
}

export function hasUserInfo(url: string): boolean {
  const parsed = URL.parse(url.replace(PLACEHOLDERS, 'x'));
  return parsed !== null && (parsed.username !== '' || parsed.password !== '');
}

export const HIDDEN = '<secret>';

/** A URL, or what was meant as one, without user info and query. Errs on the side of hiding. */
export function redactUrl(text: string): string {
  const slashes = text.indexOf('//');
  const start = slashes < 0 ? 0 : slashes + 2;
  // In a URL the user info ends before the path; in what is none, whatever stands before an @ may be a password.
  const path = URL.canParse(text.replace(PLACEHOLDERS, 'x')) ? text.slice(start).search(/[/\\?#]/) : -1;
  const at = text.lastIndexOf('@', path < 0 ? text.length : start + path);
  const open = at < start ? text : `${text.slice(0, start)}${HIDDEN}${text.slice(at)}`;
  const query = open.search(/[?#]/);
  return query < 0 ? open : `${open.slice(0, query + 1)}${HIDDEN}`;
}
