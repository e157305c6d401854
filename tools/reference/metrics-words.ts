/** The closed sets of label values, each word explained. Records over the code's own types: a new word does not compile until it is here. */
import type { GateName, RequestStatus } from '../../src/core/retrain.ts';
import { GATE_NAMES } from '../../src/core/retrain.ts';
import type { DropReason, Source } from '../../src/core/world.ts';
import type { FailureReason } from '../../src/outgoing/failure.ts';

export interface WordList {
  readonly title: string;
  readonly words: readonly (readonly [word: string, meaning: string])[];
}

const gates: Readonly<Record<GateName, string>> = {
  stale: 'no breaching signal has a fresh sample, or none breaches any more and all may recover',
  inhibited: 'a signal with `action: inhibit` drifts',
  group_wait: 'other signals of the version may begin to drift too',
  state_unknown: 'the store is new, and `initial_hold` has not passed',
  in_flight: 'another request of the model has not ended',
  cooldown:
    '`cooldown` has not passed since the last request of the model ended; one that was never delivered starts none',
  max_per_day:
    'the model has had so many requests in 24 hours; one that was withdrawn, or cancelled before its delivery, does not count',
  no_trigger: 'no trigger of the config is for this model',
};

type FinalStatus = Exclude<RequestStatus, 'requested' | 'running' | 'parked'>;

const outcomes: Readonly<Record<FinalStatus, string>> = {
  succeeded: 'reported, or a version was first seen after the delivery',
  failed: 'reported',
  timed_out: 'nothing was reported for `in_flight_timeout`',
  delivered: 'it ended with its delivery, because its trigger has `outcome: none`',
  withdrawn: 'its episode closed before a byte of it was sent',
  cancelled: 'a person gave it up',
  dry_run: '`mode: dry_run`: delivered to nobody',
};

const failures: Readonly<Record<FailureReason, string>> = {
  timeout: 'no whole answer in time',
  dns: 'the name could not be resolved',
  connect: 'no connection, a link-local address, or a secret file that cannot be read',
  tls: 'the handshake failed, or the certificate does not fit',
  reset: 'the connection broke',
  redirect: 'answered 3xx; redirects are not followed',
  http_4xx: 'answered 4xx',
  http_5xx: 'answered 5xx',
  too_large: 'the page is larger than `body_size_limit`, or the head of an answer than Node takes',
  parse: 'the page or the answer could not be read, or no URL comes out for this model',
  sample_limit: 'the page has more samples than `sample_limit`',
};

const sources: Readonly<Record<Source, string>> = {
  scrape: 'pages of targets',
  push: 'events that were posted',
};

const drops: Readonly<Record<DropReason, string>> = {
  late: 'older than the newest sample of its signal',
  duplicate: 'of the same time as the newest sample of its signal',
  future: 'more than 5 minutes ahead of our clock',
  non_finite: 'NaN or infinite',
  stale_marker: 'the mark of Prometheus for a series that has ended',
  duplicate_series:
    'a second series of a model version without `aggregate`, or one that stands twice on its page',
  unmatched: 'pushed, and no entry of the config is for it',
  no_model: 'no label names the model',
  bad_name: 'a name is empty, longer than 1024 bytes, or not valid Unicode',
  max_signals: 'a new signal beyond `limits.max_signals`',
  max_series: 'a new series beyond `limits.max_series`',
};

export const GATES: WordList = {
  title: 'reason of a held or suppressed episode',
  // In the order in which they are judged.
  words: GATE_NAMES.map((name) => [name, gates[name]]),
};
export const OUTCOMES: WordList = { title: 'outcome of a request', words: Object.entries(outcomes) };
export const FAILURE_REASONS: WordList = {
  title: 'reason of a failed exchange',
  words: Object.entries(failures),
};
export const SOURCES: WordList = { title: 'source of a dropped sample', words: Object.entries(sources) };
export const DROP_REASONS: WordList = { title: 'reason of a dropped sample', words: Object.entries(drops) };
