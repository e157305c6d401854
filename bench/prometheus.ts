/** Debian's Prometheus and Alertmanager doing the same job: an EMA by recording rules, an alert, a webhook. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../test/support/free-port.ts';
import { Child, findProgram, HAS_PROC } from './proc.ts';

const READY_MS = 30_000;

export interface PrometheusPrograms {
  readonly prometheus: string;
  readonly alertmanager: string;
}

/** A sentence where something is missing. */
export function findPrometheus(): PrometheusPrograms | string {
  if (!HAS_PROC) return 'it needs /proc, that is Linux';
  const prometheus = findProgram('prometheus');
  const alertmanager = findProgram('prometheus-alertmanager', 'alertmanager');
  if (prometheus && alertmanager) return { prometheus, alertmanager };
  return 'it needs prometheus and prometheus-alertmanager (apt-get install prometheus prometheus-alertmanager)';
}

export interface PrometheusOptions {
  readonly programs: PrometheusPrograms;
  /** For configs and data. */
  readonly folder: string;
  /** `host:port`. */
  readonly target: string;
  /** Gauges to smooth; the first is alerted on. */
  readonly gauges: readonly string[];
  readonly webhookUrl: string;
}

/** Scrape, rules and alert each second, nothing waits: as quick as the pair is usually run. */
export class PrometheusPair implements AsyncDisposable {
  readonly prometheus: Child;
  readonly alertmanager: Child;
  readonly #url: string;

  private constructor(url: string, prometheus: Child, alertmanager: Child) {
    this.#url = url;
    this.prometheus = prometheus;
    this.alertmanager = alertmanager;
  }

  /** Settles when both say that they are ready. */
  static async start({
    programs,
    folder,
    target,
    gauges,
    webhookUrl,
  }: PrometheusOptions): Promise<PrometheusPair> {
    const port = await freePort();
    const alertPort = await freePort();
    mkdirSync(folder, { recursive: true });
    const write = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const rules = write('rules.yml', rulesOf(gauges));
    const config = write(
      'prometheus.yml',
      `global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
rule_files: [${JSON.stringify(rules)}]
alerting:
  alertmanagers:
    - static_configs: [{targets: ["127.0.0.1:${alertPort}"]}]
scrape_configs:
  - job_name: models
    static_configs: [{targets: ["${target}"]}]
`,
    );
    const alertConfig = write(
      'alertmanager.yml',
      `route: {receiver: hook, group_by: [model, version], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}
receivers:
  - name: hook
    webhook_configs: [{url: ${JSON.stringify(webhookUrl)}, send_resolved: false}]
`,
    );
    const pair = new PrometheusPair(
      `http://127.0.0.1:${port}`,
      Child.spawn(programs.prometheus, [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(folder, 'tsdb')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=warn',
      ]),
      Child.spawn(programs.alertmanager, [
        `--config.file=${alertConfig}`,
        `--storage.path=${join(folder, 'alertmanager')}`,
        `--web.listen-address=127.0.0.1:${alertPort}`,
        '--cluster.listen-address=',
        '--log.level=warn',
      ]),
    );
    try {
      await ready(pair.prometheus, `http://127.0.0.1:${port}`);
      await ready(pair.alertmanager, `http://127.0.0.1:${alertPort}`);
    } catch (error) {
      await pair[Symbol.asyncDispose]();
      throw error;
    }
    return pair;
  }

  /** The value of an instant query that gives one; 0 where it gives none. */
  async query(query: string): Promise<number> {
    const response = await fetch(`${this.#url}/api/v1/query?query=${encodeURIComponent(query)}`);
    const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
    return Number(data.result[0]?.value[1] ?? 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.prometheus[Symbol.asyncDispose](), this.alertmanager[Symbol.asyncDispose]()]);
  }
}

function rulesOf(gauges: readonly string[]): string {
  const records = gauges.map(
    (gauge) => `      - record: ${gauge}:ema
        expr: (0.25 * ${gauge} + 0.75 * ${gauge}:ema) or ${gauge}
`,
  );
  return `groups:
  - name: drift
    interval: 1s
    rules:
${records.join('')}      - alert: Drift
        expr: ${gauges[0]}:ema < 0.85
`;
}

async function ready(child: Child, url: string): Promise<void> {
  for (const giveUpAt = performance.now() + READY_MS; performance.now() < giveUpAt; await sleep(50)) {
    child.throwIfEnded();
    const response = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (response?.ok) return;
  }
  throw new Error(`not ready within ${READY_MS / 1000} s: ${url}`);
}
