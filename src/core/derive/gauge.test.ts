import { describe, expect, it } from 'vitest';
import { createBatch } from '../batch.ts';
import { createSamples, growSamples } from './derivation.ts';
import { Gauge, GaugeDerivation, GaugeMember } from './gauge.ts';
import type { Aggregate } from './gauge-pool.ts';
import { GaugePool } from './gauge-pool.ts';
import { nonFiniteReason } from './non-finite.ts';

const AT = 1000;

function samplesOf(rows: readonly (readonly [series: number, value: number, time?: number])[]) {
  const samples = createSamples(1);
  growSamples(samples, rows.length);
  rows.forEach(([series, value, time = NaN], row) => {
    samples.series[row] = series;
    samples.value[row] = value;
    samples.time[row] = time;
  });
  samples.length = rows.length;
  return samples;
}

/** Series 0, 1 and 2 feed one gauge; series 9 is another spelling of series 0. */
function gaugeOf(options: { aggregate?: Aggregate; scale?: number; ref?: number } = {}) {
  const feeder = new GaugePool().join(0);
  const derivation = new GaugeDerivation(feeder);
  const { aggregate = null, ref = 7, scale = 1 } = options;
  const gauge = new Gauge({ ref, scale, part: feeder.take('entry', 'm', aggregate) });
  const members = [0, 1, 2].map(() => new GaugeMember(gauge));
  members.forEach((member, series) => void derivation.feed(series, [member]));
  derivation.feed(9, [members[0]!]);
  return {
    feeder,
    gauge,
    derivation,
    page(...rows: [series: number, value: number, time?: number][]) {
      const batch = createBatch(1);
      feeder.begin(0);
      const dropped = Object.fromEntries(derivation.derive(samplesOf(rows), AT, batch));
      feeder.end();
      const events = Array.from({ length: batch.length }, (_, row) => [
        batch.ref[row],
        batch.value[row],
        batch.time[row],
        batch.stamped[row],
      ]);
      return { events, dropped };
    },
  };
}

describe('a gauge without an aggregate', () => {
  it('hands values on, stamped with the time of the page where they have none', () => {
    expect(gaugeOf().page([0, 0.5])).toEqual({ events: [[7, 0.5, AT, 1]], dropped: {} });
    expect(gaugeOf().page([0, 0.5, 900])).toEqual({ events: [[7, 0.5, 900, 0]], dropped: {} });
  });

  it('multiplies by its scale', () => {
    expect(gaugeOf({ scale: 1000 }).page([0, 0.25]).events).toEqual([[7, 250, AT, 1]]);
  });

  it('belongs to the first series on the page; the others are dropped', () => {
    const { page } = gaugeOf();
    expect(page([1, 1], [0, 2], [2, 3])).toEqual({
      events: [[7, 1, AT, 1]],
      dropped: { duplicate_series: 2 },
    });
    expect(page([0, 4], [1, 5])).toEqual({ events: [[7, 4, AT, 1]], dropped: { duplicate_series: 1 } });
  });

  it('takes a series once, however it is spelled', () => {
    expect(gaugeOf().page([0, 1], [0, 2], [9, 3])).toEqual({
      events: [[7, 1, AT, 1]],
      dropped: { duplicate: 2 },
    });
  });

  it('takes a series again where the page gives another time', () => {
    expect(gaugeOf().page([0, 1, 800], [0, 2, 900], [0, 3, 900])).toEqual({
      events: [
        [7, 1, 800, 0],
        [7, 2, 900, 0],
      ],
      dropped: { duplicate: 1 },
    });
  });

  it('leaves values that are no numbers to the core, which counts them', () => {
    expect(gaugeOf().page([0, NaN], [1, 1])).toEqual({
      events: [[7, NaN, AT, 1]],
      dropped: { duplicate_series: 1 },
    });
  });

  it('drops what there is no signal for', () => {
    const { gauge, page } = gaugeOf({ ref: -1 });
    expect(page([0, 1])).toEqual({ events: [], dropped: { max_signals: 1 } });
    gauge.ref = 3;
    expect(page([0, 1])).toEqual({ events: [[3, 1, AT, 1]], dropped: {} });
  });

  it('does not know series that feed nothing, or were forgotten', () => {
    const { derivation, page } = gaugeOf();
    derivation.feed(0, undefined);
    expect(page([0, 1], [5, 1], [10_000, 1])).toEqual({ events: [], dropped: {} });
  });

  it('shares a series with other gauges', () => {
    const { derivation, feeder, gauge, page } = gaugeOf();
    const other = new Gauge({ ref: 8, scale: 100, part: feeder.take('other', 'm', null) });
    derivation.feed(0, [new GaugeMember(gauge), new GaugeMember(other)]);
    expect(page([0, 1]).events).toEqual([
      [7, 1, AT, 1],
      [8, 100, AT, 1],
    ]);
  });
});

describe('a gauge with an aggregate', () => {
  const cases: Record<Aggregate, number> = { avg: 2, min: -3, max: 8, sum: 6 };
  it.each(Object.entries(cases) as [Aggregate, number][])('combines its series by %s', (aggregate, value) => {
    expect(gaugeOf({ aggregate }).page([0, 1], [1, 8], [2, -3])).toEqual({
      events: [[7, value, AT, 1]],
      dropped: {},
    });
  });

  it('starts anew with each page', () => {
    const { page } = gaugeOf({ aggregate: 'sum' });
    page([0, 1], [1, 2]);
    expect(page([2, 5]).events).toEqual([[7, 5, AT, 1]]);
    expect(page().events).toEqual([]);
  });

  it('scales the combined value', () => {
    expect(gaugeOf({ aggregate: 'avg', scale: 1000 }).page([0, 1], [1, 2]).events).toEqual([
      [7, 1500, AT, 1],
    ]);
  });

  it('leaves out members that are no numbers, and counts them', () => {
    const { page } = gaugeOf({ aggregate: 'avg' });
    expect(page([0, NaN], [1, 2], [2, Infinity])).toEqual({
      events: [[7, 2, AT, 1]],
      dropped: { non_finite: 2 },
    });
    expect(page([0, NaN], [1, -Infinity])).toEqual({ events: [], dropped: { non_finite: 2 } });
  });

  it('counts a series once, however often and however spelled', () => {
    expect(gaugeOf({ aggregate: 'sum' }).page([0, 1], [0, 10, 900], [9, 100], [1, 1])).toEqual({
      events: [[7, 2, AT, 1]],
      dropped: { duplicate: 2 },
    });
  });

  it('is as new as its newest member', () => {
    const { page } = gaugeOf({ aggregate: 'sum' });
    expect(page([0, 1, 800], [1, 1, 900], [2, 1, 850]).events).toEqual([[7, 3, 900, 0]]);
    expect(page([0, 1, 800], [1, 1]).events).toEqual([[7, 2, AT, 1]]);
    expect(page([0, 1], [1, 1, 1200]).events).toEqual([[7, 2, 1200, 0]]);
  });
});

describe('nonFiniteReason', () => {
  it('tells a stale marker from other values that are no numbers', () => {
    const column = Float64Array.of(0, NaN, Infinity, -Infinity);
    new BigUint64Array(column.buffer)[0] = 0x7ff0000000000002n;
    expect([0, 1, 2, 3].map((row) => nonFiniteReason(column, row))).toEqual([
      'stale_marker',
      'non_finite',
      'non_finite',
      'non_finite',
    ]);
    expect(nonFiniteReason(column.subarray(1), 0)).toBe('non_finite');
  });
});
