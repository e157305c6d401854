/** An intake on a real world that also remembers what it was given, for tests of sources. */
import { createBatch } from '../core/batch.ts';
import type { JudgeConfig } from '../core/rule.ts';
import type { ModelVersion, Time } from '../core/signal.ts';
import { resolveSignal } from '../core/signals.ts';
import { step } from '../core/step.ts';
import type { Batch, DropReason, Signal, Source, World } from '../core/world.ts';
import { countDrop, createWorld } from '../core/world.ts';
import { openMemoryStore } from '../store/open.ts';
import type { SqliteStore } from '../store/sqlite.ts';
import type { Intake } from './intake.ts';
import { StorageError } from './intake.ts';

export interface TakenEvent {
  /** `entry model:version`. */
  readonly signal: string;
  readonly value: number;
  readonly time: Time;
  /** The observations behind the value. */
  readonly weight: number;
  readonly stamped: boolean;
}

export class FakeIntake implements Intake {
  epoch = 0;
  /** Only moves when told. */
  time = 1_000_000;
  storageFails = false;
  /** The events of each batch that was taken, those too that the core then dropped. */
  readonly batches: TakenEvent[][] = [];
  /** Called after each batch. */
  onBatch: () => void = () => {};
  #world: World;
  #store: SqliteStore | undefined;

  constructor(config: JudgeConfig) {
    const makeId = (kind: string, { name, version }: ModelVersion, number: number) =>
      `${kind}_${name}:${version}#${number}`;
    this.#world = createWorld({ at: this.time, createdAt: this.time, config, makeId });
  }

  get world(): World {
    return this.#world;
  }

  now(): Time {
    return this.time;
  }

  resolve(entry: number, model: ModelVersion): Signal | undefined {
    return resolveSignal(this.#world, this.#world.config.rules[entry]!, model);
  }

  take(source: Source, fill: (into: Batch, at: Time) => void): void {
    if (this.storageFails) throw new StorageError('no space left on device');
    step(this.#world, { type: 'time', at: this.time });
    const batch = createBatch();
    fill(batch, this.time);
    this.batches.push(this.#eventsOf(batch));
    step(this.#world, { type: 'samples', at: this.time, source, batch });
    this.onBatch();
  }

  async synced(): Promise<void> {}

  countDropped(source: Source, reason: DropReason, count: number): void {
    countDrop(this.#world, source, reason, count);
  }

  /** How often a signal is asked for by name from now on. */
  countResolves(): { asked: number } {
    const counted = { asked: 0 };
    const resolve = this.resolve.bind(this);
    this.resolve = (...args) => {
      counted.asked++;
      return resolve(...args);
    };
    return counted;
  }

  /** As a reload does: the rules are others, and signals that were handed out are no longer valid. */
  reconfigure(config: JudgeConfig): void {
    step(this.#world, { type: 'config', at: this.time, config });
    this.epoch++;
  }

  /** As a restart, or a failed commit: everything is stored and loaded again. */
  restart(): void {
    this.#store ??= openMemoryStore({ now: this.#world.createdAt, onFatal: () => undefined });
    this.#store.commit(this.#world, new Map());
    const { config } = this.#world;
    this.#world = this.#store.load(config);
    step(this.#world, { type: 'config', at: this.#world.at, config });
    this.epoch++;
  }

  /** How many signals there is room for from now on. */
  set maxSignals(maxSignals: number) {
    this.#world.config = { ...this.#world.config, maxSignals };
  }

  /** What scrapes have dropped, by reason; what the core has dropped too. */
  get drops(): Record<string, number> {
    const drops = [...this.#world.drops].map(([key, count]) => [key.replace('scrape ', ''), count]);
    return Object.fromEntries(drops);
  }

  /** The last batch as `entry model:version value` lines. */
  get lines(): string[] {
    return (this.batches.at(-1) ?? []).map(({ signal, value }) => `${signal} ${value}`);
  }

  /** Everything that would be stored of signals and of what was derived: equal only where nothing was touched. */
  get memory(): unknown {
    const { pages, signals, cells } = this.#world;
    return {
      pages: [...pages.values()].map(({ id, width, data }) => [
        id,
        width,
        Buffer.from(data.buffer).toString('hex'),
      ]),
      signals: signals.map((signal) => signal && this.#nameOf(signal)),
      cells: cells.map((cell) => cell && [this.#nameOf(cell.signal), cell.key]),
    };
  }

  #eventsOf({ length, ref, value, time, weight, stamped }: Batch): TakenEvent[] {
    return Array.from({ length }, (_, row) => ({
      signal: this.#nameOf(this.#world.signals[ref[row]!]!),
      value: value[row]!,
      time: time[row]!,
      weight: weight[row]!,
      stamped: stamped[row] === 1,
    }));
  }

  #nameOf({ rule, model: { name, version } }: Signal): string {
    return `${rule.entry} ${name}:${version}`;
  }
}
