/** Copies of the test certificates in a folder of the test's own, where it may replace them. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('../../test/data/tls/web/', import.meta.url));

export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
}

export interface CertificateFolder extends Disposable {
  readonly path: string;
  /** `server-1` and `server-2` are good for localhost; `client` is signed by `client-ca.pem`, `stranger` by itself. */
  get(name: 'server-1' | 'server-2' | 'client' | 'stranger'): Certificate;
}

export function createCertificateFolder(): CertificateFolder {
  const path = mkdtempSync(join(tmpdir(), 'driftgauge-tls-'));
  cpSync(SOURCE, path, { recursive: true });
  return {
    path,
    get(name) {
      const [certFile, keyFile] = [join(path, `${name}.pem`), join(path, `${name}.key`)];
      return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true }),
  };
}
