/** A port of loopback for programs that must know it before they listen. */
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below what systems give to whoever asks for any port: nobody else gets one of these between the look and its use. */
const FIRST = 20_000;
const COUNT = 10_000;
/** Somewhere, because others may look at the same time. */
let next = Math.floor(Math.random() * COUNT);

export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + (next++ % COUNT);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
