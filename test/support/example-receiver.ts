/** examples/receiver as a child process, as its reader would start it, and a way to it on which requests come twice. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const FILE = join(import.meta.dirname, '../../examples/receiver/receiver.mjs');

export interface ExampleReceiverOptions {
  readonly secretFile: string;
  /** The database in which it keeps what it knows. */
  readonly orders: string;
}

export class ExampleReceiver implements AsyncDisposable {
  readonly child: ChildProcess;
  output = '';
  readonly #exited: Promise<unknown>;

  private constructor({ secretFile, orders }: ExampleReceiverOptions) {
    const env = { ...process.env, SECRET_FILE: secretFile, ORDERS: orders, PORT: '0', TRAINING_MS: '50' };
    this.child = spawn(process.execPath, [FILE], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#exited = once(this.child, 'close');
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
  }

  static async start(options: ExampleReceiverOptions): Promise<ExampleReceiver> {
    const receiver = new ExampleReceiver(options);
    await receiver.said(/on port (\d+)/);
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${/on port (\d+)/.exec(this.output)![1]}/retrain`;
  }

  /** What it has begun to train, by request id. */
  get trainings(): readonly string[] {
    return [...this.output.matchAll(/^(rt_\w+): training/gm)].map(([, id]) => id!);
  }

  /** Settles once it has said so; rejects where it ends before. */
  async said(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.output)) {
      const more = await Promise.race([
        once(this.child.stdout!, 'data').then(() => true),
        this.#exited.then(() => false),
      ]);
      if (!more) throw new Error(`the receiver ended before it said ${pattern}:\n${this.output}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.#exited;
  }
}

export interface Relay extends AsyncDisposable {
  readonly url: string;
  /** What the receiver has answered. */
  readonly answers: readonly number[];
}

/** Passes each request on to a receiver twice, as if the first answer had been lost, and gives its second answer. */
export async function sendingTwice(url: string): Promise<Relay> {
  const answers: number[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
    const headers = Object.fromEntries(names.map((name) => [name, String(request.headers[name])]));
    for (let sent = 0; sent < 2; sent++)
      answers.push((await fetch(url, { method: 'POST', body, headers })).status);
    response.writeHead(answers.at(-1)!).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    answers,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
