import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { SigningSecretError, webhookSignature, webhookTimestamp } from './signature.ts';

const id = 'rt_1';
const body = Buffer.from('{"type":"retrain.requested","model":"ünïcode 🐟"}');
// The verifier asks the clock whether a timestamp is recent.
const atMs = Date.now();

function headers(secrets: string) {
  return {
    'webhook-id': id,
    'webhook-timestamp': webhookTimestamp(atMs),
    'webhook-signature': webhookSignature({ id, atMs, body }, secrets),
  };
}

const whsec = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const rotated = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

describe('signature', () => {
  it('is accepted by the reference library for a whsec_ secret', () => {
    expect(new Webhook(whsec).verify(body, headers(whsec))).toEqual(JSON.parse(body.toString()));
  });

  it('is accepted for a secret that is its own bytes', () => {
    expect(
      new Webhook('a plain secret'.replaceAll(' ', '-'), { format: 'raw' }).verify(
        body,
        headers('a-plain-secret'),
      ),
    ).toBeTruthy();
  });

  it('is accepted by holders of the old and of the new secret during a rotation', () => {
    const both = headers(`${whsec}\n${rotated}\n`);
    expect(both['webhook-signature'].split(' ')).toHaveLength(2);
    expect(new Webhook(whsec).verify(body, both)).toBeTruthy();
    expect(new Webhook(rotated).verify(body, both)).toBeTruthy();
  });

  it('is refused by holders of another secret, and for another body', () => {
    expect(() => new Webhook(rotated).verify(body, headers(whsec))).toThrow('No matching signature');
    expect(() => new Webhook(whsec).verify('{}', headers(whsec))).toThrow('No matching signature');
  });

  it('is that of the reference library for any key and body', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 64 }),
        fc.string({ unit: 'binary' }),
        (key, text) => {
          const secret = `whsec_${Buffer.from(key).toString('base64')}`;
          const ours = webhookSignature({ id, atMs, body: Buffer.from(text) }, secret);
          expect(ours).toBe(new Webhook(secret).sign(id, new Date(atMs), text));
        },
      ),
    );
  });

  it('takes base64 with or without padding', () => {
    const padded = `whsec_${Buffer.alloc(25, 1).toString('base64')}`;
    expect(padded).toMatch(/==$/);
    expect(headers(padded.replace(/=+$/, ''))).toEqual(headers(padded));
  });

  it.each([
    ['an empty secret', ' \n'],
    ['whsec_ with nothing behind', 'whsec_'],
    ['whsec_ with base64 that is cut off', 'whsec_AAAAA'],
    ['whsec_ with what is no base64', 'whsec_not-base64!'],
  ])('refuses %s without repeating it', (_, secrets) => {
    expect(() => headers(secrets)).toThrow(SigningSecretError);
    expect(() => headers(secrets)).not.toThrow(/not-base64!/);
  });

  it('is stamped in whole seconds', () => {
    expect(webhookTimestamp(1_790_000_000_999.5)).toBe('1790000000');
  });
});
