/** The page of a Prometheus that is asked this and that, more at one time than at another, with counters beside it that are reset. */
import { CONTENT_TYPES } from './good-pages.ts';
import type { Prometheus } from './prometheus.ts';
import type { Snapshot } from './snapshots.ts';

export const RESTARTING = 'restarting_total';

/** Different answers, so that there are different codes, handlers, sizes and durations. */
const PATHS = [
  '/api/v1/query?query=up',
  '/api/v1/query?query=up{',
  '/api/v1/label/__name__/values',
  '/api/v1/query?query={__name__=~".%2B"}',
  '/metrics',
];

/** Makes the next snapshot; its times are those at which it was taken. */
export function trafficPages(): (prometheus: Prometheus) => Promise<Snapshot> {
  const replicas = [0, 0];
  let number = 0;
  return async ({ url }) => {
    number++;
    const paths = PATHS.flatMap((path, index) =>
      Array<string>(1 + ((number * (index + 3)) % (5 + index))).fill(path),
    );
    for (const path of paths) await (await fetch(url + path)).arrayBuffer();
    replicas.forEach((count, replica) => {
      // The second one restarts now and then.
      replicas[replica] = replica === 1 && number % 7 === 0 ? 2 : count + 5 + ((number * (replica + 4)) % 13);
    });

    const response = await fetch(`${url}/metrics`, { headers: { accept: CONTENT_TYPES.text } });
    const lines = (await response.text()).split('\n');
    lines.push(...replicas.map((count, replica) => `${RESTARTING}{replica="${replica}"} ${count}`));
    const time = Date.now();
    const stamped = lines.map((line) => (line === '' || line.startsWith('#') ? line : `${line} ${time}`));
    return { contentType: CONTENT_TYPES.text, body: `${stamped.join('\n')}\n` };
  };
}
