/** Deadlines by key, the soonest at hand: a binary heap whose outdated entries are skipped when they come up. */
import type { Time } from './signal.ts';

interface Entry<Key> {
  readonly time: Time;
  readonly key: Key;
}

export class DeadlineQueue<Key> {
  readonly #times = new Map<Key, Time>();
  #heap: Entry<Key>[] = [];

  /** How many keys have a deadline. */
  get size(): number {
    return this.#times.size;
  }

  get(key: Key): Time | undefined {
    return this.#times.get(key);
  }

  /** Infinity is no deadline. */
  set(key: Key, time: Time): void {
    if (time === Infinity) {
      this.#times.delete(key);
      return;
    }
    if (this.#times.get(key) === time) return;
    this.#times.set(key, time);
    this.#push({ time, key });
    // Outdated entries are a matter of memory only; this keeps them fewer than the live ones.
    if (this.#heap.length > 64 && this.#heap.length > 2 * this.#times.size) this.#rebuild();
  }

  delete(key: Key): void {
    this.#times.delete(key);
  }

  /** The soonest deadline; Infinity where there is none. */
  get soonest(): Time {
    for (let top = this.#heap[0]; top; top = this.#heap[0]) {
      if (this.#times.get(top.key) === top.time) return top.time;
      this.#pop();
    }
    return Infinity;
  }

  /** Takes out every key that is due at `at` or before, the soonest first. */
  takeDue(at: Time): Key[] {
    const due: Key[] = [];
    while (this.soonest <= at) {
      const { key } = this.#pop();
      this.#times.delete(key);
      due.push(key);
    }
    return due;
  }

  shift(by: number): void {
    for (const [key, time] of this.#times) this.#times.set(key, time + by);
    this.#rebuild();
  }

  #rebuild(): void {
    // A sorted array is a heap.
    this.#heap = [...this.#times].map(([key, time]) => ({ time, key })).sort((a, b) => a.time - b.time);
  }

  #push(entry: Entry<Key>): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.time <= entry.time) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): Entry<Key> {
    const heap = this.#heap;
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.time < heap[child]!.time) child++;
      if (heap[child]!.time >= last.time) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}
