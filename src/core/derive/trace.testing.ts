/**
 * Random lives of two replicas of a model, as pages of everything that derivations take, for tests that hold for every
 * derivation. The pages are made of what the replicas have counted, so counters are consistent, reset and disappear.
 */
import * as fc from 'fast-check';
import type { Rule } from '../rule.ts';
import { MINUTE, makeRule, SECOND } from '../scenario.testing.ts';
import type { Time } from '../signal.ts';
import { resolveSignal } from '../signals.ts';
import type { Batch, DropReason, World } from '../world.ts';
import type { Member } from './derivation.ts';
import { derivePage } from './derivation.ts';
import { Feeds } from './feeds.ts';
import type { NativeHistogram } from './histogram/native.ts';
import { Derivations } from './index.ts';
import { createSamples, growSamples } from './samples.ts';
import type { DerivationSettings, Role } from './settings.ts';

const window = { scale: 1, windowMs: 0, minCount: 1 };

/** One of each kind, by the metric that is derived with it. */
export const DERIVED: { readonly [metric: string]: DerivationSettings } = {
  gauge: { kind: 'gauge', scale: 1, aggregate: null },
  average: { kind: 'gauge', scale: 1, aggregate: 'avg' },
  largest: { kind: 'gauge', scale: 1, aggregate: 'max' },
  rate: { kind: 'rate', ...window, minCount: 0 },
  rate_per_minute: { kind: 'rate', scale: 60, windowMs: MINUTE, minCount: 0 },
  ratio: { kind: 'ratio', ...window, minCount: 20 },
  mean: { kind: 'mean', ...window },
  quantile: { kind: 'histogram_quantile', ...window, quantile: 0.9, windowMs: 30 * SECOND },
  psi_first: {
    kind: 'histogram',
    ...window,
    distance: 'psi',
    minCount: 100,
    reference: { kind: 'first', ms: MINUTE },
  },
  js_trailing: {
    kind: 'histogram',
    ...window,
    distance: 'js',
    minCount: 20,
    reference: { kind: 'trailing', ms: 5 * MINUTE },
  },
  ks_file: {
    kind: 'histogram',
    ...window,
    distance: 'ks',
    reference: { kind: 'file', histogram: { bounds: [1, 2, 4, Infinity], cumulative: [40, 70, 90, 100] } },
  },
};

/** What a replica shows: the series' place on its pages, what it is to which metrics, and its bound if it is a bucket. */
interface Shown {
  readonly name: keyof Counts | `bucket ${number}`;
  readonly takes: readonly (readonly [metric: string, role: Role])[];
  readonly bound?: number;
}

/** A file knows classic histograms only. */
const NATIVE = ['mean', 'quantile', 'psi_first', 'js_trailing'];
const HISTOGRAMS = ['quantile', 'psi_first', 'js_trailing', 'ks_file'];
const RATES = ['rate', 'rate_per_minute'];
const BOUNDS = [1, 2, 4, Infinity];

const SHOWN: readonly Shown[] = [
  { name: 'accuracy', takes: ['gauge', 'average', 'largest'].map((metric) => [metric, 'value']) },
  {
    name: 'requests',
    takes: [...RATES.map((metric) => [metric, 'value'] as const), ['ratio', 'denominator']],
  },
  { name: 'errors', takes: [['ratio', 'numerator']] },
  {
    name: 'began',
    takes: [
      ...[...RATES, 'mean', ...HISTOGRAMS].map((metric) => [metric, 'start'] as const),
      ['ratio', 'denominator_start'],
      ['ratio', 'numerator_start'],
    ],
  },
  { name: 'sum', takes: [['mean', 'sum']] },
  { name: 'count', takes: [['mean', 'count']] },
  ...BOUNDS.map(
    (bound): Shown => ({
      name: `bucket ${bound}`,
      bound,
      takes: HISTOGRAMS.map((metric) => [metric, 'bucket']),
    }),
  ),
  { name: 'native', takes: NATIVE.map((metric) => [metric, 'native']) },
];

export function derivedRules(): Rule[] {
  return Object.entries(DERIVED).map(([metric, from], entry) =>
    makeRule({ metric, entry, from, action: 'flag', inputFingerprint: JSON.stringify(from) }),
  );
}

/** What a replica has counted since it began. */
interface Counts {
  accuracy: number;
  requests: number;
  errors: number;
  /** Seconds since 1970. */
  began: number;
  sum: number;
  count: number;
  native: NativeHistogram;
}

interface Replica {
  counts: Counts;
  observed: number[];
}

export interface Page {
  readonly target: string;
  /** By place in SHOWN; undefined: not on the page. */
  readonly values: readonly (number | NativeHistogram | undefined)[];
  /** The page gives times of its own. */
  readonly time: Time | undefined;
}

export interface PageOp {
  readonly target: 'a' | 'b';
  readonly requests: number;
  readonly errors: number;
  readonly observations: readonly number[];
  readonly accuracy: number;
  readonly restarts: boolean;
  readonly hides: readonly string[];
  readonly ownTime: boolean;
}

export const pageOp: fc.Arbitrary<PageOp> = fc.record({
  target: fc.constantFrom('a' as const, 'b' as const),
  requests: fc.nat(50),
  errors: fc.nat(10),
  observations: fc.array(fc.constantFrom(0.5, 1, 1.5, 3, 3.5, 9), { minLength: 5, maxLength: 60 }),
  accuracy: fc.oneof({ weight: 9, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) }, fc.constant(NaN)),
  restarts: fc.boolean(),
  hides: fc.oneof(
    { weight: 9, arbitrary: fc.constant([]) },
    fc.subarray(['accuracy', 'errors', 'requests', 'bucket', 'native', 'began', 'sum']),
  ),
  ownTime: fc.boolean(),
});

/** Turns operations into pages: the replicas behind the targets live on from one to the next. */
export class Replicas {
  readonly #replicas = new Map<string, Replica>();

  page(op: PageOp, at: Time): Page {
    let replica = this.#replicas.get(op.target);
    if (!replica || (op.restarts && op.requests % 4 === 0)) {
      replica = begun(at);
      this.#replicas.set(op.target, replica);
    }
    live(replica, op);
    const { counts, observed } = replica;
    const hidden = new Set(op.hides);
    const values = SHOWN.map(({ name, bound }) => {
      if (hidden.has(name) || (bound !== undefined && hidden.has('bucket'))) return undefined;
      if (bound !== undefined) return observed.filter((value) => value <= bound).length;
      return counts[name as keyof Counts];
    });
    return { target: op.target, values, time: op.ownTime ? at - 500 : undefined };
  }
}

function begun(at: Time): Replica {
  const native = { schema: 0, zeroThreshold: 0.001, zeroCount: 0, count: 0, sum: 0 };
  return {
    observed: [],
    counts: {
      accuracy: 0,
      requests: 0,
      errors: 0,
      began: at / 1000,
      sum: 0,
      count: 0,
      native: { ...native, positive: { indexes: [], counts: [] }, negative: { indexes: [], counts: [] } },
    },
  };
}

function live(replica: Replica, op: PageOp): void {
  const { observed } = replica;
  observed.push(...op.observations);
  const sum = observed.reduce((total, value) => total + value, 0);
  const indexes = [...new Set(observed.map(indexOf))].sort((a, b) => a - b);
  const counts = indexes.map((index) => observed.filter((value) => indexOf(value) === index).length);
  replica.counts = {
    accuracy: op.accuracy,
    requests: replica.counts.requests + op.requests,
    errors: replica.counts.errors + Math.min(op.errors, op.requests),
    began: replica.counts.began,
    sum,
    count: observed.length,
    native: {
      schema: 0,
      zeroThreshold: 0.001,
      zeroCount: 0,
      count: observed.length,
      sum,
      positive: { indexes, counts },
      negative: { indexes: [], counts: [] },
    },
  };
}

function indexOf(value: number): number {
  return Math.ceil(Math.log2(value));
}

export interface Derived {
  readonly metric: string;
  readonly time: Time;
  readonly value: number;
  readonly weight: number;
}

/** The targets of one process: routes what pages show to the signals of a world, as a scraper does. */
export class Targets {
  readonly #feeds = new Feeds();
  readonly #derivations = new Derivations(this.#feeds);
  readonly #byKey;
  readonly dropped = new Map<DropReason, number>();

  constructor(keys: readonly string[] = ['a', 'b']) {
    this.#byKey = new Map(keys.map((key) => [key, this.#feeds.join(key)]));
  }

  /** Puts the events of a page into the batch; `order` is that of the rows. */
  derive(
    world: World,
    page: Page,
    { at, into, order = SHOWN.map((_, row) => row) }: { at: Time; into: Batch; order?: readonly number[] },
  ): void {
    const feed = this.#byKey.get(page.target)!;
    const rows = order.filter((row) => page.values[row] !== undefined);
    const samples = createSamples(1);
    growSamples(samples, rows.length);
    rows.forEach((series, row) => {
      const value = page.values[series]!;
      samples.series[row] = series;
      samples.time[row] = page.time ?? NaN;
      if (typeof value === 'number') samples.value[row] = value;
      else {
        samples.value[row] = NaN;
        samples.histograms.set(row, value);
      }
    });
    samples.length = rows.length;
    const members = SHOWN.map((shown, series) =>
      page.values[series] === undefined ? undefined : this.#membersOf(world, page.target, shown),
    );
    const { dropped } = this;
    derivePage(members, {
      world,
      feed,
      samples,
      at,
      receivedAt: at,
      complete: true,
      into,
      dropped,
      touched: [],
    });
  }

  /** A scrape of the target has failed. */
  fail(world: World, target: string, at: Time): void {
    this.#byKey.get(target)!.hear(world, at);
  }

  #membersOf(world: World, target: string, { takes, bound = 0 }: Shown): Member[] {
    return takes.flatMap(([metric, role]) => {
      const rule = world.config.rules.find((one) => one.metric === metric);
      const signal = rule && resolveSignal(world, rule, { name: 'fraud', version: '1' });
      if (!signal) return [];
      const as = { role, bound, key: () => 'model' };
      return [this.#derivations.of(world, signal).join(this.#byKey.get(target)!, as)];
    });
  }
}

export function eventsOf(world: World, batch: Batch): Derived[] {
  return Array.from({ length: batch.length }, (_, row) => ({
    metric: world.signals[batch.ref[row]!]!.metric,
    time: batch.time[row]!,
    value: batch.value[row]!,
    weight: batch.weight[row]!,
  }));
}
