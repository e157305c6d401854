/** Checks of the HTTP client part of a scrape job or a webhook. */
import type { Finding, Path } from '../problem.ts';
import type { Readable } from '../readable.ts';
import type { RawScrapeConfig } from '../schema/scrape.ts';
import { headerValueFault } from '../values/names.ts';
import { checkOne, isWritten } from './reading.ts';

type HttpPart = Pick<Readable<RawScrapeConfig>, 'headers' | 'basic_auth' | 'authorization' | 'tls_config'>;

export function checkHttp(http: HttpPart, path: Path): readonly Finding[] {
  return [
    ...checkOne(http, ['basic_auth', 'authorization'], { path, required: false }),
    ...checkAuth(http, path),
    ...checkTls(http, path),
    ...checkHeaders(http, path),
  ];
}

function checkAuth({ basic_auth: basic, authorization }: HttpPart, path: Path): readonly Finding[] {
  const findings: Finding[] = [];
  if (basic) {
    const at = [...path, 'basic_auth'];
    findings.push(...checkOne(basic, ['password', 'password_file'], { path: at, required: true }));
  }
  if (authorization) {
    const at = [...path, 'authorization'];
    findings.push(
      ...checkOne(authorization, ['credentials', 'credentials_file'], { path: at, required: true }),
    );
    if (authorization.type?.toLowerCase() === 'basic') {
      findings.push({
        path: [...at, 'type'],
        message: 'expected another scheme, found "Basic", which is written as basic_auth',
      });
    }
    const { credentials } = authorization;
    if (credentials === '') {
      findings.push({ path: [...at, 'credentials'], message: 'expected credentials, found an empty text' });
    } else if (credentials !== undefined && headerValueFault(credentials) !== null) {
      findings.push({
        path: [...at, 'credentials'],
        message: 'expected credentials that a header can carry, found a line break or the like in them',
      });
    }
  }
  return findings;
}

function checkTls({ tls_config: tls }: HttpPart, path: Path): readonly Finding[] {
  if (!tls || isWritten(tls, 'cert_file') === isWritten(tls, 'key_file')) return [];
  const [written, missing] = isWritten(tls, 'cert_file')
    ? ['cert_file', 'key_file']
    : ['key_file', 'cert_file'];
  return [
    {
      path: [...path, 'tls_config', written],
      message: `expected cert_file and key_file together, found no ${missing}`,
      atKey: true,
    },
  ];
}

function checkHeaders({ headers, ...http }: HttpPart, path: Path): readonly Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(headers ?? {})) {
    const at = [...path, 'headers', name];
    const lower = name.toLowerCase();
    if (seen.has(lower)) {
      findings.push({
        path: at,
        message: 'expected each header once, found it in another spelling',
        atKey: true,
      });
    }
    seen.add(lower);
    if (lower === 'authorization' && (isWritten(http, 'basic_auth') || isWritten(http, 'authorization'))) {
      findings.push({
        path: at,
        message: 'expected one way to authenticate, found this header beside basic_auth or authorization',
        atKey: true,
      });
    }
    // Again, as an environment variable may have come in.
    if (value !== undefined && headerValueFault(value) !== null) {
      findings.push({
        path: at,
        message: 'expected a value that a header can carry, found a line break or the like in it',
      });
    }
  }
  return findings;
}
