/** Secrets, authorization headers and TLS options of outgoing requests. Files are read anew for each request, so rotation needs no reload. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { SecureContextOptions } from 'node:tls';
import type { HttpAuth, Secret, TlsConfig } from '../config/config.ts';

/** A secret or certificate that cannot be used. The message names the file, never what is in it. */
export class CredentialsError extends Error {
  readonly code: 'ERR_SECRET_FILE' | 'ERR_TLS_FILE';

  constructor(code: CredentialsError['code'], message: string) {
    super(message);
    this.name = 'CredentialsError';
    this.code = code;
  }
}

export interface OutgoingTls extends SecureContextOptions {
  servername?: string;
  rejectUnauthorized: boolean;
}

/** Larger than any certificate bundle; a secret file that is bigger was named by mistake. */
const MAX_FILE_BYTES = 2 * 1024 * 1024;

/** Trailing line breaks are not part of a secret in a file. Rejects with a `CredentialsError`. */
export async function readSecret(secret: Secret): Promise<string> {
  if ('value' in secret) return secret.value;
  return (await readSmallFile(secret.file, 'ERR_SECRET_FILE')).toString('utf8').replace(/[\r\n]+$/, '');
}

/** A secret as the value of a header: its UTF-8 bytes, one char each. Rejects with a `CredentialsError`. */
export async function readHeaderSecret(secret: Secret): Promise<string> {
  const value = await readSecret(secret);
  // An HTTP client drops such characters (and would send a wrong secret) or refuses them with a worse message.
  if (/[\p{Cc}]/u.test(value.replaceAll('\t', ''))) {
    throw new CredentialsError(
      'ERR_SECRET_FILE',
      `${nameOf(secret)} holds a control character, which no header can carry`,
    );
  }
  return asHeaderBytes(value);
}

/** The value of the `Authorization` header. Rejects with a `CredentialsError`. */
export async function authorizationHeader(auth: HttpAuth): Promise<string> {
  if (auth.kind === 'authorization')
    return `${asHeaderBytes(auth.type)} ${await readHeaderSecret(auth.credentials)}`;
  return basicAuthorization(auth.username, await readSecret(auth.password));
}

/** RFC 7617, in UTF-8. */
export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** What `node:tls` needs of a `tls_config`. Rejects with a `CredentialsError`. */
export async function tlsOptions(tls: TlsConfig): Promise<OutgoingTls> {
  const options: OutgoingTls = { rejectUnauthorized: !tls.insecureSkipVerify };
  if (tls.serverName !== undefined) options.servername = tls.serverName;
  if (tls.caFile !== undefined) options.ca = await readSmallFile(tls.caFile, 'ERR_TLS_FILE');
  if (tls.certFile !== undefined) options.cert = await readSmallFile(tls.certFile, 'ERR_TLS_FILE');
  if (tls.keyFile !== undefined) options.key = await readSmallFile(tls.keyFile, 'ERR_TLS_FILE');
  return options;
}

function asHeaderBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function nameOf(secret: Secret): string {
  return 'file' in secret ? secret.file : 'a secret in the config';
}

async function readSmallFile(path: string, code: CredentialsError['code']): Promise<Buffer> {
  let handle: FileHandle | undefined;
  try {
    // Without O_NONBLOCK a FIFO that nobody writes to would take a thread of the pool for ever.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await handle.stat();
    if (!stat.isFile()) throw new CredentialsError(code, `${path} is not a file`);
    if (stat.size > MAX_FILE_BYTES)
      throw new CredentialsError(code, `${path} is larger than ${MAX_FILE_BYTES} bytes`);
    return await handle.readFile();
  } catch (error) {
    if (error instanceof CredentialsError) throw error;
    const { code: cause } = error as NodeJS.ErrnoException;
    throw new CredentialsError(code, `cannot read ${path}: ${cause ?? 'unknown error'}`);
  } finally {
    await handle?.close();
  }
}
