/** What becomes of routes when signals expire, and where there is no room for all of them. */
import { describe, expect, it } from 'vitest';
import { TestProcess, oneTarget as target } from './process.testing.ts';

const ACCURACY = { from: { gauge: 'accuracy' } };

describe('a signal that expires', () => {
  const HOUR = 3_600_000;
  const SHORT = { ttl: '1h', ...ACCURACY };

  it('while its series goes on, with samples that are all late, begins anew; no other series is asked for', () => {
    const scraped = target([SHORT]);
    const { page, intake } = scraped;
    const lines = ['accuracy{model="old"} 1 5000', 'accuracy{model="m"} 2'];
    page(...lines);
    const old = intake.world.signals[0];
    const counted = intake.countResolves();
    intake.time += HOUR / 2;
    page(...lines);
    expect(counted.asked).toBe(0);
    expect(scraped.drops).toEqual({ duplicate: 1 });
    intake.time += HOUR / 2;
    expect(page(...lines)).toEqual(['0 old:none 1', '0 m:none 2']);
    expect(counted.asked).toBe(1);
    expect(intake.world.signals).not.toContain(old);
    expect(intake.world.signalCount).toBe(2);
  });

  it('and whose series comes back is another signal, though its record was given to another one', () => {
    const { page, intake } = target([SHORT]);
    page('accuracy{model="a"} 1');
    intake.time += HOUR;
    // Nobody has settled yet: `a` expires on this very page, and `b` gets its record.
    expect(page('accuracy{model="b"} 2')).toEqual(['0 b:none 2']);
    expect(page('accuracy{model="a"} 3', 'accuracy{model="b"} 4')).toEqual(['0 a:none 3', '0 b:none 4']);
    expect(page('accuracy{model="b"} 6', 'accuracy{model="a"} 5')).toEqual(['0 b:none 6', '0 a:none 5']);
  });

  it('takes what was counted with it: the counter that comes back has nothing to be compared with', () => {
    const { page, intake } = target([{ ttl: '1h', from: { rate: 'errors_total' } }]);
    page('errors_total{model="m"} 100');
    expect(page('errors_total{model="m"} 110')).toEqual(['0 m:none 10']);
    expect(intake.world.cellCount).toBeGreaterThan(0);
    intake.time += HOUR + 2000;
    page('x 1');
    expect(intake.world.cellCount).toBe(0);
    expect(page('errors_total{model="m"} 5000')).toEqual([]);
    expect(page('errors_total{model="m"} 5001')).toEqual(['0 m:none 1']);
  });

  it('is heard of as long as its window grows', () => {
    const { page, intake } = target([{ ttl: '1h', from: { rate: 'errors_total', window: '3h' } }]);
    const values = [];
    for (let minutes = 0; minutes <= 180; minutes += 30) {
      values.push(...page(`errors_total{model="m"} ${minutes * 60 + minutes / 30}`));
      intake.time += 30 * 60_000 - 1000 + 1;
    }
    expect(values).toHaveLength(1);
  });
});

describe('where there is no room for all signals', () => {
  const lines = ['a', 'b', 'c', 'd'].map((model) => `accuracy{model="${model}"} 1`);

  it('those that were first have it, and the samples of the others are counted', () => {
    const scraped = target([ACCURACY], {});
    scraped.intake.maxSignals = 1;
    expect(scraped.page(...lines)).toEqual(['0 a:none 1']);
    expect(scraped.page(...lines)).toEqual(['0 a:none 1']);
    expect(scraped.drops).toEqual({ max_signals: 6 });
  });

  it('the others come in when there is room for all', () => {
    const { page, intake } = target([ACCURACY]);
    intake.maxSignals = 1;
    page(...lines);
    intake.maxSignals = 4;
    expect(page(...lines)).toHaveLength(4);
  });

  it('one after the other comes in as room comes, each once', () => {
    const { page, intake } = target([ACCURACY]);
    for (let room = 1; room <= 4; room++) {
      intake.maxSignals = room;
      expect(page(...lines)).toHaveLength(room);
      expect(page(...lines)).toHaveLength(room);
    }
  });

  it('nobody waits for ever: whoever is refused goes to the end of the line', () => {
    const scraped = target([{ ...ACCURACY, ttl: '1m' }]);
    const { page, intake } = scraped;
    intake.maxSignals = 1;
    const had: string[] = [];
    // Whoever has the room leaves after a while, and comes back when its signal is gone.
    for (let turn = 0; turn < 12; turn++) {
      const [owner] = page(...lines);
      had.push(owner!.slice(2, 3));
      intake.time += 60_000;
      page(...lines.filter((line) => !line.includes(`"${had.at(-1)}"`)));
    }
    expect([...new Set(had)].sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('a series that feeds two entries feeds the one that has room', () => {
    const scraped = target([
      { name: 'one', from: { gauge: 'accuracy' } },
      { name: 'two', from: { gauge: 'accuracy' } },
    ]);
    scraped.intake.maxSignals = 1;
    for (let scrape = 0; scrape < 3; scrape++)
      expect(scraped.page('accuracy{model="m"} 1')).toEqual(['0 m:none 1']);
    expect(scraped.drops).toEqual({ max_signals: 3 });
    scraped.intake.maxSignals = 2;
    expect(scraped.page('accuracy{model="m"} 2')).toEqual(['0 m:none 2', '1 m:none 2']);
  });

  it('a series that is gone does not wait, though its number is used again', () => {
    const scraped = target([ACCURACY]);
    scraped.intake.maxSignals = 0;
    scraped.page('accuracy{model="m"} 1');
    for (let scrape = 0; scrape < 4; scrape++) scraped.page('x 1');
    scraped.intake.maxSignals = 2;
    expect(scraped.page('x 1', 'other{model="n"} 1')).toEqual([]);
    expect(scraped.intake.world.signalCount).toBe(0);
  });
});

describe('where there is no room for all counters', () => {
  const lines = (values: Record<string, number>) =>
    Object.entries(values).map(([model, value]) => `errors_total{model="${model}"} ${value}`);

  it('new ones are refused and counted, and come in when others are forgotten; watched ones go on', () => {
    // Memory is bounded by what the series that are allowed could need at most: some cells each.
    const process = new TestProcess({
      metrics: [{ from: { rate: 'errors_total' }, ttl: '1h' }],
      rest: { limits: { max_series: 1 } },
    });
    const { intake } = process;
    const page = (values: Record<string, number>) => process.target.page(...lines(values));
    page({ a: 1 });
    expect(page({ a: 2, b: 1 })).toEqual(['0 a:none 1']);
    expect(page({ a: 4, b: 1 })).toEqual(['0 a:none 2']);
    expect(intake.drops).toEqual({ max_series: 2 });
    intake.time += 3_600_000;
    page({ b: 5 });
    expect(page({ b: 7 })).toEqual(['0 b:none 2']);
  });
});
