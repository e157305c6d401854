/** Targets behind one HTTP server: each gives two good pages, then a bad one, and then waits with its answer until it is told to go on. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FormatName } from './good-pages.ts';
import { CONTENT_TYPES, goodPage } from './good-pages.ts';
import type { HostilePage } from './hostile-pages.ts';

const GOOD_PAGES = 2;

export interface HostileServer extends AsyncDisposable {
  readonly address: string;
  /** All that waits, and all that comes, is answered with good pages. */
  goOn(): void;
}

/** The path of a target is `/` and its number. */
export async function startHostileServer(
  targets: readonly { readonly before: FormatName; readonly page: HostilePage }[],
): Promise<HostileServer> {
  const served = targets.map(() => 0);
  const waiting: (() => void)[] = [];
  let goesOn = false;
  const server = createServer((request, response) => {
    const index = Number(request.url!.slice(1));
    const { before, page } = targets[index]!;
    const number = served[index]!++;
    const good = () =>
      answer(response, { contentType: CONTENT_TYPES[before], content: goodPage(before, number) });
    if (number < GOOD_PAGES || goesOn) good();
    else if (number === GOOD_PAGES) answer(response, page);
    else waiting.push(good);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    goOn() {
      goesOn = true;
      for (const good of waiting) good();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(response: ServerResponse, { contentType, content }: HostilePage): void {
  if (contentType !== '') response.setHeader('content-type', contentType);
  response.end(content);
}
