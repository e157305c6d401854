/**
 * Reads the body of a push into metric events: one object, an array, or an object per line, told apart by the bytes
 * alone. All or nothing: either every event is valid, or every problem is listed. It judges form and time, not metrics.
 */
import { isUtf8 } from 'node:buffer';
import type { MetricEvent } from '../bus.ts';
import type { ModelVersion, Time } from '../core/signal.ts';
import { Problems, type PushProblem, readItems } from './push-body.ts';
import { parseRfc3339 } from './rfc3339.ts';

export type PushResult =
  | { readonly ok: true; readonly events: readonly MetricEvent[] }
  /** `complete` is false where so much was wrong that the rest was not looked at. */
  | { readonly ok: false; readonly items: readonly PushProblem[]; readonly complete: boolean };

/** A sender's clock may be this far ahead of ours. */
const MAX_AHEAD_MS = 5 * 60_000;
const MAX_NAME_BYTES = 1024;
/** The years 0000 to 9999, as RFC 3339 can write them. */
const MIN_SECONDS = -62_167_219_200;
const MAX_SECONDS = 253_402_300_799;

const FINER_UNITS = [
  ['milliseconds', 1e3],
  ['microseconds', 1e6],
  ['nanoseconds', 1e9],
] as const;

export function parsePush(body: Uint8Array, now: Time): PushResult {
  const problems = new Problems();
  const events: MetricEvent[] = [];
  if (isUtf8(body)) {
    const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8');
    readItems(text, problems, (item, index) => {
      const event = readEvent(item, { index, now, problems });
      if (event) events.push(event);
    });
  } else {
    problems.add(0, '', 'the body is not valid UTF-8');
  }
  return problems.count === 0
    ? { ok: true, events }
    : { ok: false, items: problems.items, complete: !problems.enough };
}

interface Place {
  readonly index: number;
  readonly now: Time;
  readonly problems: Problems;
}

function readEvent(item: unknown, place: Place): MetricEvent | undefined {
  const { index, problems } = place;
  if (!isObject(item)) return problems.add(index, '', `expected an object, found ${describe(item)}`);
  const before = problems.count;
  for (const key in item) {
    if (key !== 'model' && key !== 'metric' && key !== 'value' && key !== 'timestamp') {
      problems.add(index, shorten(key), 'unknown key, expected model, metric, value or timestamp');
    }
  }
  const model = readModel(item['model'], place);
  const metric = readName(item['metric'], 'metric', place);
  const value = readValue(item['value'], place);
  const timestamp = item['timestamp'] === undefined ? undefined : readTimestamp(item['timestamp'], place);
  if (problems.count > before) return undefined;
  const event = { model: model!, metric: metric!, value: value! };
  return timestamp === undefined ? event : { ...event, timestamp };
}

function readModel(model: unknown, place: Place): ModelVersion | undefined {
  const { index, problems } = place;
  if (!isObject(model)) {
    return problems.add(index, 'model', `expected an object with name and version, found ${describe(model)}`);
  }
  for (const key in model) {
    if (key !== 'name' && key !== 'version') {
      problems.add(index, `model.${shorten(key)}`, 'unknown key, expected name or version');
    }
  }
  const name = readName(model['name'], 'model.name', place);
  const version =
    model['version'] === undefined ? 'none' : readName(model['version'], 'model.version', place);
  return name === undefined || version === undefined ? undefined : { name, version };
}

function readName(name: unknown, path: string, { index, problems }: Place): string | undefined {
  if (typeof name !== 'string')
    return problems.add(index, path, `expected a string, found ${describe(name)}`);
  if (name === '') return problems.add(index, path, 'must not be empty');
  // No UTF-16 unit takes more than three bytes, so that most names need no count.
  if (name.length * 3 > MAX_NAME_BYTES && Buffer.byteLength(name) > MAX_NAME_BYTES) {
    return problems.add(index, path, `longer than ${MAX_NAME_BYTES} bytes`);
  }
  // Escapes like \ud800 are valid JSON, but no text: no label, file or database could hold them.
  if (!name.isWellFormed()) return problems.add(index, path, 'has half of a surrogate pair');
  return name;
}

function readValue(value: unknown, { index, problems }: Place): number | undefined {
  if (typeof value !== 'number')
    return problems.add(index, 'value', `expected a number, found ${describe(value)}`);
  if (!Number.isFinite(value)) return problems.add(index, 'value', 'too large for a 64-bit float');
  return value;
}

function readTimestamp(timestamp: unknown, place: Place): Time | undefined {
  const { index, now, problems } = place;
  if (typeof timestamp === 'number') return readSeconds(timestamp, place);
  if (typeof timestamp !== 'string') {
    return problems.add(index, 'timestamp', `expected ${TIMESTAMP_FORMS}, found ${describe(timestamp)}`);
  }
  const time = parseRfc3339(timestamp);
  if (time === undefined) {
    return problems.add(index, 'timestamp', `expected ${TIMESTAMP_FORMS}, found ${describe(timestamp)}`);
  }
  return time <= now + MAX_AHEAD_MS
    ? time
    : problems.add(index, 'timestamp', 'more than 5m ahead of our clock');
}

const TIMESTAMP_FORMS = 'RFC 3339 with an offset, or Unix seconds';

function readSeconds(seconds: number, { index, now, problems }: Place): Time | undefined {
  const latest = now + MAX_AHEAD_MS;
  if (seconds * 1000 > latest) {
    // From 2001 on, as a number in a finer unit: the usual mistake.
    const unit = FINER_UNITS.find(
      ([, perSecond]) => seconds / perSecond > 1e9 && (seconds / perSecond) * 1000 <= latest,
    );
    const hint = unit ? `: looks like ${unit[0]}, Unix seconds are expected` : '';
    return problems.add(index, 'timestamp', `more than 5m ahead of our clock${hint}`);
  }
  if (seconds < MIN_SECONDS || seconds > MAX_SECONDS) {
    return problems.add(index, 'timestamp', 'outside the years 0000 to 9999');
  }
  // To the microsecond: a double holds no more of the present.
  return Math.round(seconds * 1e6) / 1e3;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What was found, never the whole of it: a hostile body may be deep and long. */
function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? JSON.stringify(shorten(value)) : String(value);
}

function shorten(text: string): string {
  return text.length > 64 ? `${text.slice(0, 64)}…` : text;
}
