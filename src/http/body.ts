/** Reads request bodies under limits: of one body, counted as it is decoded, and of all bodies held at once. */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Failure } from './answer.ts';
import { refuse } from './answer.ts';

/** `failure: null`: the client went away, nobody waits for an answer. */
export type Body =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly failure: Failure | null };

export type BodyReader = (request: IncomingMessage, limitBytes: number) => Promise<Body>;

/** `heldBytes` is the most that unfinished bodies of all requests may hold together. */
export function createBodyReader({ heldBytes }: { heldBytes: number }): BodyReader {
  let held = 0;

  return (request, limitBytes) => {
    const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
    const gzipped = encoding === 'gzip' || encoding === 'x-gzip';
    if (!gzipped && encoding !== 'identity') {
      request.resume();
      return Promise.resolve(
        refuse('unsupported_media_type', 'content encodings are gzip and identity', {
          'Accept-Encoding': 'gzip',
        }),
      );
    }
    if (Number(request.headers['content-length']) > limitBytes) {
      request.resume();
      return Promise.resolve(tooLarge(limitBytes));
    }

    return new Promise((resolve) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const gunzip = gzipped ? request.pipe(createGunzip({ chunkSize: 64 * 1024 })) : null;
      const source: Readable = gunzip ?? request;

      const onData = (chunk: Buffer): void => {
        size += chunk.length;
        held += chunk.length;
        if (size > limitBytes) settle(tooLarge(limitBytes));
        else if (held > heldBytes)
          settle(refuse('unavailable', 'too many bodies at once', { 'Retry-After': '1' }));
        else chunks.push(chunk);
      };
      const onEnd = (): void =>
        settle({ ok: true, bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size) });
      const onGone = (): void => {
        // A request also closes when all of it has been read.
        if (!request.complete) settle({ ok: false, failure: null });
      };
      const onBroken = (): void => settle(refuse('bad_data', 'the body is not valid gzip'));

      const settle = (body: Body): void => {
        source.off('data', onData).off('end', onEnd);
        request.off('error', onGone).off('close', onGone);
        held -= size;
        size = 0;
        if (gunzip) {
          request.unpipe(gunzip);
          // Destroying it in the middle of a chunk may still make it complain.
          gunzip.off('error', onBroken).on('error', () => {});
          gunzip.destroy();
        }
        // What is left is read and thrown away, so that the client gets its answer; `requestTimeout` bounds it.
        if (!body.ok) request.resume();
        resolve(body);
      };

      source.on('data', onData).on('end', onEnd);
      gunzip?.on('error', onBroken);
      request.on('error', onGone).on('close', onGone);
    });
  };
}

function tooLarge(limitBytes: number): { ok: false; failure: Failure } {
  return refuse('too_large', `the body is larger than ${limitBytes} bytes, decoded`);
}
