/** Why an outgoing HTTP exchange failed, in the fixed words of the metrics' `reason` label. */

export type FailureReason =
  | 'timeout'
  | 'dns'
  | 'connect'
  | 'tls'
  | 'reset'
  | 'redirect'
  | 'http_4xx'
  | 'http_5xx'
  | 'too_large'
  | 'parse'
  | 'sample_limit';

const BY_CODE: ReadonlyMap<string, FailureReason> = new Map<string, FailureReason>([
  ...withReason(
    'dns',
    'ENOTFOUND EAI_AGAIN EAI_FAIL EAI_NODATA EAI_NONAME EAI_MEMORY ENODATA ESERVFAIL EREFUSED EBADNAME',
  ),
  ...withReason(
    'connect',
    'ECONNREFUSED EHOSTUNREACH EHOSTDOWN ENETUNREACH ENETDOWN EADDRNOTAVAIL EAFNOSUPPORT EACCES EPERM',
  ),
  ...withReason('connect', 'EINVAL EMFILE ENFILE ERR_FORBIDDEN_ADDRESS ERR_SECRET_FILE'),
  ...withReason('timeout', 'ETIMEDOUT ETIMEOUT ESOCKETTIMEDOUT ECONNABORTED ERR_CANCELED ABORT_ERR'),
  ...withReason('reset', 'ECONNRESET EPIPE ENOTCONN ERR_STREAM_PREMATURE_CLOSE'),
  ...withReason('tls', 'EPROTO INVALID_CA INVALID_PURPOSE PATH_LENGTH_EXCEEDED'),
  ...withReason('too_large', 'HPE_HEADER_OVERFLOW'),
]);

/** OpenSSL's verification errors, and those of `node:tls`. */
const TLS_CODE =
  /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|CRL_|UNABLE_TO_|ERROR_IN_C|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH)/;

/** Of `CredentialsError` and `ForbiddenAddressError`. */
const OWN_CODES: ReadonlySet<string> = new Set(['ERR_SECRET_FILE', 'ERR_TLS_FILE', 'ERR_FORBIDDEN_ADDRESS']);

const MAX_CAUSES = 8;
const MAX_DESCRIPTION_LENGTH = 200;

/** The reason for a status outside 2xx. What lies outside 100–599 counts as a 5xx (RFC 9110, section 15). */
export function reasonOfStatus(status: number): FailureReason {
  if (status >= 300 && status < 400) return 'redirect';
  return status >= 400 && status < 500 ? 'http_4xx' : 'http_5xx';
}

/** The reason for an error of `node:http`, `node:tls` or `node:dns`, looking through causes and aggregates. */
export function reasonOfError(error: unknown): FailureReason {
  for (const { code, name } of chainOf(error)) {
    if (code !== undefined) {
      const reason = BY_CODE.get(code);
      if (reason) return reason;
      if (TLS_CODE.test(code)) return 'tls';
      if (code.startsWith('HPE_')) return 'parse';
    }
    if (name === 'AbortError' || name === 'TimeoutError') return 'timeout';
  }
  return 'reset';
}

/**
 * An error of an exchange in one short line that is free of secrets. Only messages of the platform are repeated:
 * they hold addresses and file names, but no header, user info, path or query.
 */
export function describeError(error: unknown): string {
  let firstCode: string | undefined;
  for (const { code, message, origin } of chainOf(error)) {
    firstCode ??= code;
    if (code === undefined || origin === 'foreign' || message === '') continue;
    return oneLine(origin === 'own' || message.includes(code) ? message : `${message} (${code})`);
  }
  return firstCode ?? (error instanceof Error ? oneLine(error.name) : 'unknown error');
}

/** The message of an error that was made by this program, in one line; of other errors it may hold secrets. */
export function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? oneLine(error.message) : describeError(error);
}

/** Text as one line of bounded length, for logs and API. */
export function oneLine(text: string): string {
  const line = text.replace(/[\s\p{C}]+/gu, ' ').trim();
  return line.length > MAX_DESCRIPTION_LENGTH ? `${line.slice(0, MAX_DESCRIPTION_LENGTH - 1)}…` : line;
}

interface Link {
  readonly code: string | undefined;
  readonly name: string;
  readonly message: string;
  /** Who wrote the message: this program, the platform (system, TLS, HTTP parser), or somebody who may have put anything in it. */
  readonly origin: 'own' | 'platform' | 'foreign';
}

/** An error and what caused it, the outermost first; cut short, because causes may form a ring. */
function* chainOf(error: unknown): Generator<Link> {
  for (let at = error, depth = 0; at instanceof Error && depth < MAX_CAUSES; depth++) {
    const facts = at as Error & Readonly<Record<'code' | 'syscall' | 'cause' | 'errors', unknown>>;
    const code = typeof facts.code === 'string' ? facts.code : undefined;
    yield { code, name: at.name, message: at.message, origin: originOf(code, facts.syscall) };
    at = facts.cause ?? (Array.isArray(facts.errors) ? facts.errors[0] : undefined);
  }
}

function originOf(code: string | undefined, syscall: unknown): Link['origin'] {
  if (code === undefined) return 'foreign';
  if (OWN_CODES.has(code)) return 'own';
  return syscall !== undefined || TLS_CODE.test(code) || /^(HPE_|ECONN)/.test(code) ? 'platform' : 'foreign';
}

function withReason(reason: FailureReason, codes: string): [string, FailureReason][] {
  return codes.split(' ').map((code) => [code, reason]);
}
