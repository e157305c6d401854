import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import type { Page, PageOp } from '../core/derive/trace.testing.ts';
import { DERIVED, derivedRules, pageOp, Replicas, Targets } from '../core/derive/trace.testing.ts';
import type { Report } from '../core/retrain.ts';
import type { JudgeConfig, Rule } from '../core/rule.ts';
import {
  HOUR,
  MINUTE,
  makeConfig,
  makePolicy,
  makeRule,
  Scenario,
  SECOND,
  START,
  word,
} from '../core/scenario.testing.ts';
import { EMA, SAMPLES, TIME } from '../core/signal.ts';
import type { Change, World } from '../core/world.ts';
import { openStore } from './open.ts';
import { modelToRow } from './rows.ts';
import type { SqliteStore } from './sqlite.ts';

const RUNS = Number(process.env['CUT_RUNS'] ?? 40);
const scratch = mkdtempSync(join(tmpdir(), 'cut-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** An entry of every kind of derivation, in front; some ask, and some hold what others ask. */
function withDerived(
  config: JudgeConfig,
  change: (metric: string) => Partial<Rule> = () => ({}),
): JudgeConfig {
  const count = Object.keys(DERIVED).length;
  const derived = derivedRules().map((rule) => ({ ...rule, ...change(rule.metric) }));
  return {
    ...config,
    rules: [...derived, ...config.rules.map((rule) => ({ ...rule, entry: rule.entry + count }))],
  };
}

const SPINE: readonly JudgeConfig[] = [
  makeConfig({
    rules: [
      makeRule({ smoothing: { kind: 'alpha', alpha: 0.25 }, forMs: 2 * MINUTE, keepFiringForMs: MINUTE }),
      makeRule({
        metric: 'latency',
        entry: 1,
        smoothing: { kind: 'half_life', halfLifeMs: MINUTE },
        warmUp: 2,
        minSamples: 2,
        ttlMs: 2 * HOUR,
      }),
      makeRule({ metric: 'errors', entry: 2, action: 'inhibit', ttlMs: HOUR }),
    ],
    policy: makePolicy({
      groupWaitMs: 30 * SECOND,
      cooldownMs: HOUR,
      maxPerDay: 2,
      inFlightTimeoutMs: 2 * HOUR,
      initialHoldMs: 5 * MINUTE,
    }),
    policies: [{ models: ['churn'], policy: makePolicy({ cooldownMs: 10 * MINUTE, groupWaitMs: MINUTE }) }],
  }),
  makeConfig({
    rules: [
      makeRule({ smoothing: { kind: 'alpha', alpha: 0.25 } }),
      makeRule({ metric: 'errors', entry: 1, action: 'flag' }),
    ],
    policy: makePolicy({ cooldownMs: 10 * MINUTE }),
    triggers: [{ name: 'training', models: [], outcome: 'none' }],
  }),
  makeConfig({
    rules: [
      makeRule({ smoothing: { kind: 'alpha', alpha: 0.25 }, ttlMs: 10 * MINUTE }),
      makeRule({ metric: 'latency', entry: 1 }),
    ],
    policy: makePolicy({ mode: 'dry_run', cooldownMs: MINUTE, maxPerDay: 3, groupWaitMs: SECOND }),
  }),
];

const CONFIGS: readonly JudgeConfig[] = [
  withDerived(SPINE[0]!, (metric) => (metric === 'ratio' ? { action: 'inhibit' } : {})),
  // `rate` is derived in another way, and so is begun anew; `mean` and `quantile` ask.
  withDerived(SPINE[1]!, (metric) => ({
    ...(metric === 'rate' && { from: { ...DERIVED['rate_per_minute']! }, inputFingerprint: 'another' }),
    ...((metric === 'mean' || metric === 'quantile') && { action: 'retrain' as const }),
    ttlMs: 2 * HOUR,
  })),
  SPINE[2]!,
];

type Op =
  | { readonly op: 'wait'; readonly ms: number }
  | {
      readonly op: 'samples';
      readonly samples: readonly {
        value: number;
        metric: string;
        version: string;
        model: string;
        offset: number;
      }[];
    }
  /** A page of a replica, some time after the last input. */
  | { readonly op: 'page'; readonly page: PageOp; readonly afterMs: number }
  /** A scrape that fails. */
  | { readonly op: 'fail'; readonly target: string }
  | { readonly op: 'report'; readonly reports: readonly Report['kind'][] }
  | { readonly op: 'config'; readonly config: number }
  | { readonly op: 'clock'; readonly by: number };

const sample = fc.record({
  value: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(0.2, 0.5, 0.84, 0.86, 0.95) },
    fc.double({ noNaN: true, min: -10, max: 10 }),
  ),
  metric: fc.constantFrom('accuracy', 'latency', 'errors'),
  version: fc.constantFrom('1', '2'),
  model: fc.constantFrom('fraud', 'churn'),
  offset: fc.constantFrom(0, -1, -30_000, 500),
});
const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      op: fc.constant('samples' as const),
      samples: fc.array(sample, { minLength: 1, maxLength: 8 }),
    }),
  },
  {
    weight: 14,
    arbitrary: fc.record({
      op: fc.constant('page' as const),
      page: pageOp,
      afterMs: fc.constantFrom(3 * SECOND, 7 * SECOND, 15 * SECOND, 2 * MINUTE),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ op: fc.constant('fail' as const), target: fc.constantFrom('a', 'b') }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      op: fc.constant('wait' as const),
      ms: fc.constantFrom(SECOND, 20 * SECOND, MINUTE, 7 * MINUTE, HOUR, 25 * HOUR),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constant('report' as const),
      reports: fc.constantFrom<readonly Report['kind'][]>(
        ['attempt', 'delivered'],
        ['attempt', 'attempt_failed'],
        ['attempt', 'parked'],
        ['outcome'],
        ['cancel'],
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ op: fc.constant('config' as const), config: fc.nat(CONFIGS.length - 1) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      op: fc.constant('clock' as const),
      by: fc.constantFrom(-HOUR, HOUR, 3652 * 24 * HOUR),
    }),
  },
);

const REPORTS: { readonly [Kind in Report['kind']]: (at: number) => Report } = {
  attempt: () => ({ kind: 'attempt' }),
  delivered: () => ({ kind: 'delivered' }),
  attempt_failed: (at) => ({
    kind: 'attempt_failed',
    reason: 'connect',
    message: 'connect ECONNREFUSED 127.0.0.1:8080',
    written: false,
    retryAt: at + MINUTE,
    refused: false,
  }),
  parked: () => ({ kind: 'parked', reason: 'gone', message: 'answered 410 Gone', written: true }),
  outcome: () => ({ kind: 'outcome', status: 'succeeded', version: null, message: null }),
  redeliver: () => ({ kind: 'redeliver', trigger: 'training' }),
  cancel: () => ({ kind: 'cancel' }),
};

/** `page` is what the operation's replica shows, the same for everyone who applies it. */
function apply(
  scenario: Scenario,
  one: Op,
  { targets, page }: { targets: Targets; page: Page | null },
): Change[] {
  const known = (metric: string) => scenario.world.config.rules.some((rule) => rule.metric === metric);
  switch (one.op) {
    case 'wait':
      return scenario.wait(one.ms);
    case 'samples':
      return scenario.samples(
        one.samples
          .filter(({ metric }) => known(metric))
          .map(({ offset, ...rest }) => (offset === 0 ? rest : { ...rest, time: scenario.at + offset })),
      );
    case 'page': {
      const waited = scenario.wait(one.afterMs);
      const { world, at } = scenario;
      return [...waited, ...scenario.take((into) => targets.derive(world, page!, { at, into }))];
    }
    case 'fail': {
      const waited = scenario.wait(SECOND);
      targets.fail(scenario.world, one.target, scenario.at);
      return waited;
    }
    case 'report': {
      const request = [...scenario.world.requests.values()][0];
      return request
        ? one.reports.flatMap((kind) => scenario.report(REPORTS[kind](scenario.at), request))
        : [];
    }
    case 'config':
      return scenario.reconfigure(CONFIGS[one.config]!);
    case 'clock':
      return scenario.stepClock(one.by);
  }
}

function commit(store: SqliteStore, world: World, changes: readonly Change[]): void {
  const asked = changes.flatMap((change) =>
    change.type === 'requested' && change.request.endedAt === null ? [change.request.id] : [],
  );
  store.commit(world, new Map(asked.map((id) => [id, new TextEncoder().encode(id)])));
}

/** Everything that decides what happens next. */
function stateOf(world: World): unknown {
  return {
    at: world.at,
    createdAt: world.createdAt,
    // A ref is an address, not a decision: a resumed world may give a new signal another free record.
    signals: world.signals
      .flatMap((signal) =>
        signal ? [[signal.model.name, signal.model.version, signal.metric, ...signal.record]] : [],
      )
      .sort(),
    remembered: world.cells
      .flatMap((cell) => (cell ? [[cell.signal.metric, cell.key, ...cell.record]] : []))
      .sort(),
    heard: Object.fromEntries(world.heard),
    models: Object.fromEntries(
      [...world.models.values()].map((model) => [model.name, byVersion(modelToRow(model))]),
    ),
    episodes: [...world.models.values()]
      .flatMap((model) => [...model.versions.values()].map(({ episode }) => episode && { ...episode }))
      .filter((episode) => episode !== null)
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    requests: [...world.requests.values()]
      .map((request) => ({ ...request }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

function byVersion(row: string): unknown {
  const { versions, ...model } = JSON.parse(row) as { versions: { version: string }[] };
  return { ...model, versions: Object.fromEntries(versions.map((version) => [version.version, version])) };
}

/** What was decided when; the order among models is nobody's decision. */
const told = (changes: readonly Change[]) =>
  changes.map((change) => `${change.at} ${identity(word(change))}`).sort();

function identity(id: string): string {
  return id.replace(/[0-9a-f]{24}/g, '*');
}

it(`a trace cut anywhere and resumed decides as the uncut one (${RUNS} traces)`, { timeout: 300_000 }, () => {
  let cuts = 0;
  let directory = 0;
  fc.assert(
    fc.property(fc.array(fc.record({ op, cut: fc.boolean() }), { minLength: 5, maxLength: 100 }), (trace) => {
      const fresh = () => join(scratch, String(directory++));
      const begin = fresh();
      openStore(begin, { now: START, onFatal: () => undefined }).store.close();
      const copy = fresh();
      cpSync(begin, copy, { recursive: true });

      const open = (folder: string) => openStore(folder, { now: START, onFatal: () => undefined }).store;
      const whole = { store: open(begin), scenario: undefined as unknown as Scenario };
      whole.scenario = new Scenario(CONFIGS[0]!, whole.store.load(CONFIGS[0]!));
      const replicas = new Replicas();
      const wholeTargets = new Targets();
      let targets = new Targets();
      let folder = copy;
      let store = open(folder);
      let scenario = new Scenario(CONFIGS[0]!, store.load(CONFIGS[0]!));
      for (const { op: one, cut } of trace) {
        const { at } = whole.scenario;
        const page = one.op === 'page' ? replicas.page(one.page, at + one.afterMs) : null;
        const expected = apply(whole.scenario, one, { targets: wholeTargets, page });
        commit(whole.store, whole.scenario.world, expected);
        if (cut) {
          cuts++;
          // What kill -9 leaves is the files as they are.
          const next = fresh();
          cpSync(folder, next, { recursive: true });
          const { config } = scenario.world;
          const { at } = scenario;
          store.close();
          folder = next;
          store = open(folder);
          scenario = new Scenario(config, store.load(config));
          targets = new Targets();
          scenario.at = scenario.world.at;
          expect(scenario.reconfigure(config)).toEqual([]);
          scenario.at = at;
        }
        const actual = apply(scenario, one, { targets, page });
        commit(store, scenario.world, actual);
        expect(told(actual)).toEqual(told(expected));
        expect(stateOf(scenario.world)).toEqual(stateOf(whole.scenario.world));
      }
      store.close();
      whole.store.close();
      rmSync(begin, { recursive: true });
    }),
    { numRuns: RUNS },
  );
  expect(cuts).toBeGreaterThan(RUNS);
});

it('however samples are batched, the average is the formula and the decisions are the same', () => {
  fc.assert(
    fc.property(
      fc.array(sample, { minLength: 1, maxLength: 60 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
      (samples, sizes) => {
        const rows = samples.map((row, index) => ({
          ...row,
          metric: 'accuracy',
          model: 'fraud',
          version: '1',
          time: START + index * SECOND,
        }));
        const run = (next: () => number) => {
          const scenario = new Scenario(CONFIGS[0]!);
          scenario.at = START + HOUR;
          for (let from = 0; from < rows.length; ) {
            const to = from + next();
            scenario.samples(rows.slice(from, to));
            from = to;
          }
          return scenario;
        };
        const batched = run(() => sizes.next().value);
        const single = run(() => 1);
        expect(batched.story).toEqual(single.story);
        const { record } = batched.signal();
        expect([...record]).toEqual([...single.signal().record]);
        const formula = rows.reduce(
          (ema, { value }, index) => (index === 0 ? value : 0.25 * value + 0.75 * ema),
          0,
        );
        expect(Math.abs(record[EMA]! - formula)).toBeLessThanOrEqual(1e-12);
        expect([record[SAMPLES], record[TIME]]).toEqual([rows.length, rows.at(-1)!.time]);
      },
    ),
  );
});
