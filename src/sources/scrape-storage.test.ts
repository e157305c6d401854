/** What a real engine remembers of scrapes whose commit fails: nothing, so that the next page tells it all. */
import { describe, expect, it } from 'vitest';
import { MetricBus } from '../bus.ts';
import { ManualClock } from '../clock.ts';
import { Engine } from '../engine.ts';
import { silentLogger } from '../log.ts';
import { StorageError } from '../storage-error.ts';
import { openMemoryStore } from '../store/open.ts';
import { settingsFor } from './scrape.testing.ts';
import { createScraper } from './scrape.ts';
import { page, startTarget } from './target.testing.ts';

const METRICS = [
  { name: 'accuracy', from: { gauge: 'accuracy' } },
  { name: 'traffic', from: { rate: 'requests_total' } },
];

async function running() {
  const target = await startTarget(page(''));
  const config = settingsFor([target], {}, { metrics: METRICS });
  const clock = new ManualClock();
  const store = openMemoryStore({ now: clock.wall(), onFatal: () => undefined });
  const disk = { full: false };
  const commit = store.commit.bind(store);
  store.commit = (...args) => {
    if (disk.full) throw new StorageError('disk full');
    commit(...args);
  };
  const bus = new MetricBus();
  const told: string[] = [];
  bus.observe({ onEvent: ({ metric, value }) => told.push(`${metric} ${value}`) });
  const log = silentLogger;
  const engine = new Engine({
    store,
    config: config.judge,
    clock,
    bus,
    log,
    composeBody: () => new Uint8Array(),
  });
  engine.start();
  const scraper = createScraper(config, { intake: engine, clock, log, userAgent: 'Driftgauge/0' });
  return {
    disk,
    clock,
    engine,
    /** What observers are told of a scrape, a second after the last one. */
    async scrape(requests: number): Promise<string[]> {
      told.length = 0;
      await clock.advance(1000);
      target.answer = page(`accuracy{model="m"} ${requests / 100}\nrequests_total{model="m"} ${requests}\n`);
      await scraper.scrapeNow();
      return [...told];
    },
    async [Symbol.asyncDispose]() {
      await scraper.stop();
      await engine[Symbol.asyncDispose]();
      await target[Symbol.asyncDispose]();
    },
  };
}

describe('while nothing can be stored', () => {
  it('a scrape is lost whole, and what was counted meanwhile counts with the next one', async () => {
    await using process = await running();
    const { scrape, disk, engine } = process;
    expect(await scrape(10)).toEqual(['accuracy 0.1']);
    expect(await scrape(20)).toEqual(['accuracy 0.2', 'traffic 10']);
    disk.full = true;
    expect(await scrape(30)).toEqual([]);
    expect(await scrape(40)).toEqual([]);
    disk.full = false;
    expect(await scrape(50)).toEqual(['accuracy 0.5', 'traffic 10']);
    expect(await scrape(60)).toEqual(['accuracy 0.6', 'traffic 10']);
    expect(Object.fromEntries(engine.world.drops)).toEqual({});
  });

  it('a counter that is first seen then has nothing to be compared with afterwards', async () => {
    await using process = await running();
    const { scrape, disk } = process;
    disk.full = true;
    await scrape(10);
    disk.full = false;
    expect(await scrape(25)).toEqual(['accuracy 0.25']);
    expect(await scrape(26)).toEqual(['accuracy 0.26', 'traffic 1']);
  });
});
