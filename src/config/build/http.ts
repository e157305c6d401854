/** The HTTP client part of a job or a webhook, parsed. */
import type { HttpAuth, Secret, TlsConfig } from '../config.ts';
import type { RawScrapeConfig } from '../schema/scrape.ts';
import type { ResolvePath } from './values.ts';

type RawHttp = Pick<RawScrapeConfig, 'headers' | 'basic_auth' | 'authorization' | 'tls_config'>;

export interface HttpClientConfig {
  readonly headers: ReadonlyMap<string, Secret>;
  readonly auth?: HttpAuth;
  readonly tls?: TlsConfig;
}

export function toHttpClient(raw: RawHttp, resolve: ResolvePath): HttpClientConfig {
  const auth = toAuth(raw, resolve);
  return {
    headers: new Map(Object.entries(raw.headers ?? {}).map(([name, value]) => [name, { value }])),
    ...(auth && { auth }),
    ...(raw.tls_config && { tls: toTls(raw.tls_config, resolve) }),
  };
}

/** The one that was written of a value and a file. */
export function toSecret(
  value: string | undefined,
  file: string | undefined,
  resolve: ResolvePath,
): Secret | undefined {
  if (file !== undefined) return { file: resolve(file) };
  return value === undefined ? undefined : { value };
}

function toAuth({ basic_auth: basic, authorization }: RawHttp, resolve: ResolvePath): HttpAuth | undefined {
  if (basic) {
    const password = toSecret(basic.password, basic.password_file, resolve);
    return password && { kind: 'basic', username: basic.username, password };
  }
  if (!authorization) return undefined;
  const credentials = toSecret(authorization.credentials, authorization.credentials_file, resolve);
  return credentials && { kind: 'authorization', type: authorization.type ?? 'Bearer', credentials };
}

function toTls(raw: NonNullable<RawHttp['tls_config']>, resolve: ResolvePath): TlsConfig {
  return {
    ...(raw.ca_file !== undefined && { caFile: resolve(raw.ca_file) }),
    ...(raw.cert_file !== undefined && { certFile: resolve(raw.cert_file) }),
    ...(raw.key_file !== undefined && { keyFile: resolve(raw.key_file) }),
    ...(raw.server_name !== undefined && { serverName: raw.server_name }),
    insecureSkipVerify: raw.insecure_skip_verify ?? false,
  };
}
