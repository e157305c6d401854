/** The headers of one attempt. Secrets are read here, anew each time; what is ours cannot be replaced by the config. */
import type { WebhookConfig } from '../../config/config.ts';
import {
  authorizationHeader,
  basicAuthorization,
  CredentialsError,
  readHeaderSecret,
  readSecret,
} from '../../outgoing/credentials.ts';
import { SigningSecretError, webhookSignature, webhookTimestamp } from '../signature.ts';
import type { OutgoingRequest } from '../trigger.ts';

export interface WebhookHeadersSource {
  readonly request: Pick<OutgoingRequest, 'id' | 'body'>;
  readonly config: WebhookConfig;
  /** Of Driftgauge. */
  readonly version: string;
  /** Its user info, where there is some, becomes basic auth. */
  readonly url: URL;
  readonly wallMs: number;
}

/** Headers that frame the message or the connection: they follow from the request, a configured one would break it. */
const FRAMING: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Names in lower case. Rejects with a `CredentialsError`. */
export async function webhookHeaders(source: WebhookHeadersSource): Promise<Record<string, string>> {
  const { request, config, version, url, wallMs } = source;
  const headers = new Map([
    ['content-type', 'application/json'],
    ['user-agent', `Driftgauge/${version}`],
    ['accept-encoding', 'identity'],
  ]);
  if (url.username !== '' || url.password !== '') {
    headers.set('authorization', basicAuthorization(decode(url.username), decode(url.password)));
  }
  for (const [name, secret] of config.headers) {
    const key = name.toLowerCase();
    if (!FRAMING.has(key)) headers.set(key, await readHeaderSecret(secret));
  }
  if (config.auth) headers.set('authorization', await authorizationHeader(config.auth));
  headers.set('idempotency-key', request.id);
  headers.set('webhook-id', request.id);
  headers.set('webhook-timestamp', webhookTimestamp(wallMs));
  if (config.signingSecret) headers.set('webhook-signature', await signature(source, config.signingSecret));
  else headers.delete('webhook-signature');
  return Object.fromEntries(headers);
}

type SigningSecret = NonNullable<WebhookConfig['signingSecret']>;

async function signature({ request, wallMs }: WebhookHeadersSource, secret: SigningSecret): Promise<string> {
  const secrets = await readSecret(secret);
  try {
    return webhookSignature({ id: request.id, atMs: wallMs, body: request.body }, secrets);
  } catch (error) {
    if (!(error instanceof SigningSecretError)) throw error;
    const where = 'file' in secret ? secret.file : 'the config';
    throw new CredentialsError('ERR_SECRET_FILE', `${where}: ${error.message}`);
  }
}

/** User info of a URL is percent-encoded; what is not well encoded is taken as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
