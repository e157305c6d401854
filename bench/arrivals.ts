/** A local webhook receiver that knows when the first request about a model came from each sender. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const GIVE_UP_MS = 20_000;

/** What is read of Driftgauge's, Alertmanager's and the relay's bodies. */
interface Body {
  readonly data?: { readonly model: { readonly name: string } };
  readonly alerts?: readonly { readonly labels: { readonly model?: string } }[];
  readonly model?: { readonly name: string };
}

export class Arrivals implements AsyncDisposable {
  readonly #server: Server;
  readonly #times = new Map<string, PromiseWithResolvers<number>>();
  readonly #counts = new Map<string, number>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<Arrivals> {
    const server = createServer({ keepAliveTimeout: 600_000 });
    const arrivals = new Arrivals(server);
    server.on('request', async (request, response) => {
      const at = performance.now();
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      response.writeHead(202).end();
      arrivals.#take(request.url!.slice(1), JSON.parse(Buffer.concat(chunks).toString()) as Body, at);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return arrivals;
  }

  /** Where a sender posts to. */
  url(sender: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${sender}`;
  }

  /** Settles with the time at which the first request came, past or future. */
  async of(sender: string, model: string): Promise<number> {
    const { promise } = this.#slot(`${sender} ${model}`);
    const timer = Promise.withResolvers<never>();
    const timeout = setTimeout(
      () => timer.reject(new Error(`${sender} told nothing of ${model} within ${GIVE_UP_MS / 1000} s`)),
      GIVE_UP_MS,
    );
    try {
      return await Promise.race([promise, timer.promise]);
    } finally {
      clearTimeout(timeout);
    }
  }

  /** Requests of a sender so far. */
  count(sender: string): number {
    return this.#counts.get(sender) ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #take(sender: string, { data, alerts, model }: Body, at: number): void {
    this.#counts.set(sender, this.count(sender) + 1);
    const models = [data?.model.name, model?.name, ...(alerts ?? []).map(({ labels }) => labels.model)];
    for (const name of models) if (name !== undefined) this.#slot(`${sender} ${name}`).resolve(at);
  }

  #slot(key: string): PromiseWithResolvers<number> {
    let slot = this.#times.get(key);
    if (!slot) {
      slot = Promise.withResolvers();
      this.#times.set(key, slot);
    }
    return slot;
  }
}
