/**
 * One page for two readers: each snapshot is served until both have read it, and only then is the next one taken. So both
 * know the same samples, whatever the instants at which they scrape.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Snapshot {
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

export interface Snapshots extends AsyncDisposable {
  /** The readers' paths are `/prometheus` and `/driftgauge`. */
  readonly address: string;
}

const READERS = ['/prometheus', '/driftgauge'];

/** `take` makes the next snapshot; its samples must carry their time. `read` is called when both have read one. */
export async function serveSnapshots(options: {
  readonly take: () => Promise<Snapshot>;
  readonly read: () => void;
}): Promise<Snapshots> {
  const unread = new Set<string>();
  let current: Promise<Snapshot> | undefined;
  const server = createServer(async (request, response) => {
    if (unread.size === 0) {
      for (const reader of READERS) unread.add(reader);
      current = options.take();
    }
    const snapshot = await current!.catch(() => undefined);
    // What it is taken of may be gone before those who read it.
    if (!snapshot) return void response.destroy();
    response.setHeader('content-type', snapshot.contentType);
    response.end(snapshot.body);
    if (unread.delete(request.url!) && unread.size === 0) options.read();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
