/**
 * `GET /api/v1/signals`: every signal as it is now. They have no age to be listed by, so they come by model, version and
 * metric; `before` takes the last one of a page, `name:version:metric` with each part percent-encoded, and gives the next.
 */
import { PHASES } from '../../core/signal.ts';
import { hasSamples } from '../../core/signals.ts';
import type { Signal, World } from '../../core/world.ts';
import { sendData, sendError, sendFailure } from '../answer.ts';
import type { Backend } from '../backend.ts';
import type { ListFilter } from '../query.ts';
import { readListQuery } from '../query.ts';
import type { Route } from '../route.ts';
import { type SignalView, viewSignal } from '../views.ts';

export function signalRoutes(backend: Backend): readonly Route[] {
  return [
    {
      path: '/api/v1/signals',
      methods: {
        get(request, response) {
          const query = readListQuery(request.url!, { stateKey: 'state', states: PHASES });
          if (!query.ok) return sendFailure(response, query.failure);
          const after = query.filter.before === undefined ? null : readKey(query.filter.before);
          if (after === undefined) {
            const message = 'before: expected name:version:metric, each part percent-encoded';
            return sendError(response, 'bad_data', message);
          }
          sendData(response, listSignals(backend, query.filter, after));
        },
      },
    },
  ];
}

type Key = readonly [name: string, version: string, metric: string];

function readKey(text: string): Key | undefined {
  const parts = text.split(':');
  if (parts.length !== 3) return undefined;
  try {
    const [name, version, metric] = parts.map(decodeURIComponent) as [string, string, string];
    return [name, version, metric];
  } catch {
    return undefined;
  }
}

function listSignals(backend: Backend, filter: ListFilter<string>, after: Key | null): SignalView[] {
  const at = backend.now();
  const views: SignalView[] = [];
  for (const signal of inOrder(backend.world, filter, after)) {
    if (!hasSamples(signal)) continue;
    const view = viewSignal(signal, at);
    if (filter.state !== undefined && view.state !== filter.state) continue;
    views.push(view);
    if (views.length === filter.limit) break;
  }
  return views;
}

/** Sorts level by level, so that a page of a large world does not sort all of it. */
function* inOrder(world: World, filter: ListFilter<string>, after: Key | null): Generator<Signal> {
  for (const name of select(world.models, filter.model, after?.[0])) {
    const { versions } = world.models.get(name)!;
    const inModel = after?.[0] === name ? after : null;
    for (const version of select(versions, filter.version, inModel?.[1])) {
      const { signals } = versions.get(version)!;
      const inVersion = inModel?.[1] === version ? inModel : null;
      for (const metric of select(signals, filter.metric, inVersion?.[2])) {
        if (metric !== inVersion?.[2]) yield signals.get(metric)!;
      }
    }
  }
}

/** The keys that fit, from one on, in the order of their UTF-16 units. */
function select(
  map: ReadonlyMap<string, unknown>,
  only: string | undefined,
  from: string | undefined,
): string[] {
  const keys = only === undefined ? [...map.keys()] : map.has(only) ? [only] : [];
  return (from === undefined ? keys : keys.filter((key) => key >= from)).sort();
}
