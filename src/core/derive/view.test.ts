import { describe, expect, it } from 'vitest';
import { MINUTE, makeRule, Scenario, SECOND, START } from '../scenario.testing.ts';
import type { Row, Scrape } from './pages.testing.ts';
import { buckets, every, Pages, windowed } from './pages.testing.ts';
import type { CountingSettings, DerivationSettings } from './settings.ts';
import { viewDerivation } from './view.ts';

const RATE: CountingSettings = { kind: 'rate', ...windowed, minCount: 0 };
const RATIO: CountingSettings = { kind: 'ratio', ...windowed, minCount: 20, windowMs: MINUTE };
const distance = (reference: 'first' | 'trailing' | 'file'): CountingSettings => ({
  kind: 'histogram',
  distance: 'psi',
  ...windowed,
  minCount: 10,
  windowMs: 30 * SECOND,
  reference:
    reference === 'file'
      ? { kind: 'file', histogram: { bounds: [1, Infinity], cumulative: [5, 10] } }
      : { kind: reference, ms: 2 * MINUTE },
});

const requests = (count: number): Row[] => [['denominator', 'x', count]];
const observed = (count: number) => buckets({ 1: count / 2, '+Inf': count });

/** The view after these scrapes; null is left out of it. */
function viewAfter(from: DerivationSettings, scrapes: readonly Scrape[]) {
  const pages = new Pages(from);
  pages.scrape(scrapes);
  return viewDerivation(pages.signal);
}

describe('what a derivation waits for', () => {
  it.each<[sentence: string, from: CountingSettings, scrapes: readonly Scrape[], waiting: string | null]>([
    ['a second scrape', RATE, every(15, [[['value', 'x', 1]]]), 'first_scrape'],
    [
      'nothing, when each scrape gives a sample',
      RATE,
      every(15, [[['value', 'x', 1]], [['value', 'x', 2]]]),
      null,
    ],
    ['a second scrape, before the window counts', RATIO, every(15, [requests(1000)]), 'first_scrape'],
    ['the window to be long enough', RATIO, every(15, [requests(0), requests(100)]), 'window'],
    [
      'traffic, in a window that is long enough',
      RATIO,
      every(60, [requests(0), requests(19)]),
      'low_traffic',
    ],
    ['the next window, once one has ended', RATIO, every(60, [requests(0), requests(20)]), 'window'],
    [
      'nothing of its own, when the page says nothing new',
      { ...RATIO, windowMs: 0 },
      every(60, [requests(0), requests(50)]),
      null,
    ],
    ['the first reference', distance('first'), every(30, [observed(0), observed(20)]), 'reference'],
    [
      'the window, once the first reference is complete',
      distance('first'),
      every(60, [observed(0), observed(20), observed(40)]),
      'window',
    ],
    [
      'traffic rather than the reference, which grows by it',
      distance('first'),
      every(30, [observed(0), observed(2)]),
      'low_traffic',
    ],
    ['a trailing reference', distance('trailing'), every(30, [observed(0), observed(20)]), 'reference'],
    [
      'the window, once a trailing reference was enough',
      distance('trailing'),
      every(30, [observed(0), observed(20), observed(40)]),
      'window',
    ],
    [
      'the window, where the reference is a file',
      distance('file'),
      every(30, [observed(0), observed(20)]),
      'window',
    ],
  ])('%s', (_, from, scrapes, waiting) => {
    expect(viewAfter(from, scrapes)?.waiting).toBe(waiting);
  });

  it('is a first scrape before any', () => {
    const scenario = new Scenario();
    scenario.sample(1);
    const signal = { ...scenario.signal(), rule: makeRule({ from: RATE }) };
    expect(viewDerivation(signal)).toEqual({
      kind: 'rate',
      waiting: 'first_scrape',
      count: 0,
      minCount: 0,
      windowStartedAt: null,
    });
  });
});

it('the present window is shown with its beginning, its observations and how many it needs', () => {
  expect(viewAfter(RATIO, every(30, [requests(1000), requests(1012)]))).toEqual({
    kind: 'ratio',
    waiting: 'window',
    count: 12,
    minCount: 20,
    windowStartedAt: START,
  });
});

it('a window begins anew where the last one ended', () => {
  expect(viewAfter(RATIO, every(30, [requests(0), requests(10), requests(30), requests(37)]))).toMatchObject({
    count: 7,
    windowStartedAt: START + 60 * SECOND,
  });
});

it('looking changes nothing', () => {
  const pages = new Pages(RATIO);
  pages.scrape(every(30, [requests(0), requests(10)]));
  const memory = () => [...pages.world.pages.values()].map(({ data }) => data.slice());
  const before = memory();
  viewDerivation(pages.signal);
  expect(memory()).toEqual(before);
});

it.each<[sentence: string, from: DerivationSettings | null]>([
  ['a gauge', { kind: 'gauge', scale: 1, aggregate: null }],
  ['an aggregate', { kind: 'gauge', scale: 1, aggregate: 'avg' }],
  ['a pushed signal', null],
])('there is no view of %s', (_, from) => {
  const scenario = new Scenario();
  scenario.sample(1);
  expect(viewDerivation({ ...scenario.signal(), rule: makeRule({ from }) })).toBeNull();
});
