import { beforeEach, describe, expect, it } from 'vitest';
import { clearDirty } from '../records.ts';
import { Scenario } from '../scenario.testing.ts';
import type { Signal, World } from '../world.ts';
import { aNative } from './histogram/native.testing.ts';
import { BEGAN, COUNTS, OWN_KEY, OWN_SLOTS, START } from './memory.ts';
import { Window } from './window.ts';

let world: World;
let signal: Signal;
beforeEach(() => {
  const scenario = new Scenario();
  scenario.sample(1);
  world = scenario.world;
  signal = scenario.signal();
  clearDirty(world);
});

type Part = Readonly<Record<string, number>>;

/** Adds what each part says, by key, and answers what is counted. */
function counted(areBuckets: boolean, parts: readonly Part[]): Part {
  const window = new Window(world, signal, areBuckets);
  for (const part of parts) add(window, part);
  return read(window);
}

function add(window: Window, part: Part): void {
  const sorted = Object.entries(part).sort(([a], [b]) => Number(a) - Number(b));
  window.add(
    world,
    sorted.map(([key]) => Number(key)),
    sorted.map(([, delta]) => delta),
  );
}

function read(window: Window): Part {
  const { keys, counts } = window.counted;
  expect([...keys]).toEqual([...keys].sort((a, b) => a - b));
  return Object.fromEntries(Array.from(keys, (key, index) => [String(key), counts[index]!]));
}

describe('counters with names of their own', () => {
  const cases: Record<string, readonly [parts: Part[], sum: Part]> = {
    'are nothing at first': [[], {}],
    'are added up': [
      [
        { 0: 1, 1: 10 },
        { 0: 2, 1: 20 },
      ],
      { 0: 3, 1: 30 },
    ],
    'are 0 where they are absent': [[{ 1: 10 }, { 0: 2 }, { 1: 5 }], { 0: 2, 1: 15 }],
    'may fall': [[{ 0: 5 }, { 0: -7 }], { 0: -2 }],
  };
  it.each(Object.entries(cases))('%s', (_, [parts, sum]) => {
    expect(counted(false, parts)).toEqual(sum);
  });
});

describe('buckets', () => {
  const cases: Record<string, readonly [parts: Part[], sum: Part]> = {
    'are added up': [
      [
        { 1: 1, 2: 2, Infinity: 3 },
        { 1: 10, 2: 20, Infinity: 30 },
      ],
      { 1: 11, 2: 22, Infinity: 33 },
    ],
    'are added up on the bounds that they share': [
      [
        { 1: 1, 2: 2, Infinity: 3 },
        { 2: 20, 4: 25, Infinity: 30 },
      ],
      { 2: 22, Infinity: 33 },
    ],
    'are those of the newer part where only +Inf is shared': [
      [
        { 1: 1, Infinity: 3 },
        { 2: 20, Infinity: 30 },
      ],
      { 2: 20, Infinity: 30 },
    ],
  };
  it.each(Object.entries(cases))('%s', (_, [parts, sum]) => {
    expect(counted(true, parts)).toEqual(sum);
  });
});

describe('the signal’s own cell', () => {
  it('moves where the counts need more room, with all else that it holds', () => {
    const window = new Window(world, signal, true);
    window.own[START] = 7;
    const before = signal.cells!.get(OWN_KEY)!;
    add(window, Object.fromEntries(Array.from({ length: 600 }, (_, index) => [index, index])));
    const after = signal.cells!.get(OWN_KEY)!;
    expect(after.ref).not.toBe(before.ref);
    expect(world.cells[before.ref]).toBeUndefined();
    expect(before.record.every((number) => number === 0)).toBe(true);
    expect(window.own).toBe(after.record);
    expect([window.own[START], window.own[COUNTS]]).toEqual([7, 600]);
    expect(read(window)['599']).toBe(599);
    expect(world.cellCount).toBe(1);
  });

  it('is found again by another window', () => {
    add(new Window(world, signal, false), { 0: 4 });
    expect(counted(false, [{ 0: 1 }])).toEqual({ 0: 5 });
    expect(world.cellCount).toBe(1);
  });

  it('is to be stored after each change', () => {
    const window = new Window(world, signal, false);
    const changes = [
      () => add(window, { 0: 1 }),
      () => add(window, { 0: 1 }),
      () => add(window, { 1: 1 }),
      () => window.clear(world),
      () => window.touch(world),
    ];
    for (const change of changes) {
      clearDirty(world);
      change();
      expect(world.dirty.pages).toContain(signal.cells!.get(OWN_KEY)!.page);
    }
  });
});

describe('a window that is cleared', () => {
  it('has counted nothing, and keeps the times', () => {
    const window = new Window(world, signal, true);
    window.own[BEGAN] = 7;
    add(window, { 1: 1, Infinity: 2 });
    window.clear(world);
    expect(read(window)).toEqual({});
    expect(window.own[BEGAN]).toBe(7);
    expect([...window.own.subarray(OWN_SLOTS)].every((number) => number === 0)).toBe(true);
  });

  it('takes another layout', () => {
    const window = new Window(world, signal, true);
    add(window, { 1: 1, Infinity: 2 });
    window.clear(world);
    add(window, { 5: 3, Infinity: 4 });
    expect(read(window)).toEqual({ 5: 3, Infinity: 4 });
  });
});

describe('native histograms', () => {
  it('are added up in a cell beside, which is empty when the window is cleared', () => {
    const window = new Window(world, signal, true);
    expect(window.counted.native).toBeNull();
    window.addNative(world, aNative({ positive: { 1: 1 }, sum: 1 }));
    window.addNative(world, aNative({ positive: { 1: 2, 9: 3 }, sum: 100 }));
    const { native } = window.counted;
    expect([native!.count, native!.sum]).toEqual([6, 101]);
    expect(Array.from(native!.positive.counts)).toEqual([3, 3]);
    expect(world.cellCount).toBe(2);
    window.clear(world);
    expect(window.counted.native).toBeNull();
    window.addNative(world, aNative({ positive: { 3: 4 }, sum: 7 }));
    expect([window.counted.native!.count, world.cellCount]).toEqual([4, 2]);
  });
});
