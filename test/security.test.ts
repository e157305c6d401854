/** The claims of docs/security.md that no other test holds: limits, headers, permissions, and what the package is made of. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../src/http/limits.ts';
import { Program } from './support/program.ts';
import { scratch } from './support/scratch.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const PAGE = read('docs/security.md');

describe('the table of limits', () => {
  const limits: Record<string, string> = {
    'a pushed body, decoded': `${DEFAULT_LIMITS.bodyBytes} bytes`,
    'all bodies that are being read, together': `${DEFAULT_LIMITS.heldBodyBytes} bytes`,
    'request line and headers': `${DEFAULT_LIMITS.headerBytes} bytes`,
    connections: `${DEFAULT_LIMITS.connections}`,
    'to send the headers': `${DEFAULT_LIMITS.headersTimeoutMs / 1000} s`,
    'to send a whole request': `${DEFAULT_LIMITS.requestTimeoutMs / 1000} s`,
    'a request or answer under way, without a byte in either direction': `${DEFAULT_LIMITS.idleTimeoutMs / 1000} s`,
    'a connection between two requests': `${DEFAULT_LIMITS.keepAliveTimeoutMs / 1000} s`,
  };
  it.each(Object.entries(limits))('has that of %s', (what, limit) => {
    expect(PAGE).toContain(`\n| ${what} | ${limit} |\n`);
  });
});

describe('the program', () => {
  it('lets browsers of other origins read nothing, and sniff nothing', async () => {
    using folder = scratch();
    await using program = await Program.start({ storagePath: folder.file('data'), cwd: folder.path });
    for (const path of ['/', '/metrics', '/api/v1/signals', '/nowhere']) {
      const { headers } = await program.get(path, { headers: { Origin: 'http://elsewhere.example' } });
      expect(
        [...headers.keys()].filter((name) => name.startsWith('access-control')),
        path,
      ).toEqual([]);
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
    }
    const policy = (await program.get('/')).headers.get('content-security-policy')!.split('; ');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy.join()).not.toMatch(/unsafe|https?:|\*|data:/);
  });

  it('makes its files for its own user only', async () => {
    using folder = scratch();
    const wrapper = ['sh', '-c', 'umask 000; exec "$@"', 'sh'];
    await using program = await Program.start({
      storagePath: folder.file('data'),
      cwd: folder.path,
      wrapper,
    });
    expect((await program.get('/-/ready')).status).toBe(200);
    for (const name of ['data', 'data/driftgauge.db', 'data/driftgauge.db-wal'])
      expect(statSync(folder.file(name)).mode & 0o077, name).toBe(0);
  });
});

describe('the package', () => {
  interface Package {
    readonly dev?: boolean;
    readonly optional?: boolean;
    readonly hasInstallScript?: boolean;
    readonly integrity?: string;
    readonly os?: readonly string[];
  }
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, Package> };
  const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

  it('names exact versions', () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
      read('package.json'),
    ) as Record<string, Record<string, string>>;
    const versions = Object.values({ ...dependencies, ...devDependencies, ...optionalDependencies });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('locks each package with a hash', () => {
    expect(packages.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
  });

  it('runs without install scripts and native code', () => {
    // The optional ones are Node itself, for machines with an older one.
    const running = packages.filter(([, { dev, optional }]) => !dev && !optional);
    expect(running.length).toBeGreaterThan(10);
    expect(running.filter(([, { hasInstallScript, os }]) => hasInstallScript || os)).toEqual([]);
  });
});
