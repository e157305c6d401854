/**
 * `GET /api/v1/events`: the bus as Server-Sent Events. A message becomes a view and a frame once, whatever the number of
 * readers, and not at all where no reader's filter lets it through.
 */
import type { ServerResponse } from 'node:http';
import type { MetricEvent, Observer } from '../../bus.ts';
import type { Clock } from '../../clock.ts';
import type { Change } from '../../core/world.ts';
import { sendError, sendFailure } from '../answer.ts';
import type { Backend } from '../backend.ts';
import { viewChange } from '../change-view.ts';
import { EventReader, frameOf } from '../event-reader.ts';
import { type EventFilter, readEventQuery } from '../query.ts';
import type { PlainHandler } from '../route.ts';
import { rfc3339, viewModel } from '../views.ts';

export interface EventStreams {
  readonly handler: PlainHandler;
  /** Ends every stream at once: whoever may have one comes back. */
  endAll(): void;
  /** Ends every stream at once, and opens no more. */
  close(): void;
}

/** More than anybody watches with, fewer than fill the memory with what they have not taken. */
const MAX_READERS = 64;

interface Listener {
  readonly filter: EventFilter;
  readonly reader: EventReader;
}

export function createEventStreams({ backend, clock }: { backend: Backend; clock: Clock }): EventStreams {
  const listeners = new Set<Listener>();
  let closed = false;
  let events: Disposable | undefined;
  let changes: Disposable | undefined;

  /** Observes while somebody wants it: where nobody wants metric events, none is made into an object. */
  const observe = (): void => {
    const wanted = (type: 'event' | 'change'): boolean =>
      listeners.values().some(({ filter }) => (filter.type ?? type) === type);
    events = attach(events, wanted('event'), { onEvent: tellEvent });
    changes = attach(changes, wanted('change'), { onChange: tellChange });
  };

  const attach = (
    present: Disposable | undefined,
    isWanted: boolean,
    observer: Observer,
  ): Disposable | undefined => {
    if (isWanted) return present ?? backend.observe(observer);
    present?.[Symbol.dispose]();
    return undefined;
  };

  const tell = (fits: (filter: EventFilter) => boolean, makeFrame: () => Buffer): void => {
    let frame: Buffer | undefined;
    for (const { filter, reader } of listeners) {
      if (!fits(filter)) continue;
      frame ??= makeFrame();
      reader.push(frame);
    }
  };

  const tellEvent = (event: MetricEvent): void => {
    const { model, metric, value } = event;
    tell(
      ({ type = 'event', ...filter }) =>
        type === 'event' && isOf(model, filter) && (filter.metric ?? metric) === metric,
      () =>
        frameOf('event', {
          model: viewModel(model),
          metric,
          value,
          timestamp: rfc3339(event.timestamp ?? backend.now()),
        }),
    );
  };

  const tellChange = (change: Change): void => {
    const { model, metrics } = subjectOf(change, backend);
    tell(
      ({ type = 'change', ...filter }) =>
        type === 'change' &&
        isOf(model, filter) &&
        (filter.metric === undefined || metrics().includes(filter.metric)),
      () => frameOf('change', viewChange(change)),
    );
  };

  const handler: PlainHandler = (request, response) => {
    const query = readEventQuery(request.url!);
    if (!query.ok) return sendFailure(response, query.failure);
    if (closed) return sendError(response, 'unavailable', 'the server is stopping', { 'Retry-After': '5' });
    if (listeners.size >= MAX_READERS) {
      const message = `there are ${MAX_READERS} readers already`;
      return sendError(response, 'unavailable', message, { 'Retry-After': '5' });
    }
    writeHead(response);
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    const listener = { filter: query.filter, reader: new EventReader(response, clock) };
    listeners.add(listener);
    response.once('close', () => {
      listeners.delete(listener);
      observe();
    });
    observe();
  };

  const endAll = (): void => {
    for (const { reader } of listeners) reader.end();
    listeners.clear();
    observe();
  };

  return {
    handler,
    endAll,
    close() {
      closed = true;
      endAll();
    },
  };
}

function writeHead(response: ServerResponse): void {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    // Asks nginx, and proxies that follow it, not to gather frames.
    'X-Accel-Buffering': 'no',
  });
}

function isOf(model: MetricEvent['model'], filter: EventFilter): boolean {
  return (filter.model ?? model.name) === model.name && (filter.version ?? model.version) === model.version;
}

interface Subject {
  readonly model: MetricEvent['model'];
  /** Only asked for where a reader filters by it: a request's are those of its episode, which history knows. */
  metrics(): readonly string[];
}

function subjectOf(change: Change, { history }: Backend): Subject {
  if ('signal' in change) return { model: change.signal.model, metrics: () => [change.signal.metric] };
  if ('episode' in change) return { model: change.episode.model, metrics: () => change.episode.metrics };
  const { model, episode } = change.request;
  return { model, metrics: () => (episode === null ? [] : (history.episode(episode)?.metrics ?? [])) };
}
