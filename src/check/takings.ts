/** What each entry of `metrics` makes of a page, found out by doing it: the real router, derivations and detector, in memory. */
import type { Config, MetricInput } from '../config/config.ts';
import { createBatch } from '../core/batch.ts';
import { Feeds } from '../core/derive/feeds.ts';
import { Derivations } from '../core/derive/index.ts';
import type { DerivationView } from '../core/derive/view.ts';
import { viewDerivation } from '../core/derive/view.ts';
import type { ModelVersion, Time } from '../core/signal.ts';
import { SAMPLES, VALUE } from '../core/signal.ts';
import type { DropReason, Signal } from '../core/world.ts';
import { countDrop } from '../core/world.ts';
import { DriftDetector } from '../detector.ts';
import { compileEntries } from '../sources/entries.ts';
import type { Intake } from '../sources/intake.ts';
import { compileRelabeling } from '../sources/relabel.ts';
import { Router } from '../sources/route.ts';
import type { CheckedPage } from './page.ts';
import type { ScrapePlan } from './plan.ts';

export interface Taking {
  readonly versions: readonly VersionTaking[];
  readonly dropped: ReadonlyMap<DropReason, number>;
}

export interface VersionTaking {
  readonly model: ModelVersion;
  /** Null where there is none yet. */
  readonly value: number | null;
  /** Null for gauges. */
  readonly view: DerivationView | null;
}

/** By entry: each is given the page alone, so that what is dropped is known of each. */
export function takePage(
  page: CheckedPage,
  { config, plan, at }: { config: Config; plan: ScrapePlan; at: Time },
): Map<number, Taking> {
  const { rules } = config.judge;
  const detector = DriftDetector.create(config.judge, { at });
  const intake = intakeOf(detector, at);
  const feeds = new Feeds();
  const relabeling = compileRelabeling(plan.config.metricRelabelConfigs);
  const shared = {
    ...plan,
    intake,
    derivations: new Derivations(feeds),
    feed: feeds.join('check'),
    relabeling,
  };
  const takeFor = (input: MetricInput): Taking => {
    const before = new Map(detector.world.drops);
    const router = new Router({ ...shared, entries: compileEntries([input], rules) }, page);
    intake.take('scrape', (into) =>
      router.derive(page.samples, { at, receivedAt: at, complete: true, into }),
    );
    const signals = detector.world.signals.filter((signal) => signal?.rule.entry === input.entry) as Signal[];
    return { versions: signals.map(takingOf).sort(byModel), dropped: newDrops(before, detector) };
  };
  return new Map(config.inputs.map((input) => [input.entry, takeFor(input)]));
}

/** As the engine, without a store and at one instant. */
function intakeOf(detector: DriftDetector, at: Time): Intake {
  const { world } = detector;
  return {
    now: () => at,
    world,
    epoch: 0,
    resolve: (entry, model) => detector.resolve(world.config.rules[entry]!, model),
    take(source, fill) {
      const batch = createBatch();
      fill(batch, at);
      detector.take(source, batch, at);
    },
    synced: async () => {},
    countDropped: (source, reason, count) => countDrop(world, source, reason, count),
  };
}

function takingOf(signal: Signal): VersionTaking {
  const { model, record } = signal;
  const value = record[SAMPLES]! > 0 ? record[VALUE]! : null;
  return { model, value, view: viewDerivation(signal) };
}

function byModel({ model: a }: VersionTaking, { model: b }: VersionTaking): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.version < b.version ? -1 : 1;
}

function newDrops(before: ReadonlyMap<string, number>, { world }: DriftDetector): Map<DropReason, number> {
  const dropped = new Map<DropReason, number>();
  for (const [key, count] of world.drops) {
    const more = count - (before.get(key) ?? 0);
    if (more > 0) dropped.set(key.slice('scrape '.length) as DropReason, more);
  }
  return dropped;
}
