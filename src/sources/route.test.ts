import { describe, expect, it } from 'vitest';
import type { Identity, MetricInput } from '../config/config.ts';
import { createBatch } from '../core/batch.ts';
import { createSamples } from '../core/derive/derivation.ts';
import type { Rule } from '../core/rule.ts';
import { parseSelector } from '../selector/parse.ts';
import { compileEntries } from './entries.ts';
import { Page } from './formats/page.ts';
import { textFormat } from './formats/text.ts';
import { FakeIntake } from './intake.testing.ts';
import { Router } from './route.ts';
import { SeriesTable } from './series-table.ts';

interface EntryText {
  readonly metric?: string;
  readonly models?: readonly string[];
  /** Absent: a pushed entry. */
  readonly gauge?: string;
  readonly aggregate?: 'avg' | 'min' | 'max' | 'sum';
  readonly scale?: number;
}

function entriesOf(texts: readonly EntryText[]) {
  const inputs: MetricInput[] = [];
  const rules = texts.map(
    ({ metric = 'accuracy', models = [], gauge, aggregate = null, scale = 1 }, entry) => {
      if (gauge !== undefined) {
        const parsed = parseSelector(gauge);
        if (!parsed.ok) throw new Error(parsed.message);
        inputs.push({
          entry,
          metric,
          models,
          from: { kind: 'gauge', selector: parsed.selector, scale, aggregate },
        });
      }
      return { metric, models, entry, pushed: gauge === undefined } as Rule;
    },
  );
  return compileEntries(inputs, rules);
}

function target(
  entries: readonly EntryText[],
  {
    labels = {},
    identity = { model: 'model', version: 'version' },
  }: { labels?: Record<string, string>; identity?: Identity } = {},
) {
  const intake = new FakeIntake();
  const table = new SeriesTable({ limit: 1000, used: 0 });
  const router = new Router({
    entries: entriesOf(entries),
    intake,
    format: textFormat,
    config: { jobName: 'serving', identity },
    target: { address: 'localhost:8000', labels: new Map(Object.entries(labels)) },
  });
  const samples = createSamples();
  return {
    intake,
    router,
    /** The events of a page as `entry model:version value`. */
    page(...lines: string[]): string[] {
      const result = textFormat.parse({
        page: Page.of(lines.join('\n')),
        table,
        into: samples,
        sampleLimit: 1000,
      });
      expect(result).toEqual({ ok: true, refused: 0 });
      const batch = createBatch();
      router.derive(samples, table, { at: 1000, into: batch });
      router.forget(table.commit(samples));
      if (batch.length === 0) return [];
      intake.submit('scrape', batch, intake.settle());
      return intake.lines;
    },
    get drops() {
      return Object.fromEntries(intake.drops);
    },
  };
}

const ACCURACY = { gauge: 'accuracy' };

describe('a series', () => {
  it('goes to the entry whose selector takes it, under the model version that its labels name', () => {
    const { page, drops } = target([{ gauge: 'accuracy{stage="prod"}' }]);
    expect(
      page(
        'accuracy{model="fraud",version="1",stage="prod"} 0.9',
        'accuracy{model="fraud",version="1",stage="test"} 0.1',
        'other{model="fraud",version="1",stage="prod"} 0.2',
      ),
    ).toEqual(['0 fraud:1 0.9']);
    expect(drops).toEqual({});
  });

  it('goes to every entry that takes it', () => {
    const { page } = target([
      { metric: 'accuracy', gauge: 'score' },
      { metric: 'percent', gauge: '{__name__=~"sc.*"}', scale: 100 },
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
    const { page } = target(selectors.map((gauge, index) => ({ metric: `m${index}`, gauge })));
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
      { models: ['fraud*'], gauge: 'fraud_accuracy' },
      { models: [], gauge: 'accuracy' },
    ]);
    expect(
      page('fraud_accuracy{model="fraud-eu"} 1', 'accuracy{model="fraud-eu"} 2', 'accuracy{model="churn"} 3'),
    ).toEqual(['0 fraud-eu:none 1', '1 churn:none 3']);
  });

  it('a pushed entry may be that first one', () => {
    const { page } = target([{ models: ['fraud'] }, { gauge: 'accuracy' }]);
    expect(page('accuracy{model="fraud"} 1', 'accuracy{model="churn"} 2')).toEqual(['1 churn:none 2']);
  });

  it('entries of other metrics do not count', () => {
    const { page } = target([
      { metric: 'other', models: [] },
      { metric: 'accuracy', gauge: 'accuracy' },
    ]);
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
    expect(target([{ gauge: 'accuracy', aggregate: 'avg', scale: 10 }]).page(...lines)).toEqual([
      '0 m:none 25',
      '0 n:none 70',
    ]);
  });

  it('are dropped without one, but for the first', () => {
    const scraped = target([ACCURACY]);
    expect(scraped.page(...lines)).toEqual(['0 m:none 1', '0 n:none 7']);
    expect(scraped.drops).toEqual({ duplicate_series: 1 });
  });

  it('are one series where only the spelling differs', () => {
    const scraped = target([{ gauge: 'accuracy', aggregate: 'sum' }]);
    expect(
      scraped.page(
        'accuracy{model="m",pod="a"} 1',
        'accuracy{pod="a",model="m"} 10',
        'accuracy { model = "m" , pod = "a" , zone = "" , } 100',
        'accuracy{model="m",pod="\\a"} 1000',
      ),
    ).toEqual(['0 m:none 1001']);
    expect(scraped.drops).toEqual({ duplicate: 2 });
  });
});

describe('a series that is spelled in two ways', () => {
  it('is still one when the page goes back to one of them', () => {
    const { page } = target([{ gauge: 'accuracy', aggregate: 'sum' }]);
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
});

describe('routes', () => {
  it('are kept while the series keeps coming, and asked for once', () => {
    const { page, intake } = target([ACCURACY]);
    let asked = 0;
    const { resolve } = intake;
    intake.resolve = (...args) => {
      asked++;
      return resolve.apply(intake, args);
    };
    for (let scrape = 0; scrape < 5; scrape++) page('accuracy{model="m"} 1', 'accuracy{model="m",pod="b"} 1');
    expect(asked).toBe(1);
  });

  it('are asked for anew when the intake’s epoch changes', () => {
    const { page, intake } = target([ACCURACY]);
    page('accuracy{model="m"} 1');
    intake.signals.length = 0;
    intake.signals.push('0 other:none');
    intake.epoch++;
    expect(page('accuracy{model="m"} 2')).toEqual(['0 m:none 2']);
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

  it('of refused signals are tried again, and their samples counted meanwhile', () => {
    const scraped = target([ACCURACY]);
    scraped.intake.maxSignals = 1;
    const lines = ['a', 'b', 'c'].map((model) => `accuracy{model="${model}"} 1`);
    expect(scraped.page(...lines)).toEqual(['0 a:none 1']);
    expect(scraped.page(...lines)).toEqual(['0 a:none 1']);
    expect(scraped.drops).toEqual({ max_signals: 4 });
    scraped.intake.maxSignals = 3;
    expect(scraped.page(...lines)).toEqual(['0 a:none 1', '0 b:none 1', '0 c:none 1']);
  });
});
