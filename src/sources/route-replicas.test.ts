/** Replicas in a chosen order of scrapes, each with the router of a target of its own, on one pool. */
import { describe, expect, it } from 'vitest';
import { createBatch } from '../core/batch.ts';
import { createSamples } from '../core/derive/derivation.ts';
import type { Aggregate } from '../core/derive/gauge-pool.ts';
import { GaugePool, LOOKBACK_DELTA_MS } from '../core/derive/gauge-pool.ts';
import type { Rule } from '../core/rule.ts';
import { compileEntries } from './entries.ts';
import { Page } from './formats/page.ts';
import { textFormat } from './formats/text.ts';
import { FakeIntake } from './intake.testing.ts';
import { Router } from './route.ts';
import { accuracy } from './scrape.testing.ts';
import { SeriesTable } from './series-table.ts';

function deployment(aggregate: Aggregate | null) {
  const intake = new FakeIntake();
  const pool = new GaugePool();
  const input = { ...accuracy, from: { ...accuracy.from, aggregate } };
  const rule = { metric: 'accuracy', models: [], entry: 0, pushed: false } as unknown as Rule;
  const entries = compileEntries([input], [rule]);
  const samples = createSamples();
  return {
    intake,
    replica() {
      const table = new SeriesTable({ limit: 1000, used: 0 });
      const feeder = pool.join(intake.time);
      const router = new Router({
        entries,
        intake,
        format: textFormat,
        config: { jobName: 'serving', identity: { model: 'model', version: 'version' } },
        target: { address: 'localhost:8000', labels: new Map([['model', 'm']]) },
        feeder,
      });
      /** The values that a page of these lines gives, each at a time of its own. */
      const page = (...lines: string[]) => {
        textFormat.parse({ page: Page.of(lines.join('\n')), table, into: samples, sampleLimit: 10 });
        const batch = createBatch();
        intake.time += 1000;
        router.derive(samples, table, { at: intake.time, into: batch });
        router.forget(table.commit(samples));
        return [...batch.value.subarray(0, batch.length)];
      };
      return Object.assign((value: number) => page(`accuracy ${value}`), { page, feeder });
    },
  };
}

describe('without an aggregate', () => {
  it('the first replica has the signal, and samples of the others are counted', () => {
    const { intake, replica } = deployment(null);
    const [one, two] = [replica(), replica()];
    for (let round = 0; round < 3; round++) expect([one(1), two(2)]).toEqual([[1], []]);
    expect(two.page('accuracy{pod="a"} 3', 'accuracy{pod="b"} 4')).toEqual([]);
    expect(Object.fromEntries(intake.drops)).toEqual({ duplicate_series: 5 });
  });

  it('a series of another replica takes over where that of the first is gone, and keeps it', () => {
    const { replica } = deployment(null);
    const [one, two] = [replica(), replica()];
    one(1);
    expect([one.page('other 1'), two(2), one(1), two(2)]).toEqual([[], [2], [], [2]]);
  });

  it('the signal stays with its replica while the intake’s epoch changes, whoever is scraped first', () => {
    const { intake, replica } = deployment(null);
    const [one, two] = [replica(), replica()];
    one(1);
    two(2);
    intake.epoch++;
    intake.signals.splice(0, 1, '0 other:none');
    expect([two(2), one(1)]).toEqual([[], [1]]);
    expect(intake.signals).toEqual(['0 other:none', '0 m:none']);
  });

  it('a model version that is gone and comes back is had anew', () => {
    const { replica } = deployment(null);
    const [one, two] = [replica(), replica()];
    one(1);
    for (let scrape = 0; scrape < 4; scrape++) one.page('other 1');
    expect([two(2), one(1)]).toEqual([[2], []]);
  });

  it('a signal that was refused belongs to who finds room for it', () => {
    const { intake, replica } = deployment(null);
    const [one, two] = [replica(), replica()];
    intake.maxSignals = 0;
    one(1);
    intake.maxSignals = 1;
    expect([two(2), one(1)]).toEqual([[2], []]);
  });
});

describe('with an aggregate', () => {
  it('each page gives the aggregate over the series of all replicas', () => {
    const { replica } = deployment('avg');
    const [one, two] = [replica(), replica()];
    expect(one.page('accuracy{pod="a"} 1', 'accuracy{pod="b"} 2')).toEqual([]);
    expect([two(6), one(6)]).toEqual([[3], [6]]);
  });

  it('signals that come and go silence nothing', () => {
    const { intake, replica } = deployment('sum');
    const [one, two] = [replica(), replica()];
    one(1);
    for (let round = 0; round < 4; round++) {
      intake.epoch++;
      expect(round % 2 === 0 ? two(1) : one(1)).toEqual([2]);
    }
  });

  it('nothing waits for ever for a target that is scraped rarely, nor counts what it said long ago', () => {
    const { intake, replica } = deployment('sum');
    const [often, rarely] = [replica(), replica()];
    expect(often(1)).toEqual([]);
    intake.time += LOOKBACK_DELTA_MS;
    expect(often(1)).toEqual([1]);
    expect([rarely(1), often(1)]).toEqual([[2], [2]]);
    intake.time += LOOKBACK_DELTA_MS;
    expect(often(1)).toEqual([1]);
  });

  it('a replica whose values are no numbers does not count', () => {
    const { replica } = deployment('sum');
    const [one, two] = [replica(), replica()];
    one(1);
    two(1);
    expect([one(Number.NaN), two(1)]).toEqual([[], [1]]);
  });

  it('a replica counts while its own signal is refused', () => {
    const { intake, replica } = deployment('sum');
    const [one, two] = [replica(), replica()];
    intake.maxSignals = 0;
    expect(one(1)).toEqual([]);
    intake.maxSignals = 1;
    expect(two(1)).toEqual([2]);
    expect(Object.fromEntries(intake.drops)).toEqual({ max_signals: 1 });
  });
});
