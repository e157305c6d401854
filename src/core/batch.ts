/** Batches of metric events as growable columns, reused from one scrape to the next. */
import type { Batch } from './world.ts';

export function createBatch(capacity = 64): Batch {
  return {
    length: 0,
    ref: new Uint32Array(capacity),
    time: new Float64Array(capacity),
    value: new Float64Array(capacity),
    weight: new Float64Array(capacity),
    stamped: new Uint8Array(capacity),
    accepted: new Uint8Array(capacity),
  };
}

/** Makes room for `capacity` rows in all; keeps what is there. */
export function growBatch(batch: Batch, capacity: number): void {
  if (batch.ref.length >= capacity) return;
  const size = Math.max(capacity, batch.ref.length * 2);
  const ref = new Uint32Array(size);
  ref.set(batch.ref);
  const time = new Float64Array(size);
  time.set(batch.time);
  const value = new Float64Array(size);
  value.set(batch.value);
  const weight = new Float64Array(size);
  weight.set(batch.weight);
  const stamped = new Uint8Array(size);
  stamped.set(batch.stamped);
  Object.assign(batch, { ref, time, value, weight, stamped, accepted: new Uint8Array(size) });
}
