/** Pages of records: claiming a record of some width, finding it by its ref, and giving it back. */
import type { Ref } from './signal.ts';
import { PAGE_BYTES, RECORDS_PER_PAGE_LIMIT } from './signal.ts';
import type { Page, World } from './world.ts';

/** A free record of this width, all zero, from a new page where no page has one. */
export function claimRecord(world: World, width: number): Ref {
  const known = world.free.get(width)?.pop();
  if (known !== undefined) return known;
  return freeRecords(world, addPage(world, { id: world.pages.size, width })).pop()!;
}

export function freeRecord(
  world: World,
  { ref, page, record }: { readonly ref: Ref; readonly page: Page; readonly record: Float64Array },
): void {
  record.fill(0);
  world.free.get(page.width)!.push(ref);
  touchPage(world, page);
}

/** Something in the page was changed. */
export function touchPage({ dirty }: World, page: Page): void {
  if (page.isDirty) return;
  page.isDirty = true;
  dirty.pages.add(page);
}

/** Everything that has changed is stored. */
export function clearDirty({ dirty }: World): void {
  for (const page of dirty.pages) page.isDirty = false;
  for (const part of Object.values(dirty) as Set<unknown>[]) part.clear();
}

/** The record with this ref; its page must exist. */
export function recordAt(world: World, ref: Ref): { readonly page: Page; readonly record: Float64Array } {
  const page = world.pages.get(Math.floor(ref / RECORDS_PER_PAGE_LIMIT))!;
  const start = (ref % RECORDS_PER_PAGE_LIMIT) * page.width;
  return { page, record: page.data.subarray(start, start + page.width) };
}

/** Adds a page, by default all free. */
export function addPage(
  world: World,
  { id, width, data }: { id: number; width: number; data?: Float64Array },
): Page {
  const perPage = recordsPerPage(width);
  const page: Page = { id, width, data: data ?? new Float64Array(perPage * width), isDirty: false };
  world.pages.set(id, page);
  return page;
}

/** At least one: a record may be wider than a page should be. */
export function recordsPerPage(width: number): number {
  return Math.max(1, Math.min(Math.floor(PAGE_BYTES / (width * 8)), RECORDS_PER_PAGE_LIMIT));
}

/** Finds the free records of the pages as they are, lowest ref on top. */
export function findFree(world: World): void {
  world.free.clear();
  for (const page of [...world.pages.values()].reverse()) freeRecords(world, page);
}

function freeRecords(world: World, page: Page): Ref[] {
  const free = world.free.get(page.width) ?? [];
  world.free.set(page.width, free);
  for (let index = recordsPerPage(page.width) - 1; index >= 0; index--) {
    const ref = page.id * RECORDS_PER_PAGE_LIMIT + index;
    if (!world.signals[ref] && !world.cells[ref]) free.push(ref);
  }
  return free;
}
