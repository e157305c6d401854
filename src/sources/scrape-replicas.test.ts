/** Several targets that speak of one model version, as its replicas do, from the sockets to the batches. */
import { describe, expect, it } from 'vitest';
import type { Aggregate } from '../core/derive/settings.ts';
import { scraperOf, settingsFor } from './scrape.testing.ts';
import type { TestTarget } from './target.testing.ts';
import { page, startTarget } from './target.testing.ts';

const DOWN: TestTarget['answer'] = (_request, response) => response.writeHead(503).end();
const says = (value: number) => page(`accuracy{model="m",version="1"} ${value}\n`);

async function replicas(count: number, aggregate: Aggregate | null) {
  const targets: TestTarget[] = [];
  for (let made = 0; made < count; made++) targets.push(await startTarget(DOWN));
  const settings = (chosen: readonly TestTarget[], to: Aggregate | null = aggregate) =>
    settingsFor(
      chosen,
      {},
      { metrics: [{ from: { gauge: 'accuracy', ...(to === null ? {} : { aggregate: to }) } }] },
    );
  const { scraper, intake, reload } = scraperOf(settings(targets));
  return {
    intake,
    targets,
    /** A config with these targets, and this aggregate, takes over. */
    reload: (...chosen: Parameters<typeof settings>) => reload(settings(...chosen)),
    /** The values that one scrape of every target gives, in the order in which they come. */
    async scrape(): Promise<number[]> {
      const before = intake.batches.length;
      intake.time += 1000;
      await scraper.scrapeNow();
      return intake.batches.slice(before).flatMap((batch) => batch.map(({ value }) => value));
    },
    async [Symbol.asyncDispose]() {
      await scraper.stop();
      for (const target of targets) await target[Symbol.asyncDispose]();
    },
  };
}

describe('replicas without an aggregate', () => {
  it('have one owner, and the others are counted as duplicate series', async () => {
    await using running = await replicas(3, null);
    running.targets.forEach((target, index) => {
      target.answer = says(index);
    });
    const [first] = await running.scrape();
    for (let round = 0; round < 4; round++) expect(await running.scrape()).toEqual([first]);
    expect(running.intake.drops).toEqual({ duplicate_series: 10 });
  });

  it('go on with another one when the owner goes down, whose return changes nothing', async () => {
    await using running = await replicas(2, null);
    const [one, two] = running.targets as [TestTarget, TestTarget];
    one.answer = says(1);
    expect(await running.scrape()).toEqual([1]);
    two.answer = says(2);
    expect(await running.scrape()).toEqual([1]);
    one.answer = DOWN;
    await running.scrape();
    expect(await running.scrape()).toEqual([2]);
    one.answer = says(1);
    expect(await running.scrape()).toEqual([2]);
  });

  it.each([
    ['breaks its page', page('accuracy{model="m",version="1"} oops\n')],
    ['no longer has the series', page('other 1\n')],
  ])('go on with another one when the owner %s', async (_case, answer) => {
    await using running = await replicas(2, null);
    const [one, two] = running.targets as [TestTarget, TestTarget];
    one.answer = says(1);
    await running.scrape();
    [one.answer, two.answer] = [answer, says(2)];
    await running.scrape();
    expect(await running.scrape()).toEqual([2]);
  });

  it('go on with another one at once when a reload removes the owner', async () => {
    await using running = await replicas(2, null);
    const [one, two] = running.targets as [TestTarget, TestTarget];
    one.answer = says(1);
    await running.scrape();
    two.answer = says(2);
    running.reload([two]);
    expect(await running.scrape()).toEqual([2]);
  });

  it('keep their owner over a reload that leaves both', async () => {
    await using running = await replicas(2, null);
    const [one, two] = running.targets as [TestTarget, TestTarget];
    two.answer = says(2);
    await running.scrape();
    one.answer = says(1);
    running.reload([one, two]);
    for (let round = 0; round < 3; round++) expect(await running.scrape()).toEqual([2]);
  });
});

describe('replicas with an aggregate', () => {
  const cases: Record<Aggregate, number> = { sum: 105, avg: 35, min: 5, max: 60 };
  it.each(Object.entries(cases) as [Aggregate, number][])(
    'are one gauge, by %s',
    async (aggregate, value) => {
      await using running = await replicas(3, aggregate);
      [40, 5, 60].forEach((own, index) => {
        running.targets[index]!.answer = says(own);
      });
      // Each round is one sample, when all three have been heard.
      for (let round = 0; round < 3; round++) expect(await running.scrape()).toEqual([value]);
      expect(running.intake.drops).toEqual({});
    },
  );

  it('do not wait for one that is down, which counts when it comes', async () => {
    await using running = await replicas(3, 'sum');
    const [one, two, three] = running.targets as [TestTarget, TestTarget, TestTarget];
    [one.answer, two.answer] = [says(100), says(100)];
    await running.scrape();
    expect(await running.scrape()).toEqual([200]);
    three.answer = says(100);
    await running.scrape();
    expect(await running.scrape()).toEqual([300]);
    one.answer = DOWN;
    await running.scrape();
    expect(await running.scrape()).toEqual([200]);
  });

  it('no longer count when a reload removes them, and the others need not be heard again', async () => {
    await using running = await replicas(2, 'sum');
    for (const target of running.targets) target.answer = says(100);
    await running.scrape();
    running.reload(running.targets.slice(1));
    expect(await running.scrape()).toEqual([100]);
  });

  it('wait for a target that a reload adds, once it has spoken', async () => {
    await using running = await replicas(2, 'sum');
    const [one, two] = running.targets as [TestTarget, TestTarget];
    for (const target of running.targets) target.answer = says(100);
    running.reload([one]);
    expect(await running.scrape()).toEqual([100]);
    running.reload([one, two]);
    await running.scrape();
    for (let round = 0; round < 3; round++) expect(await running.scrape()).toEqual([200]);
  });

  it('wait for all of them when a reload makes the entry another one', async () => {
    await using running = await replicas(2, 'sum');
    for (const target of running.targets) target.answer = says(100);
    await running.scrape();
    running.reload(running.targets, 'avg');
    expect(await running.scrape()).toEqual([100]);
    running.reload(running.targets, 'sum');
    expect(await running.scrape()).toEqual([200]);
  });
});
