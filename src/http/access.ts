/**
 * Who may do what. Without users, reads are open and writes come from this machine only; with users, nearly everything
 * needs one. It believes the socket and credentials, never a forwarding header.
 */
import type { IncomingMessage } from 'node:http';
import type { Verdict } from './answer.ts';
import { PASS, refuse } from './answer.ts';
import type { Authenticate } from './basic-auth.ts';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Probes come from the kubelet, which has no credentials. */
const OPEN_PATHS = new Set(['/-/healthy', '/-/ready']);
const OUTCOME_PATH = /^\/api\/v1\/retrains\/([^/]+)\/outcome$/;

export interface AccessOptions {
  readonly scheme: 'http' | 'https';
  /** User names and bcrypt hashes, as they are now; empty: nobody needs to log in. */
  users(): ReadonlyMap<string, string>;
  readonly authenticate: Authenticate;
  /** The origin by which browsers reach us through a proxy; null where that is not known. */
  readonly externalOrigin: string | null;
  /** Whether a token is that of a retrain request. */
  tokenFits(request: string, token: string): boolean;
}

export type Access = (request: IncomingMessage) => Verdict | Promise<Verdict>;

export function createAccess(options: AccessOptions): Access {
  const { scheme, users, authenticate, externalOrigin, tokenFits } = options;
  return (request) => {
    const path = pathOf(request.url!);
    const write = !READS.has(request.method!);
    const needUser = users().size > 0;
    const isOwn = needUser && externalOrigin !== null && request.headers.origin === externalOrigin;
    if (write && !isOwn && isForeignOrigin(request, scheme, needUser)) {
      return refuse(
        'forbidden',
        'writes from pages of another origin are refused; behind a proxy, --web.external-url says which one is ours',
      );
    }
    const outcome = request.method === 'POST' ? OUTCOME_PATH.exec(path) : null;
    if (!needUser) {
      // The outcome route asks for the request's own token itself.
      if (!write || outcome || isLoopback(request)) return PASS;
      return refuse(
        'forbidden',
        'writes are taken from 127.0.0.1 and ::1 only, unless --web.config.file names users',
      );
    }
    if (OPEN_PATHS.has(path)) return PASS;
    const token = outcome && bearerToken(request);
    if (token && tokenFits(decodeSegment(outcome[1]!), token)) return PASS;
    return authenticate(users, request.headers.authorization);
  };
}

/** Whether a write by this visitor, from a page of ours, would be taken; one who needs a login has it by now. */
export function mayWrite(
  request: IncomingMessage,
  { scheme, needUser }: { readonly scheme: AccessOptions['scheme']; readonly needUser: boolean },
): boolean {
  return needUser || (isLoopback(request) && hasNumericHost(request, scheme));
}

/** The path of an origin-form target, as the router sees it. */
export function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}

export function bearerToken(request: IncomingMessage): string | null {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/**
 * Browsers send `Origin` with every write, so a page elsewhere can't use a person's machine or login. Where the address
 * alone grants writes, the host must be an IP address or `localhost` too: a name could have been rebound to us.
 */
function isForeignOrigin(request: IncomingMessage, scheme: string, needUser: boolean): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return false;
  const theirs = URL.parse(origin);
  const ours = URL.parse(`${scheme}://${host ?? ''}`);
  if (!theirs || !ours || theirs.origin !== ours.origin) return true;
  return !needUser && !hasNumericHost(request, scheme);
}

function hasNumericHost({ headers }: IncomingMessage, scheme: string): boolean {
  const ours = URL.parse(`${scheme}://${headers.host ?? ''}`);
  return ours !== null && /^(localhost|[\d.]+|\[[\da-f:.]+\])$/.test(ours.hostname);
}

function isLoopback({ socket }: IncomingMessage): boolean {
  return LOOPBACK.has(socket.remoteAddress ?? '');
}
