/** What stands behind the sources: the core alone, or the engine with a store. */
import type { Clock } from '../src/clock.ts';
import type { Config } from '../src/config/config.ts';
import type { Batch } from '../src/core/world.ts';
import type { Intake } from '../src/sources/intake.ts';
import type { ShippedPath } from './shipped-path.ts';

/** An intake whose time stands still until it is told. */
export interface TimedIntake extends Intake {
  advance(ms: number): void;
}

/** Core and detector without a store. */
export function detectorIntake(path: ShippedPath, config: Config): TimedIntake {
  let now = Date.now();
  const detector = path.DriftDetector.create(config.judge, { at: now });
  const batch: Batch = path.createBatch();
  return {
    epoch: 0,
    world: detector.world,
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    resolve: (entry, model) => detector.resolve(config.judge.rules[entry]!, model),
    take(source, fill) {
      detector.advance(now);
      batch.length = 0;
      fill(batch, now);
      detector.take(source, batch, now);
    },
    synced: async () => undefined,
    countDropped: (source, reason, count) => path.countDrop(detector.world, source, reason, count),
  };
}

/** The engine as the program wires it, but for the disk. */
export function engineIntake(path: ShippedPath, config: Config): TimedIntake {
  let now = Date.now();
  const clock: Clock = {
    wall: () => now,
    monotonic: () => now,
    after: (delayMs, run) => {
      const timer = setTimeout(run, delayMs);
      timer.unref();
      return { [Symbol.dispose]: () => clearTimeout(timer) };
    },
  };
  const fail = (error: unknown): never => {
    throw error;
  };
  const engine = new path.Engine({
    store: path.openMemoryStore({ now, onFatal: fail }),
    config: config.judge,
    clock,
    bus: new path.MetricBus(fail),
    log: path.silentLogger,
    composeBody: () => Buffer.alloc(0),
  });
  engine.start();
  return {
    get epoch() {
      return engine.epoch;
    },
    get world() {
      return engine.world;
    },
    now: () => engine.now(),
    advance: (ms) => {
      now += ms;
    },
    resolve: (entry, model) => engine.resolve(entry, model),
    take: (source, fill) => engine.take(source, fill),
    synced: () => engine.synced(),
    countDropped: (source, reason, count) => engine.countDropped(source, reason, count),
  };
}
