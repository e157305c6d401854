/** An intake that remembers what it was given, for tests of sources. */
import type { ModelVersion, Ref, Time } from '../core/signal.ts';
import type { Batch, DropReason, Source } from '../core/world.ts';
import type { Intake } from './intake.ts';
import { StorageError } from './intake.ts';

export interface TakenEvent {
  readonly signal: string;
  readonly value: number;
  readonly time: Time;
  readonly stamped: boolean;
}

export class FakeIntake implements Intake {
  epoch = 0;
  time = 1_000_000;
  storageFails = false;
  /** How many signals there is room for. */
  maxSignals = Infinity;
  /** `entry model:version`, by ref. */
  readonly signals: string[] = [];
  readonly batches: TakenEvent[][] = [];
  readonly drops = new Map<DropReason, number>();
  /** Called when it settles: signals may expire. */
  onSettle: () => void = () => {};
  /** Called after each batch. */
  onBatch: () => void = () => {};

  now(): Time {
    return this.time;
  }

  resolve(entry: number, { name, version }: ModelVersion): Ref {
    const signal = `${entry} ${name}:${version}`;
    const known = this.signals.indexOf(signal);
    if (known >= 0) return known;
    if (this.signals.length >= this.maxSignals) return -1;
    return this.signals.push(signal) - 1;
  }

  settle(): Time {
    if (this.storageFails) throw new StorageError('no space left on device');
    this.onSettle();
    return this.time;
  }

  submit(_source: Source, batch: Batch, at: Time): void {
    if (at !== this.time) throw new Error('submitted without being settled');
    this.batches.push(
      Array.from({ length: batch.length }, (_, row) => ({
        signal: this.signals[batch.ref[row]!]!,
        value: batch.value[row]!,
        time: batch.time[row]!,
        stamped: batch.stamped[row] === 1,
      })),
    );
    this.onBatch();
  }

  async synced(): Promise<void> {}

  countDropped(_source: Source, reason: DropReason, count: number): void {
    this.drops.set(reason, (this.drops.get(reason) ?? 0) + count);
  }

  /** The last batch as `signal value` lines. */
  get lines(): string[] {
    return (this.batches.at(-1) ?? []).map(({ signal, value }) => `${signal} ${value}`);
  }
}
