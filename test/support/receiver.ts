/** A webhook receiver that journals every request to a file before it answers, as an honest pipeline would. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Delivery {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What was answered; 0 where the connection was cut. */
  readonly status: number;
}

export type Answer = (
  delivery: { readonly body: string; readonly count: number },
  response: ServerResponse,
) => number;

export class Receiver implements AsyncDisposable {
  readonly #server: Server;
  readonly #journal: string;
  readonly #waiting = new Set<() => void>();
  #answer: Answer;
  #count = 0;

  private constructor(journal: string, answer: Answer) {
    this.#journal = journal;
    this.#answer = answer;
    this.#server = createServer((request, response) => void this.#take(request, response));
  }

  /** `answer` gives the status, or 0 after it has destroyed the socket itself. */
  static async start(journal: string, answer: Answer = () => 202): Promise<Receiver> {
    const receiver = new Receiver(journal, answer);
    writeFileSync(journal, '', { flag: 'a' });
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/retrain`;
  }

  set answer(answer: Answer) {
    this.#answer = answer;
  }

  get deliveries(): Delivery[] {
    return readJournal(this.#journal);
  }

  /** Settles when so many requests have come. */
  async received(count: number): Promise<Delivery[]> {
    while (this.deliveries.length < count) await new Promise<void>((resolve) => this.#waiting.add(resolve));
    return this.deliveries;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    try {
      for await (const chunk of request) body += chunk;
    } catch {
      return;
    }
    const status = this.#answer({ body, count: ++this.#count }, response);
    const delivery: Delivery = {
      id: String(request.headers['webhook-id']),
      headers: request.headers as Record<string, string>,
      body,
      status,
    };
    appendFileSync(this.#journal, `${JSON.stringify(delivery)}\n`);
    if (status > 0 && !response.headersSent) response.writeHead(status).end();
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

export function readJournal(file: string): Delivery[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Delivery);
}
