import { describe, expect, it } from 'vitest';
import { ManualClock } from '../clock.ts';
import { PAGE, scraperOf, settingsFor } from './scrape.testing.ts';
import { page, startTarget } from './target.testing.ts';

describe('a reload', () => {
  it('keeps the targets that have not changed, with their state and their connection', async () => {
    await using kept = await startTarget(page(PAGE));
    await using gone = await startTarget(page(PAGE));
    await using added = await startTarget(page(PAGE));
    await using running = scraperOf(settingsFor([gone, kept]));
    const { scraper } = running;
    await scraper.scrapeNow();
    running.reload(settingsFor([added, kept]));
    expect(scraper.statuses()).toMatchObject([
      { target: `http://${added.address}/metrics`, up: null },
      { target: `http://${kept.address}/metrics`, up: true },
    ]);
    await scraper.scrapeNow();
    expect([kept, gone, added].map(({ requests }) => requests.length)).toEqual([2, 1, 1]);
    expect(kept.connections).toBe(1);
  });

  it('gives back the room that a removed target’s series took', async () => {
    await using gone = await startTarget(page('a 1\nb 1\n'));
    await using added = await startTarget(page('a 1\nb 1\n'));
    const small = { maxSeries: 2 };
    await using running = scraperOf(settingsFor([gone], {}, small));
    const { scraper, intake } = running;
    await scraper.scrapeNow();
    running.reload(settingsFor([], {}, small));
    await scraper.stop();
    running.reload(settingsFor([added], {}, small));
    await scraper.scrapeNow();
    expect(intake.drops).toEqual({});
  });

  it('starts a target anew where anything of it has changed', async () => {
    await using target = await startTarget(page(PAGE));
    await using running = scraperOf(settingsFor([target]));
    const { scraper } = running;
    await scraper.scrapeNow();
    running.reload(settingsFor([target], { headers: new Map([['x', { value: 'y' }]]) }));
    expect(scraper.statuses()).toMatchObject([{ up: null }]);
  });

  it('sends the series of kept targets to the entries as they are now', async () => {
    await using target = await startTarget(page('accuracy{model="m"} 1\nprecision{model="m"} 2\n'));
    await using running = scraperOf(settingsFor([target]));
    const { scraper, intake } = running;
    await scraper.scrapeNow();
    expect(intake.lines).toEqual(['0 m:none 1']);
    intake.time += 1000;
    const metrics = [{ name: 'precision', from: { gauge: 'precision', scale: 10 } }];
    running.reload(settingsFor([target], {}, { metrics }));
    await scraper.scrapeNow();
    expect(intake.lines).toEqual(['0 m:none 20']);
  });

  it('starts and stops loops of a running scraper', async () => {
    await using gone = await startTarget(page(PAGE));
    await using added = await startTarget(page(PAGE));
    const clock = new ManualClock();
    await using running = scraperOf(settingsFor([gone]), clock);
    running.scraper.start();
    running.reload(settingsFor([added]));
    const asked = added.nextRequest();
    await clock.advance(20_000);
    await asked;
    expect(gone.requests).toHaveLength(0);
  });

  it('scrapes a target that is named twice once', async () => {
    await using target = await startTarget(page(PAGE));
    await using running = scraperOf(settingsFor([target, target]));
    await running.scraper.scrapeNow();
    expect(target.requests).toHaveLength(1);
  });

  it('forgets what a removed target has counted; a stop forgets nothing', async () => {
    await using kept = await startTarget(page('requests_total{model="m"} 1\n'));
    await using gone = await startTarget(page('requests_total{model="m"} 1\n'));
    const metrics = [{ from: { rate: 'requests_total' } }];
    await using running = scraperOf(settingsFor([kept, gone], {}, { metrics }));
    const { scraper, intake } = running;
    await scraper.scrapeNow();
    const keys = () => intake.world.signals.flatMap((signal) => [...(signal?.cells?.keys() ?? [])]).sort();
    const all = keys();
    running.reload(settingsFor([kept], {}, { metrics }));
    expect(intake.world.heard.size).toBe(1);
    const [stays] = intake.world.heard.keys();
    expect(keys()).toEqual(all.filter((key) => key === '' || key.startsWith(`${stays} `)));
    expect(keys().length).toBeLessThan(all.length);
    const before = intake.memory;
    await scraper.stop();
    expect(intake.memory).toEqual(before);
    expect(intake.world.heard.size).toBe(1);
  });
});
