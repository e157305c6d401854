/** A native histogram as a target shows it. Its cell holds what it was when it was last seen. */

import { cellOf } from '../cells.ts';
import { touchPage } from '../records.ts';
import type { Time } from '../signal.ts';
import type { Cell, DropReason, Signal } from '../world.ts';
import type { Member, PageTurn } from './derivation.ts';
import type { Group, GroupHost } from './group.ts';
import { admit, beganAnew, beganAt, twinSeenAt } from './group.ts';
import type { NativeHistogram } from './histogram/native.ts';
import { deltaOfNative } from './histogram/native-arithmetic.ts';
import { decodeNative, encodeNative } from './histogram/native-row.ts';
import { HEARD_AT, PART_SLOTS, STAMPED, START, TIME } from './memory.ts';

// The cell goes on with when the counters began (milliseconds; 0: not known), and the histogram.
const BEGAN_AT = PART_SLOTS;
const HISTOGRAM = PART_SLOTS + 1;

export class NativeGroup implements Group, Member {
  readonly key: string;
  readonly twinKey: string;
  readonly host: GroupHost;
  readonly bornPage: number;
  beganAt: Time = 0;
  beganPage = -1;
  cell: Cell | null;
  page = -1;
  time: Time = 0;
  stamped = 0;
  countedOn = -1;
  #histogram: NativeHistogram | undefined;

  constructor(host: GroupHost, { key, twinKey }: { key: string; twinKey: string }) {
    this.host = host;
    this.key = key;
    this.twinKey = twinKey;
    this.bornPage = host.feed.page;
    this.cell = host.signal.cells?.get(key) ?? null;
  }

  get signal(): Signal {
    return this.host.signal;
  }

  take(turn: PageTurn, row: number): DropReason | undefined {
    const histogram = turn.samples.histograms.get(row);
    // A plain number under the same name, such as a summary's quantile, is no histogram.
    if (!histogram) return undefined;
    if (this.page === turn.feed.page) return 'duplicate';
    const reason = admit(turn, this.host, { group: this, row });
    if (reason === undefined) this.#histogram = histogram;
    return reason;
  }

  close(turn: PageTurn): void {
    const histogram = this.#histogram!;
    const twin = this.host.groupAt(this.twinKey);
    // The series that says it belongs to the classic form.
    const began = beganAt(twin, this);
    // Where the classic form is wanted and there, this one only keeps up.
    const yields = this.host.kind.prefersClassic(this.signal) && twin?.page === this.page;
    if (!yields) this.#count(turn, histogram, began);

    const { world, receivedAt } = turn;
    const known = this.cell?.record[BEGAN_AT] ?? 0;
    const numbers = encodeNative(histogram);
    const cell = cellOf(world, this.host.signal, { key: this.key, width: HISTOGRAM + numbers.length });
    const { record } = cell;
    record.fill(0);
    record[HEARD_AT] = receivedAt;
    record[STAMPED] = this.stamped;
    record[TIME] = this.time;
    record[BEGAN_AT] = began || known;
    record.set(numbers, HISTOGRAM);
    this.cell = cell;
    touchPage(world, cell.page);
  }

  #count(turn: PageTurn, histogram: NativeHistogram, began: Time): void {
    const { window } = this.host;
    const record = this.cell?.record;
    if (record === undefined || twinSeenAt(this.host, this) > record[TIME]!) {
      const start = window.own[START]!;
      if (record !== undefined || start === 0 || began <= start) return;
      window.addNative(turn.world, histogram);
    } else {
      const restarted = beganAnew(began, { known: record[BEGAN_AT]!, seenAt: record[TIME]! });
      const delta = restarted ? null : deltaOfNative(decodeNative(record, HISTOGRAM).histogram, histogram);
      window.addNative(turn.world, delta ?? histogram);
    }
    this.countedOn = this.page;
  }
}
