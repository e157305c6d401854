/** The frame of the status page, from a server that does as a test tells it: what it answers, when, and what its stream says. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { FakeBackend } from '../../src/http/backend.testing.ts';
import { loadAssets } from '../../src/page/assets.ts';
import { html } from '../../src/page/html.ts';
import { layout } from '../../src/page/layout.ts';

const CLIENT = join(import.meta.dirname, '../../dist/page/assets/live.js');

/** `#look` is how often the page was asked for. */
function pageOf(look: number): string {
  const main = html`<p id="look">${look}</p>
<label>Other <input id="other"></label>
<details id="ep_1"><summary>An episode</summary><p>Its story</p></details>`;
  return layout({ title: 'Driftgauge', root: '', here: 'models', source: new FakeBackend(), main }).text;
}

export class PageServer implements AsyncDisposable {
  /** Of the page. */
  status = 200;
  /** What is answered instead of the page. */
  foreign: string | null = null;
  refusesStream = false;
  readonly #assets = loadAssets();
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #streams = new Set<ServerResponse>();
  #looks = 0;
  #stall: PromiseWithResolvers<void> | null = null;

  static async start(): Promise<PageServer> {
    const started = new PageServer();
    started.#server.listen(0, '127.0.0.1');
    await once(started.#server, 'listening');
    return started;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** No page is answered until `resume`. */
  stall(): void {
    this.#stall = Promise.withResolvers();
  }

  resume(): void {
    this.#stall?.resolve();
    this.#stall = null;
  }

  /** To every open stream. */
  tell(event: string): void {
    for (const stream of this.#streams) stream.write(`event: ${event}\ndata: {}\n\n`);
  }

  endStreams(): void {
    for (const stream of this.#streams) stream.end();
    this.#streams.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer({ url }: IncomingMessage, response: ServerResponse): Promise<void> {
    const asset = this.#assets.get(url!.slice('/assets/'.length));
    if (url === '/assets/live.js') {
      response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(readFileSync(CLIENT));
    } else if (asset) {
      response.writeHead(200, { 'Content-Type': asset.contentType }).end(asset.body);
    } else if (url!.startsWith('/api/v1/events')) {
      this.#openStream(response);
    } else {
      const page = pageOf(++this.#looks);
      await this.#stall?.promise;
      response
        .writeHead(this.status, { 'Content-Type': 'text/html; charset=utf-8' })
        .end(this.foreign ?? page);
    }
  }

  #openStream(response: ServerResponse): void {
    if (this.refusesStream) {
      response.writeHead(503).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
    this.#streams.add(response);
    response.once('close', () => this.#streams.delete(response));
  }
}
