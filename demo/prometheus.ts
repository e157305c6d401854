/** Debian's Prometheus beside the sidecar, where it is installed: so that the averages and flags can be looked at as a graph. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../test/support/free-port.ts';

const START_TIMEOUT_MS = 10_000;
const STOP_TIMEOUT_MS = 3000;
const POLL_MS = 50;

const EXPRESSION =
  '{__name__=~"driftgauge_signal_ema|driftgauge_signal_threshold|driftgauge_drift",metric="accuracy"}';

export interface Prometheus extends AsyncDisposable {
  /** A graph of average, threshold and flag; or why there is none, in a few words. */
  readonly graph: { readonly url: string } | { readonly missing: string };
}

export interface PrometheusOptions {
  /** Its own, for config and samples. */
  readonly folder: string;
  /** host:port of the sidecar. */
  readonly target: string;
}

/** Settles once it can be asked, or it is clear that it can't be; never rejects. */
export async function startPrometheus({ folder, target }: PrometheusOptions): Promise<Prometheus> {
  mkdirSync(folder);
  writeFileSync(join(folder, 'prometheus.yml'), prometheusConfig(target));
  const port = await freePort();
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'samples')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    // As the sidecar: Ctrl-C in the terminal is for the demo.
    { stdio: 'ignore', detached: true },
  );
  const ended = once(child, 'exit').then(
    () => 'it did not start',
    (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? 'not installed (Debian package prometheus), so no graph' : error.message,
  );
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  void ended.then(() => process.off('exit', kill));

  const url = `http://127.0.0.1:${port}`;
  const looking = new AbortController();
  const missing = await Promise.race([ended, untilReady(url, looking.signal)]);
  // Or the wait would keep the demo alive that it is for.
  looking.abort();
  return {
    graph: missing === null ? { url: graphUrl(url) } : { missing },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      const killed = setTimeout(kill, STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(killed);
    },
  };
}

function prometheusConfig(target: string): string {
  return `global:
  scrape_interval: 1s

scrape_configs:
  - job_name: driftgauge
    honor_labels: true
    static_configs:
      - targets: ["${target}"]
`;
}

/** Null once it can be asked. */
async function untilReady(url: string, signal: AbortSignal): Promise<string | null> {
  const tooLate = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < tooLate && !signal.aborted) {
    const answer = await fetch(`${url}/-/ready`, { signal }).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return null;
    await delay(POLL_MS, undefined, { signal }).catch(() => {});
  }
  return `not ready within ${START_TIMEOUT_MS / 1000} s`;
}

function graphUrl(url: string): string {
  const query = new URLSearchParams({ 'g0.expr': EXPRESSION, 'g0.tab': '0', 'g0.range_input': '2m' });
  return `${url}/graph?${query}`;
}
