/** A real local receiver for tests: an HTTP(S) or raw TCP server on a free port that remembers what came. */
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server as NetServer,
  type Socket,
} from 'node:net';
import type { TlsOptions } from 'node:tls';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Receiver extends AsyncDisposable {
  readonly port: number;
  /** Without a trailing slash. */
  readonly url: string;
  readonly received: Received[];
  /** Connections so far. */
  readonly connections: () => number;
}

type Answering = (response: Parameters<RequestListener>[1], request: Received) => void;

/** Answers each request after its body has come. */
export function startReceiver(answer: Answering, tls?: TlsOptions): Promise<Receiver> {
  const received: Received[] = [];
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => {});
    response.on('error', () => {});
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    received.push({ method, url, headers, body: Buffer.concat(chunks) });
    answer(response, received.at(-1)!);
  };
  const server: Server = tls ? createTlsServer(tls, listener) : createServer(listener);
  return listen(server, { received, scheme: tls ? 'https' : 'http' });
}

/** Hands over each raw connection. */
export function startRawReceiver(handle: (socket: Socket) => void): Promise<Receiver> {
  return listen(createTcpServer(handle), { received: [], scheme: 'http' });
}

async function listen(server: NetServer, facts: { received: Received[]; scheme: string }): Promise<Receiver> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${facts.scheme}://127.0.0.1:${port}`,
    received: facts.received,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
