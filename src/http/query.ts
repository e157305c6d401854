/** Query strings, read strictly: a key that nobody knows, comes twice or has a bad value is an error, not a surprise. */

import type { Failure } from './answer.ts';
import { refuse } from './answer.ts';

export type Query =
  | { readonly ok: true; readonly values: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly failure: Failure };

export function readQuery(url: string, keys: readonly string[]): Query {
  const start = url.indexOf('?');
  const values = new Map<string, string>();
  if (start < 0) return { ok: true, values };
  for (const [key, value] of new URLSearchParams(url.slice(start + 1))) {
    if (!keys.includes(key)) {
      const known = keys.length === 0 ? 'this path takes none' : `expected one of ${keys.join(', ')}`;
      return refuse('bad_data', `unknown parameter ${JSON.stringify(key.slice(0, 64))}, ${known}`);
    }
    if (values.has(key)) return refuse('bad_data', `${key}: given twice`);
    if (value === '') return refuse('bad_data', `${key}: must not be empty`);
    values.set(key, value);
  }
  return { ok: true, values };
}

export interface EventFilter {
  readonly type?: 'event' | 'change';
  readonly model?: string;
  readonly version?: string;
  readonly metric?: string;
}

export type EventQuery =
  | { readonly ok: true; readonly filter: EventFilter }
  | { readonly ok: false; readonly failure: Failure };

/** What a reader of the event stream wants to be told. */
export function readEventQuery(url: string): EventQuery {
  const query = readQuery(url, ['type', 'model', 'version', 'metric']);
  if (!query.ok) return query;
  const { values } = query;
  const type = values.get('type');
  if (type !== undefined && type !== 'event' && type !== 'change') {
    return refuse('bad_data', 'type: expected one of event, change');
  }
  return {
    ok: true,
    filter: {
      ...pickNames(values),
      ...(type !== undefined && { type }),
    },
  };
}

export interface ListFilter<State extends string> {
  readonly model?: string;
  readonly version?: string;
  readonly metric?: string;
  readonly state?: State;
  readonly limit: number;
  readonly before?: string;
}

export type ListQuery<State extends string> =
  | { readonly ok: true; readonly filter: ListFilter<State> }
  | { readonly ok: false; readonly failure: Failure };

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

export type LimitQuery =
  | { readonly ok: true; readonly limit: number }
  | { readonly ok: false; readonly failure: Failure };

/** How many of a list are answered at most. */
export function readLimit(values: ReadonlyMap<string, string>): LimitQuery {
  const limit = values.get('limit') ?? String(DEFAULT_LIMIT);
  if (!/^[1-9]\d{0,3}$/.test(limit) || Number(limit) > MAX_LIMIT) {
    return refuse('bad_data', `limit: expected a whole number from 1 to ${MAX_LIMIT}`);
  }
  return { ok: true, limit: Number(limit) };
}

/** The filters that all lists have; `stateKey` is what the list calls its states. */
export function readListQuery<State extends string>(
  url: string,
  { stateKey, states }: { readonly stateKey: 'state' | 'status'; readonly states: readonly State[] },
): ListQuery<State> {
  const query = readQuery(url, ['model', 'version', 'metric', stateKey, 'limit', 'before']);
  if (!query.ok) return query;
  const { values } = query;
  const state = values.get(stateKey);
  const known = states.find((word) => word === state);
  if (state !== undefined && known === undefined) {
    return refuse('bad_data', `${stateKey}: expected one of ${states.join(', ')}`);
  }
  const page = readLimit(values);
  if (!page.ok) return page;
  return {
    ok: true,
    filter: {
      ...pickNames(values),
      ...pick(values, 'before'),
      ...(known !== undefined && { state: known }),
      limit: page.limit,
    },
  };
}

function pick<Key extends string>(
  values: ReadonlyMap<string, string>,
  key: Key,
): { readonly [K in Key]?: string } {
  const value = values.get(key);
  return value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]: string });
}

function pickNames(values: ReadonlyMap<string, string>) {
  return { ...pick(values, 'model'), ...pick(values, 'version'), ...pick(values, 'metric') };
}
