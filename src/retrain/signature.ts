/** Signatures of outgoing requests, as Standard Webhooks 1.0 has them (symmetric, `v1`). Pure. */
import { createHmac } from 'node:crypto';

export interface SignedContent {
  readonly id: string;
  /** When this attempt is made, in milliseconds since 1970. */
  readonly atMs: number;
  readonly body: Uint8Array;
}

const PREFIX = 'whsec_';

/** The text of a secret that no key can be made from. The message does not repeat it. */
export class SigningSecretError extends Error {
  readonly code = 'ERR_SIGNING_SECRET';
}

/** Seconds, as in the `webhook-timestamp` header. */
export function webhookTimestamp(atMs: number): string {
  return String(Math.floor(atMs / 1000));
}

/**
 * The `webhook-signature` header: one signature per secret, so that a receiver that knows any of them accepts the
 * request while secrets are rotated. `secrets` are separated by white space; each is `whsec_` and base64, or its own
 * UTF-8 bytes. Throws `SigningSecretError`.
 */
export function webhookSignature(content: SignedContent, secrets: string): string {
  return signingKeys(secrets)
    .map((key) => {
      const hmac = createHmac('sha256', key);
      hmac.update(`${content.id}.${webhookTimestamp(content.atMs)}.`).update(content.body);
      return `v1,${hmac.digest('base64')}`;
    })
    .join(' ');
}

function signingKeys(secrets: string): Buffer[] {
  const keys = secrets.split(/\s+/).filter(Boolean).map(signingKey);
  if (keys.length === 0) throw new SigningSecretError('the signing secret is empty');
  return keys;
}

function signingKey(secret: string): Buffer {
  if (!secret.startsWith(PREFIX)) return Buffer.from(secret, 'utf8');
  const encoded = secret.slice(PREFIX.length);
  // Buffer.from skips what is not base64 and would make a key that no receiver has.
  if (!/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}(==)?|[A-Za-z0-9+/]{3}=?)?$/.test(encoded) || encoded === '') {
    throw new SigningSecretError(`what follows ${PREFIX} in the signing secret is not base64`);
  }
  return Buffer.from(encoded, 'base64');
}
