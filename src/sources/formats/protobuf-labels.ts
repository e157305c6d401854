/** Labels in the wire format: checked on a page where a series is new, and read from keys, which have been checked. */
import type { Wire } from './protobuf-wire.ts';
import {
  enter,
  LENGTH,
  leave,
  more,
  readTag,
  readText,
  refuse,
  skipField,
  tagOf,
  wireOf,
} from './protobuf-wire.ts';

/** The field of a metric; also what begins each label of a key. */
export const LABEL = tagOf(1, LENGTH);
const NAME = tagOf(1, LENGTH);
const VALUE = tagOf(2, LENGTH);
const LABEL_FIELDS = 0b110;

/**
 * Checks the labels of the metric whose length is at `at`, and leaves the reader at its end. Each has a name, and has it
 * alone; `own` is the label that the metric's samples get.
 */
export function checkLabels(wire: Wire, at: number, own: string | undefined): void {
  const seen = new Set(['__name__']);
  if (own !== undefined) seen.add(own);
  wire.at = at;
  const outer = enter(wire);
  while (more(wire)) {
    const tag = readTag(wire);
    const start = wire.at;
    if (tag !== LABEL) {
      skipField(wire, tag, 0);
      continue;
    }
    const { name } = readLabel(wire);
    if (name === '') refuse(wire, start, 'expected a label with a name');
    else if (seen.has(name)) refuse(wire, start, 'expected each label once');
    seen.add(name);
  }
  leave(wire, outer);
}

function readLabel(wire: Wire): { name: string; value: string } {
  const outer = enter(wire);
  let name = '';
  let value = '';
  while (more(wire)) {
    const tag = readTag(wire);
    if (tag === NAME) name = readText(wire);
    else if (tag === VALUE) value = readText(wire);
    else skipField(wire, tag, LABEL_FIELDS);
  }
  leave(wire, outer);
  return { name, value };
}

export function nameOf(key: Buffer): string {
  return readText(wireOfKey(key));
}

/** A label with an empty value is no label. */
export function labelsOf(key: Buffer): Map<string, string> {
  const wire = wireOfKey(key);
  const labels = new Map([['__name__', readText(wire)]]);
  while (more(wire)) {
    readTag(wire);
    const { name, value } = readLabel(wire);
    if (value !== '') labels.set(name, value);
  }
  return labels;
}

function wireOfKey(key: Buffer): Wire {
  return wireOf(key, new DataView(key.buffer, key.byteOffset, key.length), key.length);
}
