/**
 * Prometheus' protobuf format: bytes to samples. A page is a sequence of io.prometheus.client.MetricFamily messages, each
 * after its length as a varint. Fields are read where they lie, and the labels of a metric are compared with those that
 * are expected there: made into objects first, a page would take six times as long.
 */
import type { PageFormat, ParseOptions, ParseResult } from './format.ts';
import { KINDS } from './protobuf-kinds.ts';
import { labelsOf, nameOf } from './protobuf-labels.ts';
import { readMetric } from './protobuf-metric.ts';
import type { Rows } from './protobuf-rows.ts';
import { rowsOf } from './protobuf-rows.ts';
import type { Wire } from './protobuf-wire.ts';
import {
  enter,
  LENGTH,
  leave,
  more,
  readInt64,
  readTag,
  readText,
  refuse,
  skipField,
  skipLength,
  tagOf,
  VARINT,
  wireOf,
} from './protobuf-wire.ts';
import { tooMany } from './refusal.ts';

export const protobufFormat: PageFormat = { name: 'protobuf', parse, labelsOf, nameOf };

const NAME = tagOf(1, LENGTH);
const HELP = tagOf(2, LENGTH);
const TYPE = tagOf(3, VARINT);
const METRIC = tagOf(4, LENGTH);
const UNIT = tagOf(5, LENGTH);
const FAMILY_FIELDS = 0b111110;

function parse(options: ParseOptions): ParseResult {
  const { page, table, into } = options;
  const wire = wireOf(page.bytes, page.view, page.length);
  const rows = rowsOf(options);
  into.histograms.clear();
  table.begin();
  while (more(wire) && !rows.tooMany) {
    const name = readFamily(wire, rows);
    if (wire.fault !== '') return refusal(wire, name, options);
  }
  if (rows.tooMany) {
    into.histograms.clear();
    return tooMany(options);
  }
  into.length = rows.length;
  return { ok: true, refused: rows.refused };
}

/** Answers the name, as far as it is known. */
function readFamily(wire: Wire, rows: Rows): string {
  const outer = enter(wire);
  const start = wire.at;
  let name = '';
  let type = 0;
  while (more(wire)) {
    const tag = readTag(wire);
    if (tag === NAME) name = readText(wire);
    else if (tag === TYPE) type = readInt64(wire);
    else if (tag === METRIC) skipLength(wire);
    else if (tag === HELP || tag === UNIT) readText(wire);
    else skipField(wire, tag, FAMILY_FIELDS);
  }
  const kind = KINDS[type];
  if (name === '') refuse(wire, start, 'expected a family with a name');
  else if (kind === undefined)
    refuse(wire, start, `expected a type from 0 to ${KINDS.length - 1}, found ${type}`);
  if (wire.fault !== '') return name;

  // Only now, because name and type may come after the metrics.
  const family = { name, names: new Map() };
  wire.at = start;
  while (more(wire) && !rows.tooMany) {
    const tag = readTag(wire);
    if (tag === METRIC) readMetric(wire, rows, family, kind!);
    else skipField(wire, tag, 0);
  }
  leave(wire, outer);
  return name;
}

function refusal(wire: Wire, name: string, { table, into }: ParseOptions): ParseResult {
  table.rollback();
  into.length = 0;
  into.histograms.clear();
  const family = name === '' ? '' : `, family ${printable(name)}`;
  return { ok: false, reason: 'parse', place: `byte ${wire.faultAt}${family}`, message: wire.fault };
}

const NAME_LENGTH = 64;

/** In printable ASCII: it goes into logs and pages. */
function printable(name: string): string {
  const start = name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH)}…` : name;
  return JSON.stringify(start).replace(
    /[^\x20-\x7e…]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
