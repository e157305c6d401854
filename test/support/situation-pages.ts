/** The pages of the situation's targets: several models whose accuracy is what the story has made of them. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Target extends AsyncDisposable {
  /** `host:port`. */
  readonly address: string;
}

/** A server that answers each scrape with what `page` says, or with the status 500 where it says nothing. */
export async function startTarget(page: () => string | null): Promise<Target> {
  const server = createServer((_request, response) => {
    const text = page();
    response.writeHead(text === null ? 500 : 200, { 'Content-Type': 'text/plain; version=0.0.4' });
    response.end(text ?? '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An address at which nobody listens. */
export async function deadAddress(): Promise<string> {
  await using target = await startTarget(() => null);
  return target.address;
}

const SEASON_MS = 1000;

/** One server with many models. The story changes which versions there are and how good they are. */
export class ServingPage {
  /** Accuracy by `model:version`. */
  readonly #accuracy = new Map<string, number>([
    ['steady:1', 0.95],
    ['slipping:1', 0.81],
    ['churn:1', 0.61],
    ['churn:2', 0.7],
    ['fraud:1', 0.72],
    ['pricing:1', 0.66],
    ['ranking:1', 0.6],
    ['orphan:1', 0.64],
    ['search:1', 0.7],
    ['reports:1', 0.68],
    ['legacy:1', 0.63],
    ['forecast:1', 0.7],
  ]);
  #scrapes = 0;

  set(version: string, accuracy: number): void {
    this.#accuracy.set(version, accuracy);
  }

  remove(version: string): void {
    this.#accuracy.delete(version);
  }

  text(): string {
    const wave = 0.008 * Math.sin(++this.#scrapes / 3);
    const lines = [
      // Inhibits from the first page on.
      'model_error_ratio{model="ranking",version="1"} 0.31',
      'model_error_ratio{model="steady",version="1"} 0.01',
      `model_latency_milliseconds{model="steady",version="1"} ${48 + 400 * wave}`,
      `model_latency_milliseconds{model="churn",version="1"} ${171 + 400 * wave}`,
      `model_accuracy{model="seasonal",version="1"} ${Date.now() % (2 * SEASON_MS) < SEASON_MS ? 0.7 : 0.93}`,
      // Dropped: no number, and a second series of the same signal.
      'model_accuracy{model="broken",version="1"} NaN',
      'model_accuracy{model="steady",version="1",replica="b"} 0.94',
    ];
    for (const [name, accuracy] of this.#accuracy) {
      const [model, version] = name.split(':');
      lines.push(`model_accuracy{model="${model}",version="${version}"} ${accuracy + wave}`);
    }
    return `${lines.join('\n')}\n`;
  }
}
