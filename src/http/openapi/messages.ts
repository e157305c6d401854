/** The schemas of what the event stream carries as `data`. */
import { z } from 'zod';
import type { ChangeView } from '../change-view.ts';
import { episode, model, retrain, signal } from './answers.ts';
import { gate, phase, reported } from './words.ts';

const time = z.iso.datetime();

const told = { at: time.nullable().meta({ description: 'When it was decided.' }), model };

export const eventMessage = z
  .object({ model, metric: z.string(), value: z.number(), timestamp: time.nullable() })
  .meta({ id: 'EventMessage', description: 'The data of a frame of the kind `event`.' });

const changes = [
  z.object({
    ...told,
    type: z.literal('phase'),
    metric: z.string(),
    from: phase,
    to: phase,
    signal: signal.nullable().meta({ description: 'Null where it was forgotten at the same time.' }),
  }),
  z.object({
    ...told,
    type: z.literal('signal_removed'),
    metric: z.string(),
    cause: z.enum(['expired', 'config']),
  }),
  z.object({ ...told, type: z.literal('episode_opened'), episode }),
  z.object({
    ...told,
    type: z.literal('episode_held'),
    episode,
    reason: gate,
    until: time.nullable().meta({ description: 'When the gate could pass; null where no time is known.' }),
    detail: z.string(),
  }),
  z.object({ ...told, type: z.literal('episode_closed'), episode }),
  z.object({ ...told, type: z.literal('requested'), retrain }),
  z.object({ ...told, type: z.literal('request_changed'), retrain, report: reported }),
] as const;

export const changeMessage = z.discriminatedUnion('type', changes).meta({
  id: 'ChangeMessage',
  description: 'The data of a frame of the kind `change`.',
}) satisfies z.ZodType<ChangeView>;

export const missedMessage = z
  .object({ count: z.int().meta({ description: 'Frames that gave way since the last one.' }) })
  .meta({ id: 'MissedMessage', description: 'The data of a frame of the kind `missed`.' });
