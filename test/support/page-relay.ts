/** A way to a program that outlives it, and on which visitors are not this machine's 127.0.0.1: they come from another address. */
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

export interface Relay extends AsyncDisposable {
  readonly url: string;
  /** Where it leads; a program that is started again has another port. */
  target: string;
}

export async function startRelay(target: string): Promise<Relay> {
  const sockets = new Set<Socket>();
  const server = createServer((visitor) => {
    const { hostname, port } = new URL(relay.target);
    const program = connect({ host: hostname, port: Number(port), localAddress: '127.0.0.2' });
    for (const [from, to] of [
      [visitor, program],
      [program, visitor],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.once('close', () => to.destroy());
      from.pipe(to);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const relay: Relay = {
    target,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return relay;
}
