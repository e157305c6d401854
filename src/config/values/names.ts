/** Names with a fixed alphabet or length. Each check returns why a text is refused (empty: there is no more to say), or null. */

const MAX_NAME_BYTES = 1024;

/** Model names, metric names and whatever else users name: 1 to 1,024 bytes. */
export function nameFault(text: string): string | null {
  if (text === '') return '';
  return Buffer.byteLength(text) > MAX_NAME_BYTES ? `it is longer than ${MAX_NAME_BYTES} bytes` : null;
}

export const LABEL_NAME_PATTERN = '^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$';

export function labelNameFault(text: string): string | null {
  if (text.startsWith('__')) return 'names that start with __ are reserved';
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(text) ? null : '';
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** What the connection itself needs, and what would break a body. */
const CONNECTION_HEADERS = [
  'connection',
  'content-encoding',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];
const SCRAPE_HEADERS = ['accept', 'accept-encoding', ...CONNECTION_HEADERS];
const WEBHOOK_HEADERS = [
  'content-type',
  'idempotency-key',
  'webhook-id',
  'webhook-signature',
  'webhook-timestamp',
  ...CONNECTION_HEADERS,
];

export function tokenFault(text: string): string | null {
  return TOKEN.test(text) ? null : '';
}

function headerNameFault(text: string, ours: readonly string[]): string | null {
  if (!TOKEN.test(text)) return '';
  return ours.includes(text.toLowerCase()) ? 'Driftgauge sets this header itself' : null;
}

export function scrapeHeaderFault(text: string): string | null {
  return headerNameFault(text, SCRAPE_HEADERS);
}

export function webhookHeaderFault(text: string): string | null {
  return headerNameFault(text, WEBHOOK_HEADERS);
}

/** Values of headers and credentials: what HTTP can carry. Never says what was found. */
export function headerValueFault(text: string): string | null {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text) ? null : 'it holds characters that no header can carry';
}

/** A glob over model names. */
export function globFault(text: string): string | null {
  if (/[[\]{}]/.test(text)) return 'only * and ? are special in a glob; [ ] { } are not supported';
  return nameFault(text);
}
