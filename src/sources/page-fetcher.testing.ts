/** A fetcher with a page of its own, and a server that never answers, for tests. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { Clock } from '../clock.ts';
import { systemClock } from '../clock.ts';
import type { ScrapeConfig } from '../config/config.ts';
import { acceptHeader } from './formats/index.ts';
import { Page } from './formats/page.ts';
import { PageFetcher } from './page-fetcher.ts';
import { scrapeConfig } from './target.testing.ts';
import { targetUrl } from './target-url.ts';

export function fetcherOf(
  address: string,
  overrides: Partial<ScrapeConfig> = {},
  { clock = systemClock }: { clock?: Clock } = {},
) {
  const config = scrapeConfig(overrides);
  const url = targetUrl(config, { address, labels: new Map() });
  const fetcher = new PageFetcher({ config, url, clock, userAgent: 'Driftgauge/1.2.3' });
  const buffer = new Page(16);
  const stopping = new AbortController();
  return {
    stopping,
    buffer,
    async fetch({ nativeHistograms = false }: { nativeHistograms?: boolean } = {}) {
      const accept = acceptHeader({ nativeHistograms });
      const result = await fetcher.fetch(buffer, { signal: stopping.signal, accept });
      return { result, body: buffer.bytes.toString('latin1', 0, buffer.length) };
    },
    [Symbol.dispose]: () => fetcher.close(),
  };
}

/** Takes connections and says nothing. */
export async function startSilentServer(): Promise<{ server: Server; address: string } & AsyncDisposable> {
  const server = createServer((socket) => socket.on('error', () => {}).resume());
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    server,
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
