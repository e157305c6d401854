import { describe, expect, it } from 'vitest';
import { ManualClock } from '../clock.ts';
import { ACCURACY, PAGE, scraperOf, settingsFor } from './scrape.testing.ts';
import type { TestTarget } from './target.testing.ts';
import { page, startTarget } from './target.testing.ts';

describe('a scrape', () => {
  it('becomes one batch, stamped with the time at which it began', async () => {
    await using target = await startTarget(page(PAGE));
    const clock = new ManualClock();
    await using running = scraperOf(settingsFor([target]), clock);
    const { scraper, intake } = running;
    target.answer = (request, response) => {
      intake.time += 5000;
      clock.pass(5000);
      page(PAGE)(request, response);
    };
    await scraper.scrapeNow();
    expect(intake.batches).toEqual([
      [
        { signal: '0 fraud:1', value: 0.9, time: 1_000_000, weight: 1, stamped: true },
        { signal: '0 fraud:2', value: 0.8, time: 999_000, weight: 1, stamped: false },
      ],
    ]);
    expect(scraper.statuses()).toEqual([
      {
        job: 'serving',
        target: `http://${target.address}/metrics`,
        up: true,
        lastScrapeAt: 1_000_000,
        durationSeconds: 5,
        samples: 3,
        error: null,
        failures: new Map(),
      },
    ]);
  });

  it('during which the clock is set has a time of the new clock', async () => {
    await using target = await startTarget(page(PAGE));
    await using running = scraperOf(settingsFor([target]));
    const { scraper, intake } = running;
    target.answer = (request, response) => {
      intake.time -= 120_000;
      page(PAGE)(request, response);
    };
    await scraper.scrapeNow();
    expect(intake.batches[0]![0]).toMatchObject({ time: 880_000, stamped: true });
  });

  it('of a page without a wanted series gives no event', async () => {
    await using target = await startTarget(page('other 1\n'));
    await using running = scraperOf(settingsFor([target]));
    await running.scraper.scrapeNow();
    expect(running.intake.batches).toEqual([[]]);
    expect(running.scraper.statuses()).toMatchObject([{ up: true, samples: 1 }]);
  });

  it('is taken whole or not at all', async () => {
    await using target = await startTarget(page(`${PAGE}oops\n`));
    await using running = scraperOf(settingsFor([target]));
    await running.scraper.scrapeNow();
    expect(running.intake.batches).toEqual([]);
    expect(running.scraper.statuses()).toMatchObject([
      {
        up: false,
        samples: 0,
        error: 'line 4: expected a value, found the end of the line',
        failures: new Map([['parse', 1]]),
      },
    ]);
  });

  it('that finds an error page is a failure to parse', async () => {
    await using target = await startTarget((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<!DOCTYPE html>\n<title>502</title>');
    });
    await using running = scraperOf(settingsFor([target]));
    await running.scraper.scrapeNow();
    expect(running.scraper.statuses()).toMatchObject([{ up: false, failures: new Map([['parse', 1]]) }]);
  });

  it('with more samples than the limit is refused', async () => {
    await using target = await startTarget(page(PAGE));
    await using running = scraperOf(settingsFor([target], { sampleLimit: 2 }));
    await running.scraper.scrapeNow();
    expect(running.scraper.statuses()).toMatchObject([
      { up: false, error: 'the page has more than 2 samples', failures: new Map([['sample_limit', 1]]) },
    ]);
  });

  it('counts series that there is no room for, over all targets', async () => {
    await using one = await startTarget(page('accuracy{model="a"} 1\nx 1\n'));
    await using two = await startTarget(page('accuracy{model="b"} 1\ny 1\n'));
    await using running = scraperOf(settingsFor([one, two], {}, { maxSeries: 3 }));
    await running.scraper.scrapeNow();
    expect(running.intake.drops).toEqual({ max_series: 1 });
    expect(running.scraper.statuses()).toMatchObject([{ samples: 2 }, { samples: 2 }]);
  });

  it('never shows what a target must not tell: parameters and headers', async () => {
    await using target = await startTarget((_request, response) => response.writeHead(500).end('s3cret'));
    await using running = scraperOf(
      settingsFor([target], {
        params: new Map([['token', ['s3cret']]]),
        headers: new Map([['X-Key', { value: 's3cret' }]]),
        auth: { kind: 'basic', username: 'u', password: { value: 's3cret' } },
      }),
    );
    await running.scraper.scrapeNow();
    target.answer = (request) => request.socket.destroy();
    await running.scraper.scrapeNow();
    expect(target.requests[0]!.url).toContain('s3cret');
    expect(JSON.stringify([running.scraper.statuses(), running.lines])).not.toContain('s3cret');
  });
});

describe('a target', () => {
  it('is reported once when it goes down and once when it is back', async () => {
    await using target = await startTarget(page(PAGE));
    await using running = scraperOf(settingsFor([target]));
    const { scraper, lines } = running;
    const scrape = async (answer: TestTarget['answer']) => {
      target.answer = answer;
      await scraper.scrapeNow();
    };
    const down: TestTarget['answer'] = (_request, response) => response.writeHead(503).end();
    await scrape(page(PAGE));
    for (let index = 0; index < 3; index++) await scrape(down);
    await scrape(page('oops'));
    await scrape(page(PAGE));
    await scrape(page(PAGE));
    const facts = { job: 'serving', target: `http://${target.address}/metrics` };
    expect(lines).toEqual([
      {
        level: 'warn',
        message: 'target is down',
        fields: { ...facts, reason: 'http_5xx', error: 'the target answered 503' },
      },
      { level: 'info', message: 'target is up again', fields: facts },
    ]);
    expect(scraper.statuses()).toMatchObject([
      {
        up: true,
        failures: new Map([
          ['http_5xx', 3],
          ['parse', 1],
        ]),
      },
    ]);
  });

  it('has no state before its first scrape has ended', async () => {
    await using target = await startTarget(page(PAGE));
    await using running = scraperOf(settingsFor([target]));
    expect(running.scraper.statuses()).toMatchObject([{ up: null, lastScrapeAt: null, error: null }]);
  });

  it('that is down does not keep others from being scraped', async () => {
    await using bad = await startTarget(() => {});
    await using good = await startTarget(page(PAGE));
    const clock = new ManualClock();
    await using running = scraperOf(settingsFor([bad, good]), clock);
    const taken = new Promise<void>((resolve) => {
      running.intake.onBatch = resolve;
    });
    const asked = bad.nextRequest();
    const scraped = running.scraper.scrapeNow();
    await Promise.all([taken, asked]);
    await clock.advance(10_000);
    await scraped;
    expect(running.scraper.statuses()).toMatchObject([{ up: false }, { up: true }]);
  });
});

describe('a scraper', () => {
  it('scrapes each target once per interval', async () => {
    await using target = await startTarget(page(PAGE));
    const clock = new ManualClock();
    await using running = scraperOf(settingsFor([target]), clock);
    running.scraper.start();
    for (let scrape = 1; scrape <= 3; scrape++) {
      const taken = new Promise<void>((resolve) => {
        running.intake.onBatch = resolve;
      });
      await clock.advance(10_000);
      await taken;
      expect(target.requests).toHaveLength(scrape);
    }
  });

  it('scrapes by cron where the config says so', async () => {
    await using target = await startTarget(page(PAGE));
    const clock = new ManualClock();
    await using running = scraperOf(
      settingsFor([target], { schedule: { kind: 'cron', expression: '*/20 * * * * *' } }),
      clock,
    );
    running.scraper.start();
    await clock.advance(19_999);
    expect(target.requests).toHaveLength(0);
    const asked = target.nextRequest();
    await clock.advance(1);
    await asked;
  });

  it('never scrapes a target twice at a time', async () => {
    await using target = await startTarget(() => {});
    const clock = new ManualClock();
    await using running = scraperOf(settingsFor([target], { timeoutMs: 35_000 }), clock);
    running.scraper.start();
    const asked = target.nextRequest();
    await clock.advance(10_000);
    await asked;
    const again = running.scraper.scrapeNow();
    await clock.advance(30_000);
    expect(target.requests).toHaveLength(1);
    await clock.advance(5_000);
    await again;
    expect(running.scraper.statuses()).toMatchObject([{ failures: new Map([['timeout', 1]]) }]);
  });

  it('cuts off what is running when it stops, and does not call that a failure', async () => {
    await using target = await startTarget(() => {});
    await using running = scraperOf(settingsFor([target]));
    const asked = target.nextRequest();
    const scraped = running.scraper.scrapeNow();
    const connection = (await asked).socket;
    const closed = new Promise((resolve) => connection.once('close', resolve));
    const stopped = running.scraper.stop();
    await Promise.all([scraped, stopped, closed]);
    expect(running.lines).toEqual([]);
    expect(running.intake.batches).toEqual([]);
  });

  it('looks at what has expired before it names a signal', async () => {
    await using target = await startTarget(page('accuracy{model="a"} 1\naccuracy{model="b"} 1\n'));
    await using running = scraperOf(settingsFor([target], {}, { metrics: [{ ...ACCURACY, ttl: '1h' }] }));
    const { scraper, intake } = running;
    await scraper.scrapeNow();
    const before = [...intake.world.signals];
    // Nothing but the scrape itself lets the time pass in which both expire; then their records change hands.
    intake.time += 3_600_000;
    target.answer = page('accuracy{model="b"} 2\naccuracy{model="a"} 3\n');
    await scraper.scrapeNow();
    expect(intake.lines).toEqual(['0 b:none 2', '0 a:none 3']);
    expect(intake.world.signals.filter((signal) => before.includes(signal))).toEqual([]);
    expect(intake.drops).toEqual({});
  });

  it('goes on while nothing can be stored, and says so once', async () => {
    await using target = await startTarget(page(PAGE));
    await using running = scraperOf(settingsFor([target]));
    const { scraper, intake, lines } = running;
    intake.storageFails = true;
    for (let index = 0; index < 3; index++) await scraper.scrapeNow();
    expect(scraper.statuses()).toMatchObject([{ up: true }]);
    intake.storageFails = false;
    for (let index = 0; index < 2; index++) await scraper.scrapeNow();
    expect(intake.batches).toHaveLength(2);
    expect(lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'warn: scraped samples are lost until storage works again',
      'info: scraped samples are stored again',
    ]);
  });
});
