/** Reads a receiver's journal and a store after the program has ended, and says what is wrong with them. */
import type { MetricEvent } from '../../src/bus.ts';
import { makeConfig } from '../../src/core/scenario.testing.ts';
import { EMA, SAMPLES } from '../../src/core/signal.ts';
import { openStore } from '../../src/store/open.ts';
import { readJournal } from './receiver.ts';

export interface Findings {
  readonly models: number;
  readonly events: number;
  readonly episodes: number;
  readonly requests: number;
  readonly attempts: number;
  /** Each is a promise that was broken; empty is well. */
  readonly faults: readonly string[];
}

/** `acknowledged` holds, by model, the events that were sent until a 2xx came, in order; the rule is alpha 0.5 on accuracy. */
export function check(
  storagePath: string,
  journal: string,
  acknowledged: ReadonlyMap<string, readonly MetricEvent[]>,
): Findings {
  const { store, putAside } = openStore(storagePath, { now: 0, onFatal: () => undefined });
  const faults: string[] = [];
  if (putAside) faults.push(`the store was unreadable: ${putAside.reason}`);
  const world = store.load(makeConfig());
  let events = 0;
  for (const [model, sent] of acknowledged) {
    events += sent.length;
    const record = world.models.get(model)?.versions.get('1')?.signals.get('accuracy')?.record;
    const ema = sent.reduce(
      (average, { value }, index) => (index === 0 ? value : 0.5 * value + 0.5 * average),
      0,
    );
    if (record?.[SAMPLES] !== sent.length)
      faults.push(`${model}: ${record?.[SAMPLES]} samples, ${sent.length} acknowledged`);
    else if (Math.abs(record[EMA]! - ema) > 1e-12)
      faults.push(`${model}: average ${record[EMA]}, the formula says ${ema}`);
  }

  const episodes = store.episodes({ limit: 1e6 });
  const requests = new Map(store.requests({ limit: 1e6 }).map((request) => [request.id, request]));
  for (const { id, request } of episodes) {
    if (request !== null && !requests.has(request))
      faults.push(`episode ${id} asked by ${request}, which is lost`);
  }
  const deliveries = readJournal(journal);
  const bodies = new Map<string, string>();
  const idOfEpisode = new Map<string, string>();
  const answered = new Set<string>();
  for (const { id, body, status } of deliveries) {
    const { episode } = (JSON.parse(body) as { data: { episode: string } }).data;
    if (!requests.has(id)) faults.push(`${id} was sent and is not stored`);
    if ((bodies.get(id) ?? body) !== body) faults.push(`${id} was sent with two bodies`);
    if ((idOfEpisode.get(episode) ?? id) !== id) faults.push(`episode ${episode} was sent under two ids`);
    bodies.set(id, body);
    idOfEpisode.set(episode, id);
    if (status >= 200 && status < 300) answered.add(id);
  }
  for (const { id, status } of requests.values()) {
    if (status === 'delivered' && !answered.has(id)) faults.push(`${id} is delivered, and nobody took it`);
    if (status === 'withdrawn' && bodies.has(id)) faults.push(`${id} is withdrawn, and was sent`);
    if (status !== 'delivered' && status !== 'withdrawn') faults.push(`${id} is still ${status}`);
  }
  store.close();
  return {
    models: acknowledged.size,
    events,
    episodes: episodes.length,
    requests: requests.size,
    attempts: deliveries.length,
    faults,
  };
}
