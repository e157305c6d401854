/**
 * A model server as Prometheus sees it: accuracy, F1 and latency of the model `fraud` on /metrics, with labels for model
 * and version. Once told to drift it stays bad, until another version is deployed.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

export const MODEL = 'fraud';
export const FIRST_VERSION = '1';

const HEALTHY = { accuracy: 0.93, f1: 0.9, latencyMs: 48 };
const DRIFTED = { accuracy: 0.72, f1: 0.73, latencyMs: 53 };
/** From healthy to drifted: no step, so that the EMA can be seen to follow. */
const DECLINE_MS = 2500;

export interface ModelServer extends AsyncDisposable {
  /** Without a path. */
  readonly url: string;
  readonly version: string;
  /** From now on the served version gets worse. */
  drift(): void;
  /** Serves another version, a healthy one; the series of the old one vanish from the page. */
  deploy(version: string): void;
}

export async function startModelServer({ seed }: { readonly seed: number }): Promise<ModelServer> {
  const noise = createNoise(seed);
  let version = FIRST_VERSION;
  let driftingSince: number | null = null;

  const now = (key: keyof typeof HEALTHY): number => {
    const progress = driftingSince === null ? 0 : Math.min(1, (Date.now() - driftingSince) / DECLINE_MS);
    const level = HEALTHY[key] + (DRIFTED[key] - HEALTHY[key]) * progress;
    return level * (1 + 0.012 * noise());
  };
  const page = createPage(now, () => version);

  const server = createServer(async (request, response) => {
    if (request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404).end('there is only /metrics here\n');
      return;
    }
    const text = await page.metrics();
    response.writeHead(200, { 'Content-Type': page.contentType }).end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get version() {
      return version;
    },
    drift() {
      driftingSince = Date.now();
    },
    deploy(next) {
      version = next;
      driftingSince = null;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A page like that of any Node service with prom-client. */
function createPage(now: (key: keyof typeof HEALTHY) => number, version: () => string): Registry {
  const register = new Registry();
  const gauge = (name: string, help: string, key: keyof typeof HEALTHY) =>
    new Gauge({
      name,
      help,
      labelNames: ['model', 'version'],
      registers: [register],
      collect() {
        this.reset();
        this.set({ model: MODEL, version: version() }, now(key));
      },
    });
  gauge('model_accuracy', 'Share of right predictions among those with a label.', 'accuracy');
  gauge('model_f1_score', 'F1 score among the predictions with a label.', 'f1');
  gauge('model_inference_latency_milliseconds', 'Mean time of a prediction.', 'latencyMs');
  new Counter({
    name: 'model_predictions_total',
    help: 'Predictions made.',
    labelNames: ['model', 'version'],
    registers: [register],
    collect() {
      this.inc({ model: MODEL, version: version() }, 40);
    },
  });
  collectDefaultMetrics({ register });
  return register;
}

/** Reproducible noise around 0, within ±1: the mean of three draws of mulberry32. */
function createNoise(seed: number): () => number {
  let state = seed >>> 0;
  const draw = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => ((draw() + draw() + draw()) / 3) * 2 - 1;
}
