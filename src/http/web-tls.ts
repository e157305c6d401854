/** `tls_server_config` of the web config file: its schema, and what `node:tls` makes of it. */
import { dirname, resolve } from 'node:path';
import type { SecureContextOptions } from 'node:tls';
import { createSecureContext } from 'node:tls';
import { z } from 'zod';
import type { ClientAuthType } from './tls-names.ts';
import { CIPHERS, CLIENT_AUTH_TYPES, CURVES, TLS_VERSIONS, TLS13_CIPHERS } from './tls-names.ts';
import { WebConfigError } from './web-config-error.ts';

export interface WebTls {
  readonly context: SecureContextOptions;
  readonly clientAuth: ClientAuthType;
  /** A client certificate must have one of these names, where there are any. */
  readonly allowedSans: readonly string[];
}

/** Rejects with a `WebConfigError` that names `place`. */
export type ReadFile = (path: string, place: string) => Promise<string>;

const oneOf = <Name extends string>(names: readonly Name[]) =>
  z.enum(names, { error: `expected one of ${names.join(', ')}` });

/** In the format, empty is as good as absent. */
const text = z
  .string()
  .nullish()
  .transform((value) => value || undefined);

export const TLS_SCHEMA = z.strictObject({
  cert: text,
  key: text,
  client_ca: text,
  cert_file: text,
  key_file: text,
  client_ca_file: text,
  client_auth_type: oneOf(CLIENT_AUTH_TYPES).default('NoClientCert'),
  client_allowed_sans: z.array(z.string()).default([]),
  min_version: oneOf(Object.keys(TLS_VERSIONS)).default('TLS12'),
  max_version: oneOf(Object.keys(TLS_VERSIONS)).default('TLS13'),
  cipher_suites: z.array(oneOf(Object.keys(CIPHERS))).default([]),
  prefer_server_cipher_suites: z.boolean().default(true),
  curve_preferences: z.array(oneOf(Object.keys(CURVES))).default([]),
});

type RawTls = z.output<typeof TLS_SCHEMA>;

/** Null where nothing switches TLS on. Rejects with `WebConfigError`. */
export async function readTls(
  raw: RawTls,
  { file, read }: { file: string; read: ReadFile },
): Promise<WebTls | null> {
  const { client_auth_type: clientAuth, client_allowed_sans: allowedSans } = raw;
  const material = [raw.cert, raw.key, raw.client_ca, raw.cert_file, raw.key_file, raw.client_ca_file];
  if (material.every((value) => value === undefined) && clientAuth === 'NoClientCert') return null;

  const problems: string[] = [];
  const fault = (key: string, message: string) =>
    void problems.push(`${file}: tls_server_config.${key}: ${message}`);
  const pem = async (name: 'cert' | 'key' | 'client_ca'): Promise<string | undefined> => {
    const inline = raw[name];
    const path = raw[`${name}_file`];
    if (path === undefined) return inline;
    if (inline !== undefined) fault(`${name}_file`, `not together with ${name}`);
    try {
      return await read(resolve(dirname(file), path), `${file}: tls_server_config.${name}_file`);
    } catch (error) {
      if (!(error instanceof WebConfigError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const [cert, key, ca] = [await pem('cert'), await pem('key'), await pem('client_ca')];
  for (const name of ['cert', 'key'] as const) {
    if (raw[name] === undefined && raw[`${name}_file`] === undefined)
      fault(`${name}_file`, `missing, and so is ${name}`);
  }
  const hasCa = raw.client_ca !== undefined || raw.client_ca_file !== undefined;
  if (hasCa && clientAuth === 'NoClientCert')
    fault('client_auth_type', 'missing; without one the client CA is of no use');
  if (!hasCa && clientAuth.includes('Verify')) fault('client_ca_file', `missing; ${clientAuth} needs it`);
  if (allowedSans.length > 0 && !clientAuth.startsWith('Require')) {
    fault('client_allowed_sans', 'needs client_auth_type RequireAnyClientCert or RequireAndVerifyClientCert');
  }
  if (raw.min_version > raw.max_version) fault('min_version', 'newer than max_version');
  if (problems.length > 0) throw new WebConfigError(problems);

  const context: SecureContextOptions = {
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(ca !== undefined && { ca }),
    minVersion: TLS_VERSIONS[raw.min_version]!,
    maxVersion: TLS_VERSIONS[raw.max_version]!,
    honorCipherOrder: raw.prefer_server_cipher_suites,
    ...cipherOptions(raw),
  };
  try {
    createSecureContext(context);
  } catch (error) {
    throw new WebConfigError([
      `${file}: tls_server_config: ${error instanceof Error ? error.message : 'not usable'}`,
    ]);
  }
  return { context, clientAuth, allowedSans };
}

function cipherOptions({ cipher_suites: suites, curve_preferences: curves }: RawTls): SecureContextOptions {
  // The key is about TLS up to 1.2; OpenSSL would switch 1.3 off where none of its suites is listed.
  const ciphers = new Set([...TLS13_CIPHERS, ...suites.map((name) => CIPHERS[name]!)]);
  return {
    ...(suites.length > 0 && { ciphers: [...ciphers].join(':') }),
    ...(curves.length > 0 && { ecdhCurve: curves.map((name) => CURVES[name]).join(':') }),
  };
}
