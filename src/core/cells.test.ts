import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  attachCell,
  cellOf,
  claimCell,
  readNumbers,
  releaseCell,
  releaseCells,
  writeNumbers,
} from './cells.ts';
import { clearDirty, recordsPerPage } from './records.ts';
import { makeConfig, makeRule, Scenario } from './scenario.testing.ts';
import { removeSignal } from './signals.ts';
import type { Cell, Signal, World } from './world.ts';

let scenario: Scenario;
let world: World;
let signal: Signal;
beforeEach(() => {
  scenario = new Scenario(makeConfig({ rules: [makeRule(), makeRule({ metric: 'latency', entry: 1 })] }));
  scenario.sample(1);
  world = scenario.world;
  signal = scenario.signal();
});

/** As after a commit. */
function committed(): void {
  clearDirty(world);
}

describe('a cell that is claimed', () => {
  it('holds at least so many numbers, all of them 0, and is found by its key', () => {
    const cell = claimCell(world, signal, { key: 'k', width: 3 });
    expect(cell.record.length).toBeGreaterThanOrEqual(3);
    expect(cell.record.every((number) => number === 0)).toBe(true);
    expect(signal.cells!.get('k')).toBe(cell);
    expect(world.cells[cell.ref]).toBe(cell);
    expect(world.cellCount).toBe(1);
  });

  it('is to be stored, with its page', () => {
    committed();
    const cell = claimCell(world, signal, { key: 'k', width: 3 });
    expect([...world.dirty.addedCells]).toEqual([cell]);
    expect(world.dirty.pages).toContain(cell.page);
  });

  it('shares a page with cells of about its width, and never a record', () => {
    const cells = [1, 5, 8, 9].map((width) => claimCell(world, signal, { key: `${width}`, width }));
    expect(cells.map(({ record }) => record.length)).toEqual([8, 8, 8, 16]);
    expect(new Set(cells.map(({ page }) => page)).size).toBe(2);
    expect(new Set(cells.map(({ ref }) => ref)).size).toBe(4);
    cells.forEach(({ record }, index) => void record.fill(index + 1));
    cells.forEach(
      ({ record }, index) => void expect(record.every((number) => number === index + 1)).toBe(true),
    );
  });

  it('may be wider than a page should be, and then has one of its own', () => {
    const wide = [1, 2].map((number) => claimCell(world, signal, { key: `${number}`, width: 2001 }));
    expect(wide.map(({ record }) => record.length)).toEqual([2048, 2048]);
    expect(wide[0]!.page).not.toBe(wide[1]!.page);
    expect(recordsPerPage(2048)).toBe(1);
  });
});

describe('a cell that is released', () => {
  it('leaves nothing behind', () => {
    const cell = claimCell(world, signal, { key: 'k', width: 3 });
    cell.record.fill(7);
    committed();
    releaseCell(world, cell);
    expect(world.cellCount).toBe(0);
    expect(world.cells[cell.ref]).toBeUndefined();
    expect(signal.cells!.has('k')).toBe(false);
    expect(cell.page.data.every((number) => number === 0)).toBe(true);
    expect([...world.dirty.removedCells]).toEqual([cell.ref]);
    expect(world.dirty.pages).toContain(cell.page);
  });

  it('makes room for the next one of its width', () => {
    const cell = claimCell(world, signal, { key: 'k', width: 3 });
    releaseCell(world, cell);
    const next = claimCell(world, signal, { key: 'other', width: 5 });
    expect(next.ref).toBe(cell.ref);
    expect([...world.dirty.addedCells]).toEqual([next]);
  });

  it('is not to be stored where it never was', () => {
    committed();
    releaseCell(world, claimCell(world, signal, { key: 'k', width: 3 }));
    expect(world.dirty.addedCells.size).toBe(0);
  });

  it('goes with its signal, and with its signal’s beginning anew', () => {
    scenario.sample(1, { metric: 'latency' });
    const other = scenario.signal('latency');
    for (const key of ['a', 'b']) claimCell(world, signal, { key, width: 9 });
    claimCell(world, other, { key: 'a', width: 9 });
    removeSignal(world, signal);
    expect(world.cellCount).toBe(1);
    releaseCells(world, other);
    expect(world.cellCount).toBe(0);
    expect(other.cells!.size).toBe(0);
  });
});

describe('the cell of a key', () => {
  it('is the same while it is wide enough, with what it holds', () => {
    const cell = cellOf(world, signal, { key: 'k', width: 8 });
    cell.record[0] = 5;
    expect(cellOf(world, signal, { key: 'k', width: 2 })).toBe(cell);
    expect(cell.record[0]).toBe(5);
  });

  it('is another one, with nothing in it, where it must be wider', () => {
    const cell = cellOf(world, signal, { key: 'k', width: 8 });
    cell.record.fill(5);
    const wider = cellOf(world, signal, { key: 'k', width: 9 });
    expect(wider.ref).not.toBe(cell.ref);
    expect(wider.record.every((number) => number === 0)).toBe(true);
    expect(world.cellCount).toBe(1);
  });

  it('is put back with a known ref without anything to store', () => {
    const { ref } = claimCell(world, signal, { key: 'k', width: 8 });
    world.cells[ref] = undefined;
    world.cellCount = 0;
    signal.cells = null;
    committed();
    expect(attachCell(world, signal, { ref, key: 'k' })).toBe(signal.cells!.get('k'));
    expect(world.cellCount).toBe(1);
    expect(world.dirty.addedCells.size).toBe(0);
  });
});

describe('numbers whose length varies', () => {
  it('are read as they were written last', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.double(), { maxLength: 700 }), { minLength: 1, maxLength: 6 }),
        (writes) => {
          for (const numbers of writes) {
            writeNumbers(world, signal, 'k', numbers);
            expect([...readNumbers(signal, 'k')]).toEqual(numbers);
          }
          expect(world.cellCount).toBe(1);
        },
      ),
    );
  });

  it('are none where none were written', () => {
    expect(readNumbers(signal, 'k')).toHaveLength(0);
  });
});

it('whatever is claimed and released, each record is somebody’s or free, and no two cells share one', () => {
  const op = fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    width: fc.constantFrom(1, 8, 9, 40, 499, 501, 1500),
    release: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(op, { maxLength: 60 }), (ops) => {
      const { world, signal } = fresh();
      const owned = new Map<string, Cell>();
      ops.forEach(({ key, width, release }, step) => {
        const known = owned.get(key);
        if (release && known) {
          releaseCell(world, known);
          owned.delete(key);
        } else {
          const cell = cellOf(world, signal, { key, width });
          cell.record.fill(step + 1);
          owned.set(key, cell);
        }
        for (const [name, cell] of owned) {
          expect(signal.cells!.get(name)).toBe(cell);
          expect(new Set(cell.record).size).toBe(1);
        }
      });
      expect(world.cellCount).toBe(owned.size);
      const used = [...owned.values()].map(({ ref }) => ref).concat(signal.ref);
      const free = [...world.free.values()].flat();
      const all = [...world.pages.values()].reduce((sum, { width }) => sum + recordsPerPage(width), 0);
      expect(new Set([...used, ...free]).size).toBe(used.length + free.length);
      expect(used.length + free.length).toBe(all);
    }),
  );
});

function fresh(): { world: World; signal: Signal } {
  const scenario = new Scenario();
  scenario.sample(1);
  return { world: scenario.world, signal: scenario.signal() };
}
