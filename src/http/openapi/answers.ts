/** The schemas of what the API answers, tied to the types of the views that are answered. */
import { z } from 'zod';
import type { ExplainExtras, ExplainView, InputView, UnmatchedView } from '../explain-view.ts';
import type { EpisodeView, ModelView, RequestStepView, RetrainView, SignalView } from '../views.ts';
import { viewShape } from './view-shape.ts';
import {
  episodeCause,
  errorType,
  gate,
  notAsking,
  outcomeStatus,
  phase,
  requestEvent,
  requestStatus,
  unmatchedWhy,
  waiting,
} from './words.ts';

const time = z.iso.datetime();
const timeOrNull = (description: string) => time.nullable().meta({ description });

export const model = viewShape<ModelView>()({
  name: z.string(),
  version: z.string().meta({ description: '`none` where there is none.' }),
}).meta({ id: 'ModelVersion' });

const signalKeys = {
  model,
  metric: z.string(),
  state: phase,
  value: z.number().meta({ description: 'The newest sample.' }),
  ema: z.number().meta({ description: 'Its exponential moving average: what is judged.' }),
  bound: z.enum(['below', 'above']).meta({ description: 'On which side of the threshold it breaches.' }),
  threshold: z.number(),
  clear: z.number().meta({ description: 'At or past it, a drifting signal is clear.' }),
  samples: z.int().meta({ description: 'How many were taken.' }),
  since: timeOrNull('Since when it is in this state, by its samples’ own time.'),
  last_sample_at: timeOrNull('The own time of the newest sample.'),
  stale: z.boolean().meta({ description: 'No sample has come for `stale_after`.' }),
};
export const signal = viewShape<SignalView>()(signalKeys).meta({ id: 'Signal' });

export const episode = viewShape<EpisodeView>()({
  id: z.string(),
  model,
  started_at: timeOrNull('When the first signal began to drift.'),
  ended_at: timeOrNull('Null while it is open.'),
  cause: episodeCause.nullable(),
  continues: z
    .string()
    .nullable()
    .meta({ description: 'The episode before it, where that asked and the drift persisted.' }),
  signals: z
    .array(z.string())
    .meta({ description: 'Every metric that took part, in the order in which they began to drift.' }),
  request: z.string().nullable().meta({ description: 'The retrain request that it made.' }),
  reason: gate
    .nullable()
    .meta({ description: 'The gate that holds it; of one that closed unasked, the last.' }),
}).meta({ id: 'Episode' });

const requestStep = viewShape<RequestStepView>()({
  event: requestEvent,
  at: timeOrNull('The first time.'),
  last_at: timeOrNull('The last time.'),
  count: z.int().meta({ description: 'How often in a row.' }),
  reason: z.string().nullable().meta({
    description:
      'Why an attempt failed (as in `driftgauge_delivery_failures_total`, or `interrupted`), or why it was parked: `gone`, `refused`, `gave_up`, `trigger_gone`. `version_seen`: a success that nobody reported.',
  }),
  detail: z.string().nullable().meta({
    description:
      'What the receiver answered, what the pipeline said (its first 500 characters), or through which trigger it went.',
  }),
}).meta({ id: 'RequestStep' });

export const retrain = viewShape<RetrainView>()({
  id: z.string(),
  model,
  episode: z.string().nullable(),
  status: requestStatus,
  trigger: z.string().meta({ description: 'The trigger that delivers it.' }),
  reason: z.string().meta({ description: 'Why it was asked, as a sentence.' }),
  attempts: z.int().meta({ description: 'Attempts to deliver it that have begun.' }),
  requested_at: timeOrNull('When it was made.'),
  delivered_at: timeOrNull('When the receiver had it.'),
  ended_at: timeOrNull('Null while it is in flight.'),
  outcome: z
    .object({
      status: outcomeStatus,
      version: z.string().nullable().meta({ description: 'The version that the pipeline made.' }),
      message: z.string().nullable(),
      at: timeOrNull('When it was reported.'),
    })
    .nullable()
    .meta({ description: 'What the pipeline has reported last.' }),
  effective: z.boolean().nullable().meta({ description: 'Whether it helped; null until that was judged.' }),
  steps: z
    .array(requestStep)
    .meta({ description: 'What has happened to it, the oldest first; of many, the first and the newest.' }),
}).meta({ id: 'Retrain' });

const input = viewShape<InputView>()({
  kind: z.string().meta({ description: 'The kind of `from`.' }),
  waiting: waiting.nullable().meta({ description: 'What the next sample waits for; null: the next scrape.' }),
  count: z.number().meta({ description: 'The observations in the present window.' }),
  min_count: z.number(),
  window_started_at: timeOrNull('By the samples’ own time.'),
}).meta({ id: 'Input' });

const unmatched = viewShape<UnmatchedView>()({
  metric: z.string(),
  why: unmatchedWhy,
  input: input.exactOptional(),
}).meta({ id: 'UnmatchedMetric' });

export const explanation = viewShape<ExplainView>()({
  model,
  signals: z.array(
    viewShape<ExplainView['signals'][number]>()({
      ...signalKeys,
      input: input
        .exactOptional()
        .meta({ description: 'How its samples are made, where something is counted.' }),
    }).meta({ id: 'ExplainedSignal' }),
  ),
  unmatched: z.array(unmatched).meta({
    description: 'Metrics of the config that are for this model and have no sample of this version.',
  }),
  episode: episode.nullable().meta({ description: 'The open one.' }),
  gates: z.array(
    z.object({
      gate,
      verdict: z.enum(['pass', 'wait']),
      until: timeOrNull('When it could pass; null where no time is known.'),
      detail: z.string(),
    }),
  ),
  decision: z.object({
    ask: z.boolean(),
    reason: z.union([gate, notAsking]).nullable().meta({
      description: 'The first gate that waits, or why there is nothing to ask; null where it asks now.',
    }),
    next_at: timeOrNull('When it could be otherwise.'),
  }),
}).meta({ id: 'Explanation' });

const extraKeys = viewShape<ExplainExtras>()({
  metrics_without_signals: z.array(z.string()).meta({
    description: 'Metrics of the config of which nothing has a sample or counts towards its first one.',
  }),
  dropped_samples: z
    .record(z.string(), z.record(z.string(), z.int()))
    .meta({ description: 'By source and reason, since the process began.' }),
}).shape;

export const config = z.object({ yaml: z.string() }).meta({ id: 'LiveConfig' });
export const build = z
  .object({ version: z.string(), revision: z.string(), node_version: z.string() })
  .meta({ id: 'Build' });

/** What a success looks like. */
export const answerOf = <Data extends z.ZodType>(data: Data) =>
  z.object({ status: z.literal('success'), data });
export const explainAnswer = z.object({
  status: z.literal('success'),
  data: z.array(explanation),
  versions_left_out: z
    .int()
    .meta({ description: 'How many more versions there are than `limit` lets through.' }),
  ...extraKeys,
});

const errorKeys = { status: z.literal('error'), errorType, error: z.string() };
export const error = z.object(errorKeys).meta({ id: 'Error' });
export const unknownModel = z.object({ ...errorKeys, ...extraKeys });
export const pushError = z.object({
  ...errorKeys,
  items: z
    .array(
      z.object({
        index: z.int().meta({ description: 'Counts the events of the body from 0.' }),
        path: z.string().meta({ description: 'Empty where the event as a whole is meant.' }),
        message: z.string(),
      }),
    )
    .exactOptional(),
});
