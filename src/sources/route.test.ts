import { describe, expect, it } from 'vitest';
import type { RawEntry } from './config.testing.ts';
import { TestProcess } from './process.testing.ts';

/** One target, whose pages give events as `entry model:version value`. */
function target(metrics: readonly RawEntry[], { labels = {}, ...job }: RawEntry = {}) {
  const static_configs = [{ targets: ['localhost:8000'], labels }];
  const process = new TestProcess({ metrics, job: { static_configs, ...job } });
  return {
    intake: process.intake,
    page: (...lines: string[]) => process.target.page(...lines),
    get drops() {
      return process.intake.drops;
    },
  };
}

const ACCURACY = { from: { gauge: 'accuracy' } };
const shared = (aggregate: string) => ({ from: { gauge: 'accuracy', aggregate } });

describe('a series', () => {
  it('goes to the entry whose selector takes it, under the model version that its labels name', () => {
    const scraped = target([{ from: { gauge: 'accuracy{stage="prod"}' } }]);
    expect(
      scraped.page(
        'accuracy{model="fraud",version="1",stage="prod"} 0.9',
        'accuracy{model="fraud",version="1",stage="test"} 0.1',
        'other{model="fraud",version="1",stage="prod"} 0.2',
      ),
    ).toEqual(['0 fraud:1 0.9']);
    expect(scraped.drops).toEqual({});
  });

  it('goes to every entry that takes it', () => {
    const { page } = target([
      { name: 'accuracy', from: { gauge: 'score' } },
      { name: 'percent', from: { gauge: '{__name__=~"sc.*"}', scale: 100 } },
    ]);
    expect(page('score{model="m"} 0.5')).toEqual(['0 m:none 0.5', '1 m:none 50']);
  });

  it('has the labels of its target where it has none of its own', () => {
    const { page } = target([ACCURACY], { labels: { model: 'fraud', version: '1.4.0' } });
    expect(
      page('accuracy 0.9', 'accuracy{version="2"} 0.8', 'accuracy{model="churn",version=""} 0.7'),
    ).toEqual(['0 fraud:1.4.0 0.9', '0 fraud:2 0.8', '0 churn:1.4.0 0.7']);
  });

  it('has job and instance too', () => {
    const selectors = [
      'accuracy{job="serving"}',
      'accuracy{instance="localhost:8000"}',
      'accuracy{job="own"}',
    ];
    const { page } = target(selectors.map((gauge, index) => ({ name: `m${index}`, from: { gauge } })));
    expect(page('accuracy{model="a"} 1', 'accuracy{model="b",job="own",instance="own"} 2')).toEqual([
      '0 a:none 1',
      '1 a:none 1',
      '2 b:none 2',
    ]);
  });

  it('is named by the labels that the identity says', () => {
    const { page } = target([ACCURACY], { identity: { model: 'model_name', version: 'rev' } });
    expect(page('accuracy{model_name="fraud",rev="7",model="x",version="y"} 1')).toEqual(['0 fraud:7 1']);
  });

  it('may have names that objects inherit', () => {
    expect(target([ACCURACY]).page('accuracy{model="__proto__",version="constructor"} 1')).toEqual([
      '0 __proto__:constructor 1',
    ]);
  });

  it('without a model is dropped and counted, each time', () => {
    const scraped = target([ACCURACY]);
    for (let scrape = 0; scrape < 3; scrape++)
      expect(scraped.page('accuracy 1', 'accuracy{model=""} 2')).toEqual([]);
    expect(scraped.drops).toEqual({ no_model: 6 });
  });

  it('with a name above 1024 bytes is dropped and counted', () => {
    const scraped = target([ACCURACY]);
    const [fits, long] = ['é'.repeat(512), `${'é'.repeat(512)}x`];
    expect(scraped.page(`accuracy{model="${fits}"} 1`, `accuracy{model="${long}"} 1`)).toEqual([
      `0 ${fits}:none 1`,
    ]);
    expect(scraped.page(`accuracy{model="m",version="${long}"} 1`)).toEqual([]);
    expect(scraped.drops).toEqual({ bad_name: 2 });
  });

  it('that nobody takes is neither an event nor dropped', () => {
    const scraped = target([ACCURACY]);
    expect(scraped.page('unknown 1', 'unknown{model="m"} 2')).toEqual([]);
    expect(scraped.drops).toEqual({});
  });
});

describe('among entries of one metric', () => {
  it('the first whose models fit has the model', () => {
    const { page } = target([
      { models: ['fraud*'], from: { gauge: 'fraud_accuracy' } },
      { from: { gauge: 'accuracy' } },
    ]);
    expect(
      page('fraud_accuracy{model="fraud-eu"} 1', 'accuracy{model="fraud-eu"} 2', 'accuracy{model="churn"} 3'),
    ).toEqual(['0 fraud-eu:none 1', '1 churn:none 3']);
  });

  it('a pushed entry may be that first one', () => {
    const { page } = target([{ models: ['fraud'] }, ACCURACY]);
    expect(page('accuracy{model="fraud"} 1', 'accuracy{model="churn"} 2')).toEqual(['1 churn:none 2']);
  });

  it('entries of other metrics do not count', () => {
    const { page } = target([{ name: 'other' }, ACCURACY]);
    expect(page('accuracy{model="m"} 1')).toEqual(['1 m:none 1']);
  });
});

describe('several series of one model version', () => {
  const lines = [
    'accuracy{model="m",pod="a"} 1',
    'accuracy{model="m",pod="b"} 4',
    'accuracy{model="n",pod="a"} 7',
  ];

  it('are combined by the aggregate', () => {
    expect(target([{ from: { gauge: 'accuracy', aggregate: 'avg', scale: 10 } }]).page(...lines)).toEqual([
      '0 m:none 25',
      '0 n:none 70',
    ]);
  });

  it('are dropped without one, but for the first', () => {
    const scraped = target([ACCURACY]);
    expect(scraped.page(...lines)).toEqual(['0 m:none 1', '0 n:none 7']);
    expect(scraped.drops).toEqual({ duplicate_series: 1 });
  });

  const spellings = [
    'accuracy{model="m",pod="a"} 1',
    'accuracy{pod="a",model="m"} 10',
    'accuracy { model = "m" , pod = "a" , zone = "" , } 100',
    'accuracy{model="m",pod="\\a"} 1000',
  ];

  it('are one series where only the spelling differs: combined, it counts once', () => {
    const scraped = target([shared('sum')]);
    expect(scraped.page(...spellings)).toEqual(['0 m:none 1001']);
    expect(scraped.drops).toEqual({ duplicate: 2 });
  });

  it('are dropped without an aggregate, spelled alike or not', () => {
    const scraped = target([ACCURACY]);
    expect(scraped.page(...spellings)).toEqual(['0 m:none 1']);
    expect(scraped.drops).toEqual({ duplicate_series: 3 });
  });
});

describe('a series that is spelled in two ways', () => {
  it('is still one when the page goes back to one of them', () => {
    const { page } = target([shared('sum')]);
    const [one, two, other] = [
      'accuracy{model="m",x="1"}',
      'accuracy{x="1",model="m"}',
      'accuracy{model="m"}',
    ];
    expect(page(`${one} 1`, `${two} 2`, `${other} 10`)).toEqual(['0 m:none 11']);
    for (let scrape = 0; scrape < 4; scrape++)
      expect(page(`${two} 2`, `${other} 10`)).toEqual(['0 m:none 12']);
    expect(page(`${two} 2`, `${one} 1`, `${other} 10`)).toEqual(['0 m:none 12']);
    for (let scrape = 0; scrape < 4; scrape++) expect(page('x 1')).toEqual([]);
    expect(page(`${one} 1`)).toEqual(['0 m:none 1']);
  });

  it('is one counter, which loses nothing from one spelling to the other', () => {
    const { page } = target([{ from: { rate: 'errors_total' } }]);
    page('errors_total{model="m",x="1"} 100');
    expect(page('errors_total{x="1",model="m"} 107')).toEqual(['0 m:none 7']);
    expect(page('errors_total{model="m",x="1"} 110', 'errors_total{x="1",model="m"} 110')).toEqual([
      '0 m:none 3',
    ]);
  });
});

/** Counts how often a signal was asked for by name. */
function countResolves(intake: TestProcess['intake']): { asked: number } {
  const counted = { asked: 0 };
  const resolve = intake.resolve.bind(intake);
  intake.resolve = (...args) => {
    counted.asked++;
    return resolve(...args);
  };
  return counted;
}

describe('routes', () => {
  it('are kept while the series keeps coming, and asked for once per series', () => {
    const { page, intake } = target([ACCURACY]);
    const counted = countResolves(intake);
    for (let scrape = 0; scrape < 5; scrape++) page('accuracy{model="m"} 1', 'accuracy{model="n"} 1');
    expect(counted.asked).toBe(2);
  });

  it('are asked for anew when the intake’s epoch changes', () => {
    const { page, intake } = target([ACCURACY]);
    page('accuracy{model="m"} 1');
    const before = intake.world;
    intake.restart();
    expect(page('accuracy{model="m"} 2')).toEqual(['0 m:none 2']);
    expect(intake.world).not.toBe(before);
  });

  it('do not outlive their series when its number is used again', () => {
    const { page } = target([ACCURACY]);
    page('accuracy{model="a"} 1');
    for (let scrape = 0; scrape < 4; scrape++) page('x 1');
    expect(page('x 1', 'accuracy{model="b"} 2')).toEqual(['0 b:none 2']);
    expect(page('x 1', 'accuracy{model="a"} 3', 'accuracy{model="b"} 4')).toEqual([
      '0 a:none 3',
      '0 b:none 4',
    ]);
  });
});

describe('a signal that expires', () => {
  const HOUR = 3_600_000;
  const SHORT = { ttl: '1h', ...ACCURACY };

  it('while its series goes on, with samples that are all late, begins anew; no other series is asked for', () => {
    const scraped = target([SHORT]);
    const { page, intake } = scraped;
    const lines = ['accuracy{model="old"} 1 5000', 'accuracy{model="m"} 2'];
    page(...lines);
    const old = intake.world.signals[0];
    const counted = countResolves(intake);
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
