import { beforeEach, describe, expect, it } from 'vitest';
import { claimCell } from './cells.ts';
import { addPage, claimRecord, findFree, freeRecord, recordAt, recordsPerPage } from './records.ts';
import { Scenario } from './scenario.testing.ts';
import { PAGE_BYTES, RECORD_SLOTS, RECORDS_PER_PAGE_LIMIT } from './signal.ts';
import type { World } from './world.ts';

let world: World;
beforeEach(() => {
  world = new Scenario().world;
});

describe('how many records a page holds', () => {
  it.each([
    [1, 64],
    [8, 62],
    [RECORD_SLOTS, 45],
    [250, 2],
    [251, 1],
    [500, 1],
    [501, 1],
    [100_000, 1],
  ])('of %d numbers each: %d', (width, records) => {
    expect(recordsPerPage(width)).toBe(records);
  });

  it('is never more than a ref can tell apart, nor than the page’s bytes, but for a wider record', () => {
    for (let width = 1; width <= 1000; width++) {
      const records = recordsPerPage(width);
      expect(records).toBeLessThanOrEqual(RECORDS_PER_PAGE_LIMIT);
      if (records > 1) expect(records * width * 8).toBeLessThanOrEqual(PAGE_BYTES);
    }
  });
});

describe('claiming records', () => {
  it('fills a page before it begins another', () => {
    const refs = Array.from({ length: 46 }, () => claimRecord(world, RECORD_SLOTS));
    expect(refs.slice(0, 45)).toEqual(Array.from({ length: 45 }, (_, index) => index));
    expect(refs[45]).toBe(RECORDS_PER_PAGE_LIMIT);
    expect(world.pages.size).toBe(2);
  });

  it('keeps widths apart', () => {
    const [narrow, wide] = [claimRecord(world, 8), claimRecord(world, 16)];
    expect(recordAt(world, narrow!).page.width).toBe(8);
    expect(recordAt(world, wide!).page.width).toBe(16);
  });

  it('takes again what was freed, all zero', () => {
    const ref = claimRecord(world, 8);
    const record = { ref, ...recordAt(world, ref) };
    record.record.fill(3);
    freeRecord(world, record);
    expect(claimRecord(world, 8)).toBe(ref);
    expect(recordAt(world, ref).record.every((number) => number === 0)).toBe(true);
    expect(world.dirty.pages).toContain(record.page);
  });

  it('sets records side by side', () => {
    const refs = [claimRecord(world, 8), claimRecord(world, 8)];
    refs.forEach((ref, index) => void recordAt(world, ref).record.fill(index + 1));
    expect([...recordAt(world, refs[0]!).record]).toEqual(Array(8).fill(1));
    expect([...recordAt(world, refs[1]!).record]).toEqual(Array(8).fill(2));
  });
});

it('free records are found again from what is in use, lowest first', () => {
  const scenario = new Scenario();
  scenario.samples(['1', '2', '3'].map((version) => ({ value: 1, version })));
  const cells = ['a', 'b'].map((key) => claimCell(scenario.world, scenario.signal(), { key, width: 8 }));
  const before = new Map([...scenario.world.free].map(([width, refs]) => [width, [...refs]]));
  findFree(scenario.world);
  expect(scenario.world.free).toEqual(before);
  expect(claimRecord(scenario.world, 8)).toBe(cells[1]!.ref + 1);
  expect(claimRecord(scenario.world, RECORD_SLOTS)).toBe(3);
});

it('a page that is added keeps its data', () => {
  const data = Float64Array.from({ length: recordsPerPage(8) * 8 }, (_, index) => index);
  addPage(world, { id: 3, width: 8, data });
  expect([...recordAt(world, 3 * RECORDS_PER_PAGE_LIMIT + 1).record]).toEqual([8, 9, 10, 11, 12, 13, 14, 15]);
});
