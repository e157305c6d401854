import { describe, expect, it } from 'vitest';
import { oneTarget as target } from './process.testing.ts';

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

describe('routes', () => {
  it('are kept while the series keeps coming, and asked for once per series', () => {
    const { page, intake } = target([ACCURACY]);
    const counted = intake.countResolves();
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
