/**
 * A large target whose series come, go and change their order is read exactly as by a parser that knows nothing of the
 * page before. `SERIES` says how many there are.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EMA, SAMPLES } from '../core/signal.ts';
import { TestProcess } from './process.testing.ts';

const SERIES = Number(process.env['SERIES'] ?? 10_000);
const ALPHA = 0.25;
const SECONDS_PER_PAGE = 1;

/** Half of the models have a gauge, half a counter. */
const METRICS = [
  { name: 'value', from: { gauge: 'value' }, smoothing: { alpha: ALPHA } },
  { name: 'speed', from: { rate: 'calls_total' }, smoothing: { alpha: ALPHA } },
];

interface Average {
  ema: number;
  samples: number;
}

/** What the same pages come to by the definitions alone. */
class NaiveReading {
  readonly averages = new Map<string, Average>();
  readonly #counters = new Map<string, { value: number; page: number }>();
  #page = 0;

  read(page: string): void {
    this.#page++;
    for (const line of page.split('\n')) {
      const match = /^(value|calls_total)\{.*model="(\w+)".*\} (\S+)$/.exec(line);
      if (!match) continue;
      const [, name, model, text] = match as unknown as [string, string, string, string];
      const value = Number(text);
      if (name === 'value') this.#take(`value ${model}`, value);
      else this.#count(model, value);
    }
  }

  #count(model: string, value: number): void {
    const last = this.#counters.get(model);
    this.#counters.set(model, { value, page: this.#page });
    if (!last) return;
    const delta = value < last.value ? value : value - last.value;
    this.#take(`speed ${model}`, delta / ((this.#page - last.page) * SECONDS_PER_PAGE));
  }

  #take(signal: string, value: number): void {
    const { ema, samples } = this.averages.get(signal) ?? { ema: value, samples: 0 };
    const next = samples === 0 ? value : ALPHA * value + (1 - ALPHA) * ema;
    this.averages.set(signal, { ema: next, samples: samples + 1 });
  }
}

const place = fc.double({ min: 0, max: 1, noNaN: true });

/** What happens to the series between two scrapes; places are shares of the page. */
const change = fc.oneof(
  fc.record({ what: fc.constant('remove' as const), from: place, length: place }),
  fc.record({ what: fc.constant('insert' as const), from: place, length: place }),
  fc.record({ what: fc.constant('move' as const), from: place, length: place, to: place }),
  fc.record({ what: fc.constant('reverse' as const), from: place, length: place }),
  fc.record({ what: fc.constant('every' as const), stride: fc.integer({ min: 2, max: 7 }) }),
  fc.record({ what: fc.constant('nothing' as const) }),
);
type ChangeOfPage = typeof change extends fc.Arbitrary<infer One> ? One : never;

/** `present` in a new order; `absent` takes what was removed and gives what is inserted. */
function changed(present: readonly number[], absent: number[], by: ChangeOfPage): number[] {
  const at = (share: number) => Math.floor(share * present.length);
  switch (by.what) {
    case 'remove': {
      const from = at(by.from);
      const until = from + at(by.length / 2);
      absent.push(...present.slice(from, until));
      return [...present.slice(0, from), ...present.slice(until)];
    }
    case 'insert': {
      const come = absent.splice(0, Math.ceil(absent.length * by.length));
      return present.toSpliced(at(by.from), 0, ...come);
    }
    case 'move': {
      const from = at(by.from);
      const moved = present.slice(from, from + at(by.length));
      const rest = present.toSpliced(from, moved.length);
      return rest.toSpliced(Math.floor(by.to * rest.length), 0, ...moved);
    }
    case 'reverse': {
      const from = at(by.from);
      const turned = present.slice(from, from + at(by.length)).reverse();
      return present.toSpliced(from, turned.length, ...turned);
    }
    case 'every':
      return present
        .map((series, index) => ({ series, rank: index % by.stride }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ series }) => series);
    case 'nothing':
      return [...present];
  }
}

function lineOf(series: number, page: number): string {
  // Numbers of many digits, some of them falling: a counter of which that is true was reset.
  const value = ((series * 7919 + page * 104_729) % 1_000_003) / 997;
  return series % 2 === 0
    ? `value{host="h${series % 10}",model="m${series}"} ${value}`
    : `calls_total{model="m${series}",zone="z"} ${value}`;
}

it(`${SERIES} series that come, go and change their order have the averages of a naive reading`, () => {
  const all = Array.from({ length: SERIES }, (_, series) => series);
  fc.assert(
    fc.property(fc.array(change, { minLength: 5, maxLength: 5 }), (changes) => {
      const absent = all.slice(Math.ceil(SERIES * 0.8));
      let present = all.slice(0, Math.ceil(SERIES * 0.8));
      const limits = { max_signals: SERIES, max_series: SERIES };
      const { target, intake } = new TestProcess({ metrics: METRICS, rest: { limits } });
      const naive = new NaiveReading();
      for (const [page, by] of [{ what: 'nothing' } as const, ...changes].entries()) {
        present = changed(present, absent, by);
        const lines = present.map((series) => lineOf(series, page));
        const content = `# HELP value x\n${lines.join('\n')}\nother{model="m1"} 1\n`;
        expect(target.take(content)).toEqual({ ok: true, samples: present.length + 1 });
        naive.read(content);
      }
      const averages = new Map<string, Average>();
      for (const signal of intake.world.signals) {
        const { record, metric, model } = signal ?? {};
        if (!record || record[SAMPLES] === 0) continue;
        averages.set(`${metric} ${model!.name}`, { ema: record[EMA]!, samples: record[SAMPLES]! });
      }
      expect(intake.drops).toEqual({});
      expect(differences(averages, naive.averages)).toEqual([]);
    }),
    { numRuns: 6, endOnFailure: true },
  );
});

/** The first few, because all would be too many to print. */
function differences(found: ReadonlyMap<string, Average>, expected: ReadonlyMap<string, Average>): unknown[] {
  const signals = new Set([...found.keys(), ...expected.keys()]);
  return [...signals]
    .filter((signal) => {
      const [a, b] = [found.get(signal), expected.get(signal)];
      return a?.ema !== b?.ema || a?.samples !== b?.samples;
    })
    .slice(0, 5)
    .map((signal) => [signal, found.get(signal), expected.get(signal)]);
}
