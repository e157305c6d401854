/**
 * What is remembered of a target from page to page, so that each series is understood once: the family that it belongs
 * to, its metric, and what it is there. Nothing that a page says is judged here.
 */
import type { SeriesTable } from '../series-table.ts';
import type { FamilyType } from './openmetrics-types.ts';

/** Something that may come only once, or only at one place, on a page. */
export interface Mark {
  /** The page that it was last seen on. */
  page: number;
}

export interface Family {
  readonly name: string;
  readonly type: FamilyType;
  /** Its own name and those that its samples may have: no other family of a page may have them too. */
  readonly names: readonly Mark[];
  /** Of its metrics, by their labels, and of samples that a metric has several of. */
  readonly marks: Map<string, Mark>;
}

/** What a series is to its family. */
export interface Place {
  readonly family: Family;
  readonly role: number;
  readonly metric: Mark;
  /** The `le` of a bucket; NaN of other samples. */
  readonly bound: number;
  /** Of samples that a metric may have several of; null of others, and of buckets, which are in order. */
  readonly sample: Mark | null;
}

export interface Memory {
  /** Counts the pages, refused ones too. */
  page: number;
  /** By the series' number in the table. */
  readonly places: (Place | undefined)[];
  readonly families: Map<FamilyType, Map<string, Family>>;
  readonly names: Map<string, Mark>;
  /** Families, metrics and samples that it holds, and the samples on the last page that was taken. */
  size: number;
  samples: number;
  /** Additions to the table that it knows of. */
  additions: number;
}

const memories = new WeakMap<SeriesTable, Memory>();
const SPARE = 10_000;

/**
 * The memory of the target whose series are in `table`. It begins anew where it holds far more than the last page had,
 * and where another format has used the table, so that numbers may stand for other series.
 */
export function memoryOf(table: SeriesTable): Memory {
  let memory = memories.get(table);
  if (!memory || memory.additions !== table.additions || memory.size > 8 * memory.samples + SPARE) {
    memory = {
      page: 0,
      places: [],
      families: new Map(),
      names: new Map(),
      size: 0,
      samples: memory?.samples ?? 0,
      additions: table.additions,
    };
    memories.set(table, memory);
  }
  memory.page++;
  return memory;
}

export function setPlace({ places }: Memory, series: number, place: Place | undefined): void {
  // An array that is filled from its start stays a plain one.
  while (places.length <= series) places.push(undefined);
  places[series] = place;
}

export function familyOf(memory: Memory, type: FamilyType, name: string): Family {
  let families = memory.families.get(type);
  if (!families) {
    families = new Map();
    memory.families.set(type, families);
  }
  let family = families.get(name);
  if (!family) {
    const names = new Set([name, ...[...type.roles.keys()].map((suffix) => name + suffix)]);
    family = {
      name,
      type,
      names: [...names].map((own) => markOf(memory, memory.names, own)),
      marks: new Map(),
    };
    families.set(name, family);
  }
  return family;
}

/** The mark under this key, made where there is none. */
export function markOf(memory: Memory, marks: Map<string, Mark>, key: string): Mark {
  let mark = marks.get(key);
  if (!mark) {
    mark = { page: 0 };
    marks.set(key, mark);
    memory.size++;
  }
  return mark;
}
