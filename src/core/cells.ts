/**
 * What derivations remember: records of numbers that belong to a signal, live in the same pages, are committed with it
 * and go with it.
 */
import { claimRecord, freeRecord, recordAt, touchPage } from './records.ts';
import type { Ref } from './signal.ts';
import type { Cell, Signal, World } from './world.ts';

/** Widths are rounded up by an eighth at most, or to a multiple of 8, so that few widths share all pages. */
const WIDTH_STEP = 8;

function roundedUp(width: number): number {
  const step = Math.max(WIDTH_STEP, 2 ** (Math.floor(Math.log2(width)) - 3));
  return Math.ceil(width / step) * step;
}

const NO_NUMBERS = new Float64Array(0);

/** A new cell of at least `width` numbers, all zero. The signal must have none with this key. */
export function claimCell(
  world: World,
  signal: Signal,
  { key, width }: { key: string; width: number },
): Cell {
  const ref = claimRecord(world, roundedUp(width));
  const cell = attachCell(world, signal, { ref, key });
  world.dirty.addedCells.add(cell);
  touchPage(world, cell.page);
  return cell;
}

/** Puts a cell with a known ref beside its signal; its page must exist. */
export function attachCell(world: World, signal: Signal, { ref, key }: { ref: Ref; key: string }): Cell {
  const cell: Cell = { ref, signal, key, ...recordAt(world, ref) };
  world.cells[ref] = cell;
  world.cellCount++;
  world.remembered += cell.record.length;
  signal.cells ??= new Map();
  signal.cells.set(key, cell);
  return cell;
}

export function releaseCell(world: World, cell: Cell): void {
  world.cells[cell.ref] = undefined;
  world.cellCount--;
  world.remembered -= cell.record.length;
  cell.signal.cells!.delete(cell.key);
  freeRecord(world, cell);
  world.dirty.addedCells.delete(cell);
  world.dirty.removedCells.add(cell.ref);
}

export function releaseCells(world: World, signal: Signal): void {
  for (const cell of [...(signal.cells?.values() ?? [])]) releaseCell(world, cell);
}

/** The cell with this key, claimed where there is none, or anew where it is too narrow; what it held is then gone. */
export function cellOf(world: World, signal: Signal, { key, width }: { key: string; width: number }): Cell {
  const known = signal.cells?.get(key);
  if (known && known.record.length >= width) return known;
  if (known) releaseCell(world, known);
  return claimCell(world, signal, { key, width });
}

/** Replaces the numbers of a cell whose length varies. */
export function writeNumbers(world: World, signal: Signal, key: string, numbers: ArrayLike<number>): void {
  const { record, page } = cellOf(world, signal, { key, width: numbers.length + 1 });
  record.fill(0);
  record[0] = numbers.length;
  record.set(numbers, 1);
  touchPage(world, page);
}

/** What `writeNumbers` wrote: a view, empty where nothing was written. */
export function readNumbers(signal: Signal, key: string): Float64Array {
  const record = signal.cells?.get(key)?.record;
  return record ? record.subarray(1, 1 + record[0]!) : NO_NUMBERS;
}
