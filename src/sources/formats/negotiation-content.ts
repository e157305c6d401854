/** What the body of a page says of its format. Each of these is sure where it says yes, and is looked at in one pass. */
import type { Page } from './page.ts';
import {
  enter,
  LENGTH,
  more,
  readLength,
  readTag,
  readVarint,
  skipLength,
  tagOf,
  VARINT,
  wireOf,
} from './protobuf-wire.ts';

const NAME = tagOf(1, LENGTH);
const TYPE = tagOf(3, VARINT);
/** Help, metric and unit. */
const OTHERS: readonly number[] = [tagOf(2, LENGTH), tagOf(4, LENGTH), tagOf(5, LENGTH)];

/**
 * A family of protobuf with a name, and with a field that may follow it: no page of text has a line break as its second
 * byte, then a length, and another length where the first one says, both of which fit.
 */
export function beginsLikeProtobuf({ bytes, view, length }: Page): boolean {
  const wire = wireOf(bytes, view, length);
  enter(wire);
  if (readTag(wire) !== NAME) return false;
  const size = readLength(wire);
  wire.at += size;
  if (size === 0 || !more(wire)) return size > 0 && wire.fault === '';
  const tag = readTag(wire);
  if (tag === TYPE) readVarint(wire);
  else if (OTHERS.includes(tag)) skipLength(wire);
  else return false;
  return wire.fault === '';
}

const END = '\n# EOF\n';
const END_OF_PAGE = /(?:^|\n)# EOF\n?$/;
/** A unit, a type that text does not have, an exemplar, or a time with a fraction of a second. */
const ONLY_OPEN_METRICS =
  /^# (?:UNIT |TYPE \S+ (?:unknown|info|stateset|gaugehistogram)\n)|(?:^[\w:]+|\}) [-+.\w]+(?: \d+\.\d+\n|(?: [-+.\w]+)? # \{)/m;
/** A blank line, an untyped metric, a comment, or a counter without `_total`. */
const NO_OPEN_METRICS =
  /^(?:\n|# TYPE \S+ untyped\n|#(?! (?:HELP|TYPE|UNIT|EOF)[ \n])|# TYPE (\S+) counter\n\1[ {])/m;

export function isOpenMetrics(page: Page): boolean {
  return hasEnd(page) && ONLY_OPEN_METRICS.test(textOf(page));
}

/** Only whole lines are looked at: the last one may have been cut anywhere. */
export function isNoOpenMetrics(page: Page): boolean {
  if (hasEnd(page)) return false;
  const text = textOf(page);
  return NO_OPEN_METRICS.test(text.slice(0, text.lastIndexOf('\n') + 1));
}

function hasEnd({ bytes, length }: Page): boolean {
  return END_OF_PAGE.test(bytes.toString('latin1', Math.max(0, length - END.length), length));
}

/** One character for each byte. */
function textOf({ bytes, length }: Page): string {
  return bytes.toString('latin1', 0, length);
}
