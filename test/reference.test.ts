/** The reference pages of docs/ are what the code says today, complete, and true of the shipped program. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULTS } from '../src/config/defaults.ts';
import { everyKey } from '../src/config/schema/walk.ts';
import { configSchema } from '../src/config/schema.ts';
import { parseDuration } from '../src/config/values/duration.ts';
import { parseSize } from '../src/config/values/size.ts';
import { FAMILIES } from '../src/metrics/table.ts';
import { sectionsOf } from '../tools/reference/keys.ts';
import { GROUPS } from '../tools/reference/metrics-groups.ts';
import { REFERENCE_PAGES } from '../tools/reference/pages.ts';
import { accuracy, Program } from './support/program.ts';
import { scratch } from './support/scratch.ts';

const read = (file: string) => readFileSync(join(import.meta.dirname, '..', file), 'utf8');

it.each(REFERENCE_PAGES)('$file is current (npm run reference makes it)', async ({ file, text }) => {
  expect(read(file)).toBe(await text());
});

describe('the configuration reference', () => {
  const keys = sectionsOf(configSchema).flatMap((section) => section.keys);

  it('has every key of the schema, once', () => {
    const paths = everyKey(configSchema).map(({ key, parents }) =>
      [...parents, key].join('.').replaceAll('.[]', '[]'),
    );
    expect(keys.map(({ path }) => path).sort()).toEqual(paths.sort());
  });

  it('says of every key what it does, and of every optional scalar what holds without it', () => {
    expect(keys.filter(({ description }) => description === '')).toEqual([]);
    const silent = keys.filter(
      ({ section, default: fallback, description }) =>
        section === null && fallback === '' && !/(Exactly|At most) one of|Instead of/.test(description),
    );
    // Needed or useless, by what stands beside them: their descriptions say by what.
    expect(silent.map(({ path }) => path.replace(/^.*\./, ''))).toEqual([
      ...['cert_file', 'key_file', 'target_label', 'modulus'],
      ...['gauge', 'rate', 'mean', 'histogram', 'distance'],
      ...['first', 'trailing', 'file'],
      ...['cert_file', 'key_file'],
    ]);
  });

  const defaults: Record<string, number | string> = {
    'global.scrape_interval': DEFAULTS.scrapeIntervalMs,
    'global.identity.model': DEFAULTS.modelLabel,
    'global.identity.version': DEFAULTS.versionLabel,
    'scrape_configs[].metrics_path': DEFAULTS.metricsPath,
    'scrape_configs[].sample_limit': DEFAULTS.sampleLimit,
    'scrape_configs[].body_size_limit': DEFAULTS.bodySizeLimitBytes,
    'metrics[].from.scale': DEFAULTS.scale,
    'metrics[].smoothing.alpha': DEFAULTS.alpha,
    'metrics[].smoothing.warm_up': DEFAULTS.warmUp,
    'metrics[].drift.for': DEFAULTS.forMs,
    'metrics[].drift.keep_firing_for': DEFAULTS.keepFiringForMs,
    'metrics[].drift.min_samples': DEFAULTS.minSamples,
    'metrics[].ttl': DEFAULTS.ttlMs,
    'retrain.group_wait': DEFAULTS.groupWaitMs,
    'retrain.cooldown': DEFAULTS.cooldownMs,
    'retrain.max_per_day': DEFAULTS.maxPerDay,
    'retrain.in_flight_timeout': DEFAULTS.inFlightTimeoutMs,
    'retrain.replaced_after': DEFAULTS.replacedAfterMs,
    'retrain.triggers[].webhook.timeout': DEFAULTS.webhookTimeoutMs,
    'retrain.triggers[].webhook.retry.initial': DEFAULTS.retryInitialMs,
    'retrain.triggers[].webhook.retry.max': DEFAULTS.retryMaxMs,
    'retrain.triggers[].webhook.retry.give_up_after': DEFAULTS.retryGiveUpAfterMs,
    'limits.max_signals': DEFAULTS.maxSignals,
    'limits.max_series': DEFAULTS.maxSeries,
  };
  it.each(Object.entries(defaults))('gives %s the default that the code has', (path, expected) => {
    const text = keys.find((key) => key.path === path)!.default.replaceAll('`', '');
    const value = /[a-z]$/i.test(text) ? (parseDuration(text) ?? parseSize(text) ?? text) : text;
    expect(String(value)).toBe(String(expected));
  });
});

describe('the metrics reference', () => {
  it('has every family in one group', () => {
    const grouped = GROUPS.flatMap(({ families }) => families.map(({ name }) => name));
    expect(grouped.sort()).toEqual(FAMILIES.map(({ name }) => name).sort());
  });

  it('is what a real page says: names, types and help', async () => {
    using folder = scratch();
    writeFileSync(folder.file('driftgauge.yaml'), EVERYTHING);
    const options = { storagePath: folder.file('data'), configFile: folder.file('driftgauge.yaml') };
    await using program = await Program.start(options);
    const models = ['asks', 'ends', 'held', 'suppressed'];
    await program.post(
      '/api/v1/events',
      models.map((name) => accuracy(0.5, { name })),
    );
    await program.post('/api/v1/events', accuracy(0.9, { name: 'suppressed' }));
    const rows = read('docs/metrics.md').matchAll(
      /^\| (?:<a id="\S+"><\/a>)?`(\S+)` \| (\w+) \| [^|]* \| (.*) \|$/gm,
    );
    const written = [...rows].map(([, name, type, help]) =>
      [name, type, help!.replaceAll('`', '')].join(' | '),
    );

    let served: readonly string[];
    let missing: readonly string[];
    do {
      served = familiesOf(await (await program.get('/metrics')).text());
      missing = written.filter((row) => !served.includes(row));
    } while (missing.some((row) => row.startsWith('driftgauge_')));

    expect(served.filter((row) => !written.includes(row))).toEqual([]);
    // Shown once there was a collection, or a request in progress; and some on Linux only.
    const maybe =
      process.platform === 'linux' ? /^nodejs_(gc_duration_seconds|active_requests) / : /^process_/;
    expect(missing.filter((row) => !maybe.test(row))).toEqual([]);
  });
});

/** Name, type and help of each family of a page. */
function familiesOf(page: string): readonly string[] {
  const help = new Map([...page.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name, text]) => [name, text]));
  return [...page.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(
    ([, name, type]) => `${name} | ${type} | ${help.get(name)}`,
  );
}

/** What gives every family a series. */
const EVERYTHING = `
scrape_configs:
  - {job_name: down, scrape_interval: 100ms, static_configs: [{targets: ["127.0.0.1:1"]}]}
metrics:
  - {name: accuracy, smoothing: {alpha: 1}, drift: {below: 0.85}, action: retrain}
retrain:
  initial_hold: 0s
  group_wait: 0s
  triggers:
    - {name: unreachable, models: [asks], webhook: {url: "http://127.0.0.1:1/", retry: {initial: 100ms}}}
    - {name: notes, models: [ends], log: {}}
`;
