/** The closed lists of the API, each word with its meaning. */
import type { Waiting } from '../../core/derive/view.ts';
import type { EpisodeCause, GateName, Report, RequestStatus, RequestStep } from '../../core/retrain.ts';
import type { Phase } from '../../core/signal.ts';
import type { Decision } from '../../detector.ts';
import type { ErrorType } from '../answer.ts';
import type { UnmatchedView } from '../explain-view.ts';
import { oneOf } from './view-shape.ts';

export const phase = oneOf<Phase>({
  warming: 'too few samples to be judged',
  ok: 'within its threshold',
  pending: 'beyond it, not long enough yet',
  drifting: 'beyond it for long enough',
  recovering: 'clear again, not long enough yet',
}).meta({ id: 'DriftState' });

export const gate = oneOf<GateName>({
  stale: 'no signal that breaches has a fresh sample',
  inhibited: 'a signal with `action: inhibit` drifts',
  group_wait: 'other signals may begin to drift with it',
  state_unknown: 'the store is new, and nobody knows what was asked before',
  in_flight: 'a request of this model has not ended',
  cooldown: 'the last request ended a short time ago',
  max_per_day: 'as many were asked in 24 hours as may be',
  no_trigger: 'no trigger is for this model',
}).meta({ id: 'Gate' });

export const notAsking = oneOf<Exclude<Decision['reason'], GateName | null>>({
  no_drift: 'no signal that asks drifts',
  asked: 'the open episode has asked',
});

export const episodeCause = oneOf<EpisodeCause>({
  recovered: 'all of its signals have recovered',
  replaced: 'another version of the model took its place',
  expired: 'its signals were forgotten',
  config: 'the config no longer asks',
  asked_again: 'its request has ended, and the drift persists: the next episode continues it',
});

export const requestStatus = oneOf<RequestStatus>({
  requested: 'waits for delivery',
  delivered: 'the receiver has it',
  running: 'the pipeline has reported that it runs',
  parked: 'delivery was given up; it can be sent again',
  succeeded: 'it ended well',
  failed: 'it ended badly',
  timed_out: 'no outcome came in time',
  withdrawn: 'its episode closed before anybody saw it',
  cancelled: 'a person gave it up',
  dry_run: 'it was made in dry-run mode and delivered to nobody',
}).meta({ id: 'RetrainStatus' });

export const requestEvent = oneOf<RequestStep['event']>({
  requested: 'it was made',
  attempt_failed: 'an attempt to deliver it failed',
  delivered: 'the receiver took it',
  running: 'the pipeline reported that it runs',
  parked: 'delivery was given up',
  redelivered: 'a person sent it again',
  succeeded: 'it ended well',
  failed: 'it ended badly',
  timed_out: 'no outcome came in time',
  withdrawn: 'its episode closed before anybody saw it',
  cancelled: 'a person gave it up',
  dry_run: 'it was delivered to nobody, as in dry-run mode',
  omitted: 'older steps that are not kept one by one',
});

export const outcomeStatus = oneOf<'running' | 'succeeded' | 'failed'>({
  running: 'the training has begun',
  succeeded: 'it has ended well',
  failed: 'it has ended badly',
});

const WAITING: Readonly<Record<Waiting, string>> = {
  first_scrape: 'counts are compared with those of an earlier scrape',
  window: 'the window is not long enough yet',
  low_traffic: 'the window holds fewer than `min_count` observations, and grows',
  reference: 'what a distance is measured from is not complete yet',
};

export const waiting = oneOf<Waiting>(WAITING);

export const unmatchedWhy = oneOf<UnmatchedView['why']>({
  no_series: 'nothing of this version that was scraped fits',
  no_events: 'nothing was pushed',
  no_samples: 'something was there, and all of it was dropped',
  ...WAITING,
});

export const reported = oneOf<Report['kind'] | 'timed_out' | 'withdrawn'>({
  attempt: 'an attempt to deliver it has begun',
  attempt_failed: 'an attempt has failed',
  delivered: 'the receiver has taken it',
  parked: 'delivery was given up',
  outcome: 'the pipeline has reported',
  redeliver: 'a person sends it again',
  cancel: 'a person gives it up',
  timed_out: 'no outcome came in time',
  withdrawn: 'its episode closed before anybody saw it',
});

export const errorType = oneOf<ErrorType>({
  bad_data: '400',
  unauthorized: '401',
  forbidden: '403',
  not_found: '404',
  method_not_allowed: '405',
  conflict: '409',
  too_large: '413',
  unsupported_media_type: '415',
  too_many_requests: '429',
  internal: '500',
  unavailable: '503',
});
