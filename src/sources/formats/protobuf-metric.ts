/** A metric of a page of protobuf: its labels, when it was sampled, and what it holds. */
import { addLabels, beginLabels } from './protobuf-key.ts';
import type { Family, Kind } from './protobuf-kinds.ts';
import { checkLabels, LABEL } from './protobuf-labels.ts';
import type { Rows } from './protobuf-rows.ts';
import type { Wire } from './protobuf-wire.ts';
import {
  enter,
  leave,
  more,
  readInt64,
  readTag,
  refuse,
  skipField,
  skipLength,
  tagOf,
  VARINT,
} from './protobuf-wire.ts';

const TIMESTAMP_MS = tagOf(6, VARINT);
const OWN_FIELDS = 0b1000010;

/** Reads a metric; the family's kind says what it must hold. */
export function readMetric(wire: Wire, rows: Rows, family: Family, kind: Kind): void {
  const { key } = rows;
  const start = wire.at;
  const outer = enter(wire);
  beginLabels(key);
  rows.time = NaN;
  rows.surprise = false;
  let content = -1;
  let labelsAt = wire.at;
  let labelsEnd = wire.at;
  while (more(wire)) {
    const field = wire.at;
    const tag = readTag(wire);
    if (tag === LABEL) {
      skipLength(wire);
      if (field !== labelsEnd) {
        addLabels(key, wire.view, labelsAt, labelsEnd);
        labelsAt = field;
      }
      labelsEnd = wire.at;
    } else if (tag === kind.content) {
      content = wire.at;
      skipLength(wire);
    } else if (tag === TIMESTAMP_MS) {
      // Some encoders write 0 where there is none, so Prometheus takes it for none.
      rows.time = readInt64(wire) || NaN;
    } else skipField(wire, tag, OWN_FIELDS | (1 << (kind.content >>> 3)));
  }
  if (content < 0) refuse(wire, start, `expected a ${kind.word}, found none`);
  if (wire.fault !== '') return;
  addLabels(key, wire.view, labelsAt, labelsEnd);

  // Only now, because the labels of its samples must be known, and may come in any order.
  wire.at = content;
  const metric = enter(wire);
  kind.read(wire, rows, family);
  leave(wire, metric);
  leave(wire, outer);
  // A series that is known has labels that were checked.
  if (rows.surprise && wire.fault === '') checkLabels(wire, start, kind.ownLabel);
}
