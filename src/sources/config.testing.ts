/** A config as the sources see it, from what people write: tests need not know how it is parsed. */
import { load } from '../config/build/loading.testing.ts';
import type { Config } from '../config/config.ts';

/** An entry of `metrics`; `name` and `drift` are filled in. */
export type RawEntry = Readonly<Record<string, unknown>>;

/** One job, `serving`, with the keys of `job`. Its one target is `localhost:8000`, unless `job` says otherwise. */
export function configOf(metrics: readonly RawEntry[], job: RawEntry = {}, rest: RawEntry = {}): Config {
  return load({
    ...rest,
    metrics: metrics.map((entry) => ({ name: 'accuracy', drift: { below: 0.5 }, ...entry })),
    scrape_configs: [{ job_name: 'serving', static_configs: [{ targets: ['localhost:8000'] }], ...job }],
  });
}
