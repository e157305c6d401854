import { execFile } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorizationHeader, readHeaderSecret, readSecret, tlsOptions } from './credentials.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftgauge-credentials-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('a secret', () => {
  it('is what the config holds, or what the file holds now', async () => {
    expect(await readSecret({ value: 'as it is\n' })).toBe('as it is\n');
    const path = await file('rotated', 'old');
    expect(await readSecret({ file: path })).toBe('old');
    await file('rotated', 'new');
    expect(await readSecret({ file: path })).toBe('new');
  });

  it.each([
    ['s\n', 's'],
    ['s\r\n\n', 's'],
    ['\ns ', '\ns '],
    ['', ''],
  ])('of the file content %j is %j', async (content, expected) => {
    expect(await readSecret({ file: await file('content', content) })).toBe(expected);
  });

  it.each<[string, () => Promise<string>, RegExp]>([
    ['that is missing', async () => join(folder, 'missing'), /^cannot read .*missing: ENOENT$/],
    ['that is a folder', async () => folder, /is not a file$/],
    [
      'that is a pipe nobody writes to',
      async () => {
        await promisify(execFile)('mkfifo', [join(folder, 'pipe')]);
        return join(folder, 'pipe');
      },
      /pipe is not a file$/,
    ],
    [
      'that is huge',
      async () => {
        const path = await file('huge', '');
        await truncate(path, 2 ** 40);
        return path;
      },
      /is larger than 2097152 bytes$/,
    ],
    ['with a NUL in its path', async () => 'a\0b', /^cannot read .*: ERR_INVALID_ARG_VALUE$/],
  ])('in a file %s is an error that names the file', async (_, path, message) => {
    await expect(readSecret({ file: await path() })).rejects.toThrow(message);
  });
});

describe('a secret in a header', () => {
  it('travels as its UTF-8 bytes', async () => {
    const value = await readHeaderSecret({ value: 'pässword🔑' });
    expect(Buffer.from(value, 'latin1').toString('utf8')).toBe('pässword🔑');
  });

  it.each(['a\nb', 'a\rb', 'a\0b', '\u007f', '\u0085'])(
    'is refused as %j, and not repeated',
    async (secret) => {
      await expect(readHeaderSecret({ value: secret })).rejects.toThrow(
        'a secret in the config holds a control character',
      );
      const path = await file('control', `x${secret}x`);
      await expect(readHeaderSecret({ file: path })).rejects.toThrow(`${path} holds a control character`);
    },
  );

  it.each([
    ['Bearer', { kind: 'authorization', type: 'Bearer', credentials: { value: 't' } } as const, 'Bearer t'],
    [
      'another type',
      { kind: 'authorization', type: 'GenieKey', credentials: { value: 't' } } as const,
      'GenieKey t',
    ],
    [
      'Basic, in UTF-8',
      { kind: 'basic', username: 'mé', password: { value: 'p:w' } } as const,
      'Basic bcOpOnA6dw==',
    ],
  ])('authorizes by %s', async (_, auth, expected) => {
    expect(await authorizationHeader(auth)).toBe(expected);
  });
});

describe('TLS options', () => {
  it('are those of the files as they are now', async () => {
    const caFile = await file('ca', 'CA');
    const options = await tlsOptions({
      caFile,
      certFile: await file('cert', 'CERT'),
      keyFile: await file('key', 'KEY'),
      serverName: 'trainer',
      insecureSkipVerify: false,
    });
    expect(options).toEqual({
      rejectUnauthorized: true,
      servername: 'trainer',
      ca: Buffer.from('CA'),
      cert: Buffer.from('CERT'),
      key: Buffer.from('KEY'),
    });
  });

  it('verify unless told otherwise', async () => {
    expect(await tlsOptions({ insecureSkipVerify: true })).toEqual({ rejectUnauthorized: false });
  });

  it('name a file that cannot be read', async () => {
    const caFile = join(folder, 'missing');
    await expect(tlsOptions({ caFile, insecureSkipVerify: false })).rejects.toMatchObject({
      code: 'ERR_TLS_FILE',
      message: `cannot read ${caFile}: ENOENT`,
    });
  });
});
