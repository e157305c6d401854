import { hashSync } from 'bcryptjs';
import { describe, expect, it } from 'vitest';
import { createAuthenticate } from './basic-auth.ts';

// Cost 4 is the least that bcrypt knows: tests need no strength.
const USERS = new Map([
  ['ada', hashSync('correct horse', 4)],
  ['grace', hashSync('pass:with:colons', 4).replace('$2b$', '$2y$')],
  ['ünï', hashSync('pässwörd', 4)],
  ['__proto__', hashSync('polluted', 4)],
]);

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('credentials', () => {
  it.each<[what: string, authorization: string | undefined, verdict: string]>([
    ['of a user', basic('ada:correct horse'), 'pass'],
    [
      'with colons in the password, and a hash as htpasswd writes it',
      basic('grace:pass:with:colons'),
      'pass',
    ],
    ['beyond ASCII', basic('ünï:pässwörd'), 'pass'],
    ['of a user named __proto__', basic('__proto__:polluted'), 'pass'],
    ['with another case in the scheme', basic('ada:correct horse').replace('Basic', 'bAsIc'), 'pass'],
    ['with a wrong password', basic('ada:wrong'), 'unauthorized'],
    ['with an empty password', basic('ada:'), 'unauthorized'],
    ['of another user', basic('grace:correct horse'), 'unauthorized'],
    ['of nobody', basic('eve:correct horse'), 'unauthorized'],
    ['of a name that every object has', basic('constructor:x'), 'unauthorized'],
    ['without a colon', basic('ada'), 'unauthorized'],
    ['that are missing', undefined, 'unauthorized'],
    ['that are empty', '', 'unauthorized'],
    ['of another scheme', 'Bearer abc', 'unauthorized'],
    ['that are no base64', 'Basic \u0001\u0002', 'unauthorized'],
  ])('%s', async (_what, authorization, verdict) => {
    const authenticate = createAuthenticate();
    for (const attempt of [1, 2]) {
      const result = await authenticate(() => USERS, authorization);
      expect([attempt, result.ok ? 'pass' : result.failure.type]).toEqual([attempt, verdict]);
    }
  });

  it('say how to log in where they are refused', async () => {
    const verdict = await createAuthenticate()(() => USERS, undefined);
    expect(verdict.ok ? null : verdict.failure.headers).toEqual({
      'WWW-Authenticate': 'Basic realm="driftgauge", charset="UTF-8"',
    });
  });

  it('are remembered, so that the second request need not wait for bcrypt', async () => {
    const authenticate = createAuthenticate();
    expect(authenticate(() => USERS, basic('ada:correct horse'))).toBeInstanceOf(Promise);
    await authenticate(() => USERS, basic('ada:correct horse'));
    expect(authenticate(() => USERS, basic('ada:correct horse'))).toEqual({ ok: true });
  });

  it('are forgotten when the hash of the user changes', async () => {
    const authenticate = createAuthenticate();
    await authenticate(() => USERS, basic('ada:correct horse'));
    const changed = new Map([['ada', hashSync('other', 4)]]);
    expect((await authenticate(() => changed, basic('ada:correct horse'))).ok).toBe(false);
    const others = new Map([['eve', USERS.get('ada')!]]);
    expect((await authenticate(() => others, basic('ada:correct horse'))).ok).toBe(false);
  });

  it.each<[what: string, after: ReadonlyMap<string, string>]>([
    ['is a user no more', new Map([['eve', hashSync('other', 4)]])],
    ['has another password', new Map([['ada', hashSync('other', 4)]])],
    ['nobody is a user any more', new Map()],
  ])('of one who, when they have been checked, %s, are refused', async (_what, after) => {
    let users: ReadonlyMap<string, string> = USERS;
    const verdict = createAuthenticate()(() => users, basic('ada:correct horse'));
    users = after;
    expect((await verdict).ok).toBe(false);
  });

  it('are checked one after the other, and too many at once are sent away', async () => {
    const authenticate = createAuthenticate();
    const verdicts = await Promise.all(
      Array.from({ length: 20 }, (_, i) => authenticate(() => USERS, basic(`ada:guess ${i}`))),
    );
    const types = verdicts.map((verdict) => (verdict.ok ? 'pass' : verdict.failure.type));
    expect(types).toEqual([...Array(16).fill('unauthorized'), ...Array(4).fill('too_many_requests')]);
    expect((await authenticate(() => USERS, basic('ada:correct horse'))).ok).toBe(true);
  });

  it('of an unknown user cost as much as those of a known one', async () => {
    const users = new Map([['ada', hashSync('correct horse', 8)]]);
    const authenticate = createAuthenticate();
    const cost = async (user: string): Promise<number> => {
      const times: number[] = [];
      for (let i = 0; i < 9; i++) {
        const start = performance.now();
        await authenticate(() => users, basic(`${user}:guess ${i}`));
        times.push(performance.now() - start);
      }
      return times.sort((a, b) => a - b)[4]!;
    };
    await cost('ada');
    const ratio = (await cost('nobody')) / (await cost('ada'));
    // Without the decoy it would be a thousandth.
    expect(ratio).toBeGreaterThan(0.2);
    expect(ratio).toBeLessThan(5);
  });
});
