/**
 * What several targets say of one gauge: replicas of one model version are one stream. Without an aggregate the first
 * target that has it keeps it while it goes on; with one, each page gives the aggregate over all targets that are up.
 * Nothing here speaks in refs, so that it lasts while signals come and go. All times are monotonic.
 */

export type Aggregate = 'avg' | 'min' | 'max' | 'sum';

/** So long counts what a target said, and so long is a first scrape waited for; Prometheus’ lookback delta. */
export const LOOKBACK_DELTA_MS = 5 * 60_000;

/** One entry of `metrics`, for as long as the config has it unchanged. */
interface PooledEntry {
  /** The generation of the config that brought it. */
  readonly generation: number;
  readonly sinceMs: number;
  readonly groups: Map<string, GaugeGroup>;
}

/** One entry for one model version, over all targets. */
export class GaugeGroup {
  readonly key: string;
  readonly entry: PooledEntry;
  readonly aggregate: Aggregate | null;
  /** Without an aggregate: the part of the target that has it. */
  owner: GaugePart | null = null;
  readonly parts: GaugePart[] = [];

  constructor(key: string, { entry, aggregate }: { entry: PooledEntry; aggregate: Aggregate | null }) {
    this.key = key;
    this.entry = entry;
    this.aggregate = aggregate;
  }
}

/** One target's part in a group. */
export class GaugePart {
  readonly group: GaugeGroup;
  /** Its target's last page that spoke of it. */
  page = 0;
  /** The target's last scrape succeeded and spoke of it. */
  speaking = false;
  /** There are series that feed it, on the last pages. */
  used = true;
  saidAtMs = 0;
  // With an aggregate: what that page said, before scaling; a sum for `avg`.
  count = 0;
  combined = 0;

  constructor(group: GaugeGroup) {
    this.group = group;
  }
}

export class GaugePool {
  readonly #entries = new Map<string, PooledEntry>();
  readonly #feeders = new Set<GaugeFeeder>();
  /** Feeders that have ended no scrape under the present config. */
  readonly #behind = new Set<GaugeFeeder>();
  #generation = 0;

  /** The entries that the config has now. Those that are unchanged go on; for new ones every target is heard anew. */
  configure(entryKeys: readonly string[], nowMs: number): void {
    this.#generation++;
    const kept = new Set(entryKeys);
    for (const key of this.#entries.keys()) if (!kept.has(key)) this.#entries.delete(key);
    for (const key of kept) this.#entry(key, nowMs);
    for (const feeder of this.#feeders) this.#behind.add(feeder);
  }

  /** One more target. */
  join(nowMs: number): GaugeFeeder {
    const feeder = new GaugeFeeder(this, nowMs);
    this.#feeders.add(feeder);
    this.#behind.add(feeder);
    return feeder;
  }

  leave(feeder: GaugeFeeder): void {
    this.#feeders.delete(feeder);
    this.#behind.delete(feeder);
  }

  /** A feeder's scrape has ended, well or not. */
  heard(feeder: GaugeFeeder): void {
    feeder.generation = this.#generation;
    this.#behind.delete(feeder);
  }

  groupOf(entryKey: string, key: string, of: { aggregate: Aggregate | null; nowMs: number }): GaugeGroup {
    const entry = this.#entry(entryKey, of.nowMs);
    let group = entry.groups.get(key);
    if (!group) {
      group = new GaugeGroup(key, { entry, aggregate: of.aggregate });
      entry.groups.set(key, group);
    }
    return group;
  }

  /** Whether every target was heard since the entry came. One that is scraped too rarely is not waited for. */
  isHeard({ entry }: GaugeGroup, nowMs: number): boolean {
    for (const feeder of this.#behind) {
      const waitedMs = nowMs - Math.max(feeder.joinedAtMs, entry.sinceMs);
      if (feeder.generation < entry.generation && waitedMs <= LOOKBACK_DELTA_MS) return false;
    }
    return true;
  }

  #entry(key: string, nowMs: number): PooledEntry {
    let entry = this.#entries.get(key);
    if (!entry) {
      entry = { generation: this.#generation, sinceMs: nowMs, groups: new Map() };
      this.#entries.set(key, entry);
    }
    return entry;
  }
}

/** One target, as far as its gauges are concerned. Each page is `begin`, derived, `end`. */
export class GaugeFeeder {
  readonly joinedAtMs: number;
  /** The generation of the config under which it was last heard. */
  generation = -1;
  /** Counts its pages. */
  page = 0;
  readonly #pool: GaugePool;
  readonly #parts = new Map<GaugeGroup, GaugePart>();
  #nowMs: number;
  /** Parts of which the present page has spoken, and parts that speak at all. */
  #spoken = 0;
  #speaking = 0;
  #stale = false;

  constructor(pool: GaugePool, nowMs: number) {
    this.#pool = pool;
    this.#nowMs = nowMs;
    this.joinedAtMs = nowMs;
  }

  begin(nowMs: number): void {
    this.#nowMs = nowMs;
    this.page++;
    this.#spoken = 0;
    this.#pool.heard(this);
  }

  /** Parts of which the page did not speak fall silent: others may take over. */
  end(): void {
    if (this.#spoken === this.#speaking && !this.#stale) return;
    for (const part of this.#parts.values()) if (part.page !== this.page) this.#silence(part);
    this.#stale = false;
  }

  /** A scrape failed: all parts fall silent. */
  fail(): void {
    this.#pool.heard(this);
    if (this.#speaking === 0) return;
    for (const part of this.#parts.values()) this.#silence(part);
  }

  /** The target is gone. */
  leave(): void {
    this.releaseAll();
    for (const part of this.#parts.values()) this.#silence(part);
    this.#pool.leave(this);
  }

  /** Its part for one model version (`key`) of an entry, which is named by its content. */
  take(entryKey: string, key: string, aggregate: Aggregate | null): GaugePart {
    const group = this.#pool.groupOf(entryKey, key, { aggregate, nowMs: this.#nowMs });
    let part = this.#parts.get(group);
    if (!part) {
      part = new GaugePart(group);
      this.#parts.set(group, part);
      group.parts.push(part);
    }
    part.used = true;
    return part;
  }

  /** No series feeds the part any more. */
  release(part: GaugePart): void {
    part.used = false;
    if (!part.speaking) this.#drop(part);
  }

  /** All series are routed anew; what is not taken again by the end of the page is dropped. */
  releaseAll(): void {
    for (const part of this.#parts.values()) part.used = false;
    this.#stale = true;
  }

  /** The present page speaks of a part for the first time; where nobody has the group, it has it now. */
  speak(part: GaugePart): void {
    part.page = this.page;
    part.saidAtMs = this.#nowMs;
    part.group.owner ??= part;
    this.#spoken++;
    if (part.speaking) return;
    part.speaking = true;
    this.#speaking++;
  }

  /** The aggregate over all targets; null while some have not been heard, because a sum without them would be wrong. */
  combine(group: GaugeGroup): number | null {
    if (!this.#pool.isHeard(group, this.#nowMs)) return null;
    let count = 0;
    let combined = 0;
    for (const part of group.parts) {
      if (!part.speaking || this.#nowMs - part.saidAtMs > LOOKBACK_DELTA_MS) continue;
      combined = count === 0 ? part.combined : combine(group.aggregate, combined, part.combined);
      count += part.count;
    }
    return group.aggregate === 'avg' ? combined / count : combined;
  }

  #silence(part: GaugePart): void {
    if (part.speaking) {
      part.speaking = false;
      this.#speaking--;
      if (part.group.owner === part) part.group.owner = null;
    }
    if (!part.used) this.#drop(part);
  }

  #drop(part: GaugePart): void {
    const { group } = part;
    this.#parts.delete(group);
    group.parts.splice(group.parts.indexOf(part), 1);
    if (group.parts.length === 0) group.entry.groups.delete(group.key);
  }
}

/** Two values as one; an average is a sum until it is divided. */
export function combine(aggregate: Aggregate | null, one: number, other: number): number {
  if (aggregate === 'min') return Math.min(one, other);
  if (aggregate === 'max') return Math.max(one, other);
  return one + other;
}
