/**
 * Posts one metric event after the other on each of its connections, over plain sockets so that it costs little
 * itself. Arguments: URL, connections. Each message from the parent is a window in milliseconds; the answer is a
 * `PushWindow`.
 */
import { connect } from 'node:net';

export interface PushWindow {
  readonly pushes: number;
  readonly refused: number;
  readonly elapsedMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const url = new URL(process.argv[2]!);
const connections = Number(process.argv[3]);

let latencies: number[] = [];
let refused = 0;
let open = false;
let inFlight = 0;
let drained = Promise.withResolvers<void>();

function createConnection(index: number): () => void {
  let sentAt = 0;
  let answer = '';
  let count = 0;
  const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
  const send = () => {
    const value = 0.9 + (count++ % 997) / 10_000;
    const body = `{"model":{"name":"load-${index}","version":"1.4.0"},"metric":"accuracy","value":${value}}`;
    sentAt = performance.now();
    inFlight++;
    socket.write(
      `POST ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  };
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    answer += chunk;
    // A 204 has no body; anything else is counted and ends the run.
    if (!answer.includes('\r\n\r\n')) return;
    if (!answer.startsWith('HTTP/1.1 204')) refused++;
    answer = '';
    latencies.push(performance.now() - sentAt);
    inFlight--;
    if (open && refused === 0) send();
    else if (inFlight === 0) drained.resolve();
  });
  socket.on('error', (error) => {
    throw error;
  });
  return send;
}

const senders = Array.from({ length: connections }, (_, index) => createConnection(index));

process.on('message', async (windowMs: number) => {
  latencies = [];
  drained = Promise.withResolvers();
  open = true;
  const started = performance.now();
  for (const send of senders) send();
  setTimeout(() => {
    open = false;
  }, windowMs);
  await drained.promise;
  const elapsedMs = performance.now() - started;
  const sorted = Float64Array.from(latencies).sort();
  process.send!({
    pushes: sorted.length - refused,
    refused,
    elapsedMs,
    p50Ms: sorted[Math.floor(sorted.length * 0.5)]!,
    p99Ms: sorted[Math.floor(sorted.length * 0.99)]!,
  } satisfies PushWindow);
});
process.send!('ready');
