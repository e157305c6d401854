/** What holds for every derivation, whatever it derives. A new kind is tested by adding it to `DERIVED` in trace.testing.ts. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBatch } from '../batch.ts';
import { makeConfig, SECOND, START } from '../scenario.testing.ts';
import { RECEIVED_AT } from '../signal.ts';
import { expiresAt, findVersion, removeSignal } from '../signals.ts';
import { step } from '../step.ts';
import type { World } from '../world.ts';
import { createWorld } from '../world.ts';
import type { Derived, Page, PageOp } from './trace.testing.ts';
import { DERIVED, derivedRules, eventsOf, pageOp, Replicas, Targets } from './trace.testing.ts';

const METRICS = Object.keys(DERIVED);
const trace = fc.array(pageOp, { minLength: 2, maxLength: 40 });

class Life {
  readonly world: World;
  readonly targets: Targets;
  readonly events: Derived[] = [];
  at = START;

  constructor(rules = derivedRules(), targets = ['a', 'b']) {
    this.targets = new Targets(targets);
    this.world = createWorld({
      at: START,
      createdAt: START,
      config: makeConfig({ rules }),
      makeId: (kind, { name }, number) => `${kind}_${name}${number}`,
    });
  }

  take(page: Page, order?: readonly number[]): void {
    this.at += 7 * SECOND;
    step(this.world, { type: 'time', at: this.at });
    const batch = createBatch();
    this.targets.derive(this.world, page, { at: this.at, into: batch, ...(order && { order }) });
    this.events.push(...eventsOf(this.world, batch));
    step(this.world, { type: 'samples', at: this.at, source: 'scrape', batch });
  }

  of(metric: string): Derived[] {
    return this.events.filter((event) => event.metric === metric);
  }
}

/** The same pages for everyone who lives through the operations. */
function pagesOf(ops: readonly PageOp[]): Page[] {
  const replicas = new Replicas();
  return ops.map((op, index) => replicas.page(op, START + (index + 1) * 7 * SECOND));
}

function lived(pages: readonly Page[], rules = derivedRules()): Life {
  const life = new Life(rules);
  for (const page of pages) life.take(page);
  return life;
}

describe.each(METRICS)('%s', (metric) => {
  it('gives something in the course of most traces', () => {
    const ops = fc.sample(fc.array(pageOp, { minLength: 60, maxLength: 60 }), { numRuns: 30, seed: 4 });
    const speaking = ops.filter((one) => lived(pagesOf(one)).of(metric).length > 0);
    expect(speaking.length).toBeGreaterThan(20);
  });

  it('gives finite values with a weight above or, for rates, at 0, and times that never go back', () => {
    fc.assert(
      fc.property(trace, (ops) => {
        const events = lived(pagesOf(ops)).of(metric);
        for (const { value, weight } of events) {
          expect(Number.isFinite(value)).toBe(true);
          expect(weight).toBeGreaterThanOrEqual(metric.startsWith('rate') ? 0 : 1);
        }
        if (metric === 'gauge') return;
        const times = events.map(({ time }) => time);
        expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
      }),
      { numRuns: 50 },
    );
  });

  it('does not depend on the order of series on a page', () => {
    fc.assert(
      fc.property(trace, fc.infiniteStream(fc.integer()), (ops, numbers) => {
        const pages = pagesOf(ops);
        const shuffled = new Life();
        for (const page of pages) {
          const rows = page.values.map((_, row) => ({ row, rank: numbers.next().value }));
          shuffled.take(
            page,
            rows.sort((a, b) => a.rank - b.rank).map(({ row }) => row),
          );
        }
        expect(shuffled.of(metric)).toEqual(lived(pages).of(metric));
      }),
      { numRuns: 50 },
    );
  });

  it('multiplies by its scale and changes nothing else', () => {
    fc.assert(
      fc.property(trace, fc.constantFrom(-1, 0.5, 1024), (ops, factor) => {
        const rules = derivedRules().map((rule) => ({
          ...rule,
          from: { ...rule.from!, scale: rule.from!.scale * factor },
        }));
        const pages = pagesOf(ops);
        expect(lived(pages, rules).of(metric)).toEqual(
          lived(pages)
            .of(metric)
            .map((event) => ({ ...event, value: event.value * factor })),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('is not touched by what other derivations are fed with', () => {
    fc.assert(
      fc.property(trace, (ops) => {
        const pages = pagesOf(ops);
        const alone = derivedRules().filter((rule) => rule.metric === metric);
        expect(lived(pages, alone).of(metric)).toEqual(lived(pages).of(metric));
      }),
      { numRuns: 30 },
    );
  });

  it('takes a page that it has seen before as old', () => {
    fc.assert(
      fc.property(trace, (ops) => {
        const pages = pagesOf(ops.map((op) => ({ ...op, target: 'a', ownTime: true })));
        const record = (repeat: boolean) => {
          const life = new Life(derivedRules(), ['a']);
          for (const page of pages) for (const again of repeat ? [page, page] : [page]) life.take(again);
          return life.world.signals.find((signal) => signal?.metric === metric)?.record.slice(0, RECEIVED_AT);
        };
        expect(record(true)).toEqual(record(false));
      }),
      { numRuns: 30 },
    );
  });

  it('remembers nothing once its signal is gone', () => {
    fc.assert(
      fc.property(trace, (ops) => {
        const { world } = lived(
          pagesOf(ops),
          derivedRules().filter((rule) => rule.metric === metric),
        );
        for (const signal of [
          ...(findVersion(world, { name: 'fraud', version: '1' })?.signals.values() ?? []),
        ])
          removeSignal(world, signal);
        expect(world.cellCount).toBe(0);
        expect([...world.pages.values()].every(({ data }) => data.every((number) => number === 0))).toBe(
          true,
        );
      }),
      { numRuns: 20 },
    );
  });

  it('keeps its signal while it is spoken of, though no window ends', () => {
    const life = new Life(derivedRules().filter((rule) => rule.metric === metric));
    const ops = fc
      .sample(pageOp, { numRuns: 1, seed: 1 })
      .map((op) => ({ ...op, restarts: false, hides: [], accuracy: 0.5 }));
    for (const page of pagesOf(Array.from({ length: 3 }, () => ops[0]!))) life.take(page);
    const [signal] = life.world.signals;
    expect(expiresAt(signal!)).toBe(life.at + signal!.rule.ttlMs);
  });
});
