/** A client of the event stream that takes frames one by one, or nothing at all. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:http';
import type { HttpAddress } from './server.ts';

export interface Frame {
  readonly event: string;
  readonly data: unknown;
}

export interface Stream extends Disposable {
  readonly response: IncomingMessage;
  /** All that came, comments included. */
  readonly text: () => string;
  /** The next frame; rejects where the stream ends before. */
  next(): Promise<Frame>;
  /** Settles when so much text was seen. */
  seen(text: string): Promise<void>;
  readonly ended: Promise<void>;
}

/** Settles when the stream is open: what happens from then on is told. */
export async function openStream(address: HttpAddress, query = ''): Promise<Stream> {
  const request = get({ port: address.port, path: `/api/v1/events${query}`, agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: string[] = [];
  const frames: Frame[] = [];
  let taken = 0;
  /** Of a frame whose end has not come yet. */
  let rest = '';
  let isOver = false;
  let wake = Promise.withResolvers<void>();
  const more = () => {
    wake.resolve();
    wake = Promise.withResolvers();
  };
  const ended = new Promise<void>((resolve) => {
    response.on('close', () => {
      isOver = true;
      resolve();
      more();
    });
  });
  response.on('error', () => undefined);
  response.setEncoding('utf8').on('data', (chunk: string) => {
    chunks.push(chunk);
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop()!;
    frames.push(...blocks.flatMap(readFrame));
    more();
  });
  const text = () => chunks.join('');
  const until = async <T>(look: () => T | undefined, what: string): Promise<T> => {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (isOver) throw new Error(`the stream ended before ${what}: ${rest}`);
      await wake.promise;
    }
  };
  const stream: Stream = {
    response,
    text,
    next: () => until(() => (taken < frames.length ? frames[taken++] : undefined), 'a frame'),
    seen: (part) =>
      until(() => (text().includes(part) ? (true as const) : undefined), part).then(() => undefined),
    ended,
    [Symbol.dispose]: () => void request.destroy(),
  };
  await stream.seen('\n\n');
  return stream;
}

/** None where it is a comment, or says when to come back. */
function readFrame(block: string): Frame[] {
  const lines = block.split('\n');
  const value = (name: string) => lines.find((line) => line.startsWith(name))?.slice(name.length);
  const event = value('event: ');
  return event === undefined ? [] : [{ event, data: JSON.parse(value('data: ')!) }];
}
