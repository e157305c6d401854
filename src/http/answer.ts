/** The two shapes of every answer of the API, as in Prometheus' own: success with data, or an error with a type and a sentence. */
import type { ServerResponse } from 'node:http';

const STATUS_OF = {
  bad_data: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  too_large: 413,
  unsupported_media_type: 415,
  too_many_requests: 429,
  internal: 500,
  unavailable: 503,
} as const;

const JSON_TYPE = 'application/json; charset=utf-8';

export type ErrorType = keyof typeof STATUS_OF;

export interface Failure {
  readonly type: ErrorType;
  /** For people; free of secrets and of what was sent in bodies, but for short quotes of what is wrong. */
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** More keys of the answer, such as `items`. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export function statusOf({ type }: Failure): number {
  return STATUS_OF[type];
}

/** Something may pass, or must be refused with an answer. */
export type Verdict = { readonly ok: true } | { readonly ok: false; readonly failure: Failure };

export const PASS: Verdict = { ok: true };

export function refuse(
  type: ErrorType,
  message: string,
  headers?: Readonly<Record<string, string>>,
): { ok: false; failure: Failure } {
  return { ok: false, failure: headers ? { type, message, headers } : { type, message } };
}

/** `beside`: more keys of the answer. */
export function sendData(response: ServerResponse, data: unknown, beside: object = {}): void {
  sendJson(response, 200, { status: 'success', data, ...beside });
}

export function sendFailure(response: ServerResponse, failure: Failure): void {
  const { type, message, headers, details } = failure;
  sendJson(
    response,
    statusOf(failure),
    { status: 'error', errorType: type, error: message, ...details },
    headers,
  );
}

export function sendError(
  response: ServerResponse,
  type: ErrorType,
  message: string,
  headers?: Readonly<Record<string, string>>,
): void {
  sendFailure(response, refuse(type, message, headers).failure);
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  send(response, status, 'text/plain; charset=utf-8', text);
}

/** JSON that is text already. */
export function sendJsonText(response: ServerResponse, text: string): void {
  send(response, 200, JSON_TYPE, text);
}

function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers?: Readonly<Record<string, string>>,
): void {
  for (const [name, header] of Object.entries(headers ?? {})) response.setHeader(name, header);
  send(response, status, JSON_TYPE, JSON.stringify(value));
}

function send(response: ServerResponse, status: number, contentType: string, text: string): void {
  const body = Buffer.from(text);
  response.setHeader('Cache-Control', 'no-store');
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': body.length });
  response.end(body);
}
