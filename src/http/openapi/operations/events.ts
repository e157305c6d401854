/** Metric events in, and what happens out. */
import { z } from 'zod';
import { pushError } from '../answers.ts';
import { pushBody } from '../bodies.ts';
import type { Operations } from '../operation.ts';
import { fault, METRIC, MODEL, VERSION } from '../operation.ts';

export const EVENT_OPERATIONS: Operations = {
  '/api/v1/events': {
    get: {
      id: 'streamEvents',
      tag: 'events',
      summary: 'What happens, as it happens, as Server-Sent Events',
      description:
        'Frames are of the kind `event` (data: EventMessage), `change` (data: ChangeMessage) and `missed` (data: MissedMessage): ' +
        'of a reader that is too slow, the oldest frames give way, and before the next one it is told how many it missed. ' +
        'A comment comes at once, and every 15 seconds. Nothing is sent again after a reconnection. At most 64 readers.',
      query: {
        type: {
          schema: z.enum(['event', 'change']),
          description: 'Only frames of this kind; default: both.',
        },
        model: MODEL,
        version: VERSION,
        metric: METRIC,
      },
      answers: {
        200: {
          description: 'A stream without an end.',
          content: ['text/event-stream', z.string()],
        },
        503: fault('There are as many readers as may be; `Retry-After` says when to come back.'),
      },
    },
    post: {
      id: 'pushEvents',
      tag: 'events',
      summary: 'Metric events: one object, an array, or an object per line',
      description:
        'All or nothing, and durable when it is answered. Told apart by the bytes alone; the content type is ignored. Late events are taken, dropped and counted.',
      body: { schema: pushBody, lines: 'One MetricEvent per line.', description: '10 MB at most, decoded.' },
      answers: {
        204: { description: 'All of them are stored.' },
        400: fault('Nothing was taken, because of the items listed.', pushError),
      },
    },
  },
};
