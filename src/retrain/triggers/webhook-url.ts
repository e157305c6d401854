/** A webhook's URL for one model version: `{model}` and `{version}` replaced so that no name can change where the request goes. Pure. */
import type { ModelVersion } from '../../core/signal.ts';

export type WebhookUrl =
  | { readonly ok: true; readonly url: URL }
  | { readonly ok: false; readonly message: string };

/** Scheme and authority, path, the rest. WHATWG URLs take a backslash for a slash. */
const PARTS = /^(https?:\/\/[^/\\?#]+)([^?#]*)(.*)$/is;
const PLACEHOLDER = /\{(model|version)\}/g;
/** One label of a host name: no dot, so that a name cannot choose another domain. */
const HOST_LABEL = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** Fails where the name would change the host, or would leave a path segment of `.` or `..`, which URLs resolve away. */
export function webhookUrl(template: string, model: ModelVersion): WebhookUrl {
  const parts = PARTS.exec(template);
  if (!parts) return { ok: false, message: 'the URL of the webhook is not an http or https URL' };
  const [, authority, path, rest] = parts as unknown as [string, string, string, string];

  const names = { model: model.name, version: model.version };
  const encoded = (text: string) =>
    text.replace(PLACEHOLDER, (_, key: keyof typeof names) => encode(names[key]));

  for (const [, key] of authority.matchAll(PLACEHOLDER)) {
    if (!HOST_LABEL.test(names[key as keyof typeof names])) return refused(key!, 'host');
  }
  const segments: string[] = [];
  for (const segment of path.split(/[/\\]/)) {
    const filled = encoded(segment);
    // %2e is a dot to every URL parser, so encoding it would not help.
    if (filled !== segment && /^(\.|%2e){1,2}$/i.test(filled)) return refused('model or version', 'path');
    segments.push(filled);
  }
  const text = `${encoded(authority)}${segments.join('/')}${encoded(rest)}`;
  const url = URL.parse(text);
  return url
    ? { ok: true, url }
    : { ok: false, message: 'the URL of the webhook is not valid with this model version' };
}

function refused(key: string, part: string): WebhookUrl {
  return { ok: false, message: `this ${key} cannot stand in the ${part} of the webhook's URL` };
}

function encode(name: string): string {
  return encodeURIComponent(name.toWellFormed());
}
