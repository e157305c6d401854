/**
 * What the page remembers of recent time: every signal's value, average and phase at up to 64 shared instants. It reads
 * the records from time to time and so costs the path of samples nothing. It lives in memory; Prometheus keeps the rest.
 */
import type { Clock } from '../clock.ts';
import type { ModelVersion, Ref, Time } from '../core/signal.ts';
import { EMA, PHASE, VALUE } from '../core/signal.ts';
import { hasSamples, isStale } from '../core/signals.ts';
import type { Signal, World } from '../core/world.ts';

/** Instants that are kept. */
export const INSTANTS = 64;
/** Begins with a second between instants; when all are used, every second one goes, up to 64 instants in about four and a half hours. */
const FIRST_STEP_MS = 1000;
const LAST_STEP_MS = 256_000;

/** Three numbers per instant, NaN where nothing was known: value, average, phase (an index into PHASES). */
const WIDTH = 3;

interface Track {
  readonly model: ModelVersion;
  readonly metric: string;
  /** By slot; 768 bytes. */
  readonly points: Float32Array;
}

/** One signal over the instants of `times`; all four have the same length. */
export interface RecentSeries {
  readonly times: readonly Time[];
  readonly values: readonly number[];
  readonly emas: readonly number[];
  readonly phases: readonly number[];
}

export class RecentTime {
  stepMs = FIRST_STEP_MS;
  #times: Time[] = [];
  readonly #tracks = new Map<Ref, Track>();

  /** The instants so far, oldest first. */
  get times(): readonly Time[] {
    return this.#times;
  }

  /** Notes how every signal stands at `at`; not later than the last instant: nothing is noted. */
  note({ signals }: World, at: Time): void {
    if (at <= (this.#times.at(-1) ?? -Infinity)) return;
    if (this.#times.length === INSTANTS) this.#makeRoom();
    const slot = this.#times.push(at) - 1;
    this.#forget(signals);
    for (const signal of signals) {
      if (!signal || !hasSamples(signal)) continue;
      const { points } = this.#trackOf(signal);
      if (isStale(signal, at)) continue;
      points[slot * WIDTH] = signal.record[VALUE]!;
      points[slot * WIDTH + 1] = signal.record[EMA]!;
      points[slot * WIDTH + 2] = signal.record[PHASE]!;
    }
  }

  of(signal: Signal): RecentSeries {
    const track = this.#tracks.get(signal.ref);
    const times = this.#times;
    const column = (offset: number) =>
      times.map((_, slot) =>
        track && isOf(track, signal) ? track.points[slot * WIDTH + offset]! : Number.NaN,
      );
    return { times, values: column(0), emas: column(1), phases: column(2) };
  }

  /** Forgets everything: the clock was set, and the instants mean nothing any more. */
  clear(): void {
    this.#times = [];
    this.#tracks.clear();
    this.stepMs = FIRST_STEP_MS;
  }

  #trackOf(signal: Signal): Track {
    let track = this.#tracks.get(signal.ref);
    if (!track || !isOf(track, signal)) {
      const points = new Float32Array(INSTANTS * WIDTH).fill(Number.NaN);
      track = { model: signal.model, metric: signal.metric, points };
      this.#tracks.set(signal.ref, track);
    }
    return track;
  }

  #forget(signals: World['signals']): void {
    for (const [ref, track] of this.#tracks) {
      const signal = signals[ref];
      if (!signal || !isOf(track, signal)) this.#tracks.delete(ref);
    }
  }

  /** Halves the instants while they may still become coarser; then the oldest one goes. */
  #makeRoom(): void {
    const coarser = this.stepMs < LAST_STEP_MS;
    if (coarser) this.stepMs *= 2;
    const kept = this.#times.flatMap((_, slot) => ((coarser ? slot % 2 === 1 : slot > 0) ? [slot] : []));
    this.#times = kept.map((slot) => this.#times[slot]!);
    for (const { points } of this.#tracks.values()) {
      kept.forEach((from, to) => {
        points.copyWithin(to * WIDTH, from * WIDTH, (from + 1) * WIDTH);
      });
      points.fill(Number.NaN, kept.length * WIDTH);
    }
  }
}

/** A ref is used again once its signal is gone, and memory may have been loaded anew. */
function isOf({ model, metric }: Track, signal: Signal): boolean {
  return (
    model.name === signal.model.name && model.version === signal.model.version && metric === signal.metric
  );
}

/** Notes the world at each step, from now on. */
export function followTime(
  recent: RecentTime,
  { clock, world, now }: { readonly clock: Clock; world(): World; now(): Time },
): Disposable {
  let timer: Disposable;
  const look = () => {
    const at = now();
    // Set back by more than a step: what was noted lies in the future.
    if (at < (recent.times.at(-1) ?? at) - recent.stepMs) recent.clear();
    recent.note(world(), at);
    timer = clock.after(recent.stepMs, look);
  };
  look();
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
}
