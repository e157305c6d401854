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
  let text = '';
  let read = 0;
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
    text += chunk;
    more();
  });
  const until = async <T>(look: () => T | undefined, what: string): Promise<T> => {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (isOver) throw new Error(`the stream ended before ${what}: ${text.slice(read)}`);
      await wake.promise;
    }
  };
  const take = (): Frame | undefined => {
    for (let end = text.indexOf('\n\n', read); end >= 0; end = text.indexOf('\n\n', read)) {
      const lines = text.slice(read, end).split('\n');
      read = end + 2;
      const value = (name: string) => lines.find((line) => line.startsWith(name))?.slice(name.length);
      const event = value('event: ');
      if (event !== undefined) return { event, data: JSON.parse(value('data: ')!) };
    }
    return undefined;
  };
  const stream: Stream = {
    response,
    text: () => text,
    next: () => until(take, 'a frame'),
    seen: (part) =>
      until(() => (text.includes(part) ? (true as const) : undefined), part).then(() => undefined),
    ended,
    [Symbol.dispose]: () => void request.destroy(),
  };
  await stream.seen('\n\n');
  return stream;
}
