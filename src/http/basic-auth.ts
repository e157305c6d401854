/**
 * Basic authentication against bcrypt hashes. A hash costs tens of milliseconds, so hits are remembered (as keyed
 * digests, never the credentials), misses cost the same whether the user exists, and only one is computed at a time.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { compare, getRounds } from 'bcryptjs';
import type { Verdict } from './answer.ts';
import { PASS, refuse } from './answer.ts';

/** `users`: names and bcrypt hashes, as they are whenever it asks. */
export type Authenticate = (
  users: () => ReadonlyMap<string, string>,
  authorization: string | undefined,
) => Verdict | Promise<Verdict>;

/** Of hits; more than any sane list of users. The oldest goes first. */
const MAX_REMEMBERED = 1000;
/** Guesses that wait for their turn; more are sent away, so that guessing can't starve the rest. */
const MAX_WAITING = 16;

const REFUSED = refuse('unauthorized', 'this needs a user of --web.config.file', {
  'WWW-Authenticate': 'Basic realm="driftgauge", charset="UTF-8"',
});
const BUSY = refuse('too_many_requests', 'too many logins at once', { 'Retry-After': '1' });

export function createAuthenticate(): Authenticate {
  const digestKey = randomBytes(32);
  const remembered = new Set<string>();
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();

  return (users, authorization) => {
    const credentials = readCredentials(authorization);
    if (!credentials) return REFUSED;
    const { user, password } = credentials;
    const hash = users().get(user);
    const expected = hash ?? decoy(users());
    const digest = createHmac('sha256', digestKey)
      .update(JSON.stringify([user, password, hash ?? null]))
      .digest('base64');
    if (remembered.has(digest)) return PASS;
    if (waiting >= MAX_WAITING) return BUSY;

    const check = async (): Promise<Verdict> => {
      const same = await compare(password, expected);
      // It took its time, and its turn came late: who is a user no more must not come in.
      if (!same || hash === undefined || users().get(user) !== hash) return REFUSED;
      if (remembered.size >= MAX_REMEMBERED) remembered.delete(remembered.values().next().value!);
      remembered.add(digest);
      return PASS;
    };
    waiting++;
    const verdict = last.then(check).finally(() => waiting--);
    last = verdict.catch(() => {});
    return verdict;
  };
}

/** A hash that no password is known for, as expensive as the most expensive of the users'. */
function decoy(users: ReadonlyMap<string, string>): string {
  const rounds = Math.max(...Array.from(users.values(), getRounds));
  return `$2b$${String(rounds).padStart(2, '0')}$${'.'.repeat(53)}`;
}

function readCredentials(authorization: string | undefined): { user: string; password: string } | null {
  const encoded = /^Basic +([\w+/=-]+) *$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
