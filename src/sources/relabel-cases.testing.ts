/** What rules of `metric_relabel_configs` do to a series: one table, for our relabelling and for a real Prometheus. */
import type { RawRelabelConfig } from '../config/schema/relabel.ts';
import { ACTION_ROWS } from './relabel-actions.testing.ts';
import { REPLACE_ROWS } from './relabel-replace.testing.ts';

export interface RelabelCase {
  readonly sentence: string;
  readonly rules: readonly RawRelabelConfig[];
  readonly labels: ReadonlyMap<string, string>;
  /** Null where the series is dropped. */
  readonly result: ReadonlyMap<string, string> | null;
  /** Why Prometheus 2.42 cannot show it, where it cannot. */
  readonly notShown?: string;
}

/** A case as the tables write it. */
export interface RelabelRow {
  /** Beside `__name__`, job and instance. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly rules: readonly RawRelabelConfig[];
  /** Labels that are new or other than before; null: gone. Null for all: the series is dropped. */
  readonly changes: Readonly<Record<string, string | null>> | null;
  readonly notShown?: string;
}

/** Each series has an instance of its own, so that no two rows speak of one series. */
export const RELABEL_CASES: readonly RelabelCase[] = [
  ...Object.entries(REPLACE_ROWS),
  ...Object.entries(ACTION_ROWS),
].map(([sentence, { rules, changes, notShown, ...row }], index) => {
  const labels = new Map(
    Object.entries({ __name__: 'accuracy', job: 'fraud', instance: `row-${index}:80`, ...row.labels }),
  );
  const all = new Map<string, string | null>([...labels, ...Object.entries(changes ?? {})]);
  const result = new Map([...all].filter((label): label is [string, string] => Boolean(label[1])));
  return {
    sentence,
    rules,
    labels,
    result: changes === null ? null : result,
    ...(notShown !== undefined && { notShown }),
  };
});
