/** Every metric family that we expose: name, type, help and labels. Docs, dashboards and tests go by this table. */

export type FamilyType = 'gauge' | 'counter' | 'histogram';

export interface Family {
  /** As samples carry it: counters end in `_total`. */
  readonly name: string;
  readonly type: FamilyType;
  readonly help: string;
  readonly labels: readonly string[];
}

const SIGNAL = ['model', 'version', 'metric'];
const VERSION = ['model', 'version'];
const TARGET = ['scrape_job', 'target'];

const gauge = (name: string, labels: readonly string[], help: string): Family => ({
  name,
  type: 'gauge',
  help,
  labels,
});
const counter = (name: string, labels: readonly string[], help: string): Family => ({
  name,
  type: 'counter',
  help,
  labels,
});

export const signalValue = gauge('driftgauge_signal_value', SIGNAL, 'Newest sample of a signal, as it came.');
export const signalEma = gauge(
  'driftgauge_signal_ema',
  SIGNAL,
  'Exponential moving average of a signal; its smoothing is set in the config entry of the metric.',
);
export const signalThreshold = gauge(
  'driftgauge_signal_threshold',
  [...SIGNAL, 'bound'],
  'Threshold that the moving average of a signal is judged by; a breach lies strictly beyond it.',
);
export const signalSamples = counter(
  'driftgauge_signal_samples_total',
  SIGNAL,
  'Samples that entered a signal.',
);
export const signalLastSample = gauge(
  'driftgauge_signal_last_sample_timestamp_seconds',
  SIGNAL,
  'Time of the newest sample of a signal, by the clock of its sender where it gave one.',
);
export const signalStale = gauge(
  'driftgauge_signal_stale',
  SIGNAL,
  'Whether a signal had no sample for its stale_after: its drift state then stands still.',
);
export const metricSignals = gauge(
  'driftgauge_metric_signals',
  ['metric'],
  'Signals that a configured metric has; 0 where its selector or its pushes have matched nothing.',
);
export const breach = gauge(
  'driftgauge_breach',
  SIGNAL,
  'Whether the moving average is beyond the threshold now.',
);
export const drift = gauge(
  'driftgauge_drift',
  SIGNAL,
  'Whether a breach has persisted and has not recovered: the drift flag.',
);
export const driftSince = gauge(
  'driftgauge_drift_since_timestamp_seconds',
  SIGNAL,
  'When drifting began; only while a signal drifts.',
);

export const episodes = counter('driftgauge_episodes_total', VERSION, 'Drift episodes that were opened.');
export const retrainRequests = counter(
  'driftgauge_retrain_requests_total',
  VERSION,
  'Retrain requests that were made.',
);
export const retrainHeld = gauge(
  'driftgauge_retrain_held',
  [...VERSION, 'reason'],
  'An open episode has not asked for a retrain, because of this gate; only while held.',
);
export const retrainSuppressed = counter(
  'driftgauge_retrain_suppressed_total',
  [...VERSION, 'reason'],
  'Episodes that closed without asking, by the gate that held them last.',
);
export const retrainOutcomes = counter(
  'driftgauge_retrain_outcomes_total',
  [...VERSION, 'outcome'],
  'Retrain requests that have ended, by final status.',
);
export const retrainInFlight = gauge(
  'driftgauge_retrain_in_flight',
  ['model'],
  'Whether a retrain request of a model has not ended.',
);
export const retrainInFlightSince = gauge(
  'driftgauge_retrain_in_flight_since_timestamp_seconds',
  ['model'],
  'When the retrain request in flight was made; only while one is.',
);
export const cooldownEnd = gauge(
  'driftgauge_cooldown_end_timestamp_seconds',
  ['model'],
  'When the cooldown after the last retrain request ends or ended; only once one has ended that was delivered or a dry run.',
);

export const deliveryAttempts = counter(
  'driftgauge_delivery_attempts_total',
  ['trigger'],
  'Attempts to deliver a retrain request.',
);
export const deliveryFailures = counter(
  'driftgauge_delivery_failures_total',
  ['trigger', 'reason'],
  'Attempts to deliver a retrain request that failed.',
);
export const deliveryDuration: Family = {
  name: 'driftgauge_delivery_duration_seconds',
  type: 'histogram',
  help: 'How long attempts to deliver a retrain request took.',
  labels: ['trigger'],
};
export const outboxPending = gauge(
  'driftgauge_outbox_pending',
  ['trigger'],
  'Retrain requests that wait for delivery.',
);
export const outboxParked = gauge(
  'driftgauge_outbox_parked',
  ['trigger'],
  'Retrain requests whose delivery was given up; they can be sent again.',
);
export const outboxOldestAge = gauge(
  'driftgauge_outbox_oldest_age_seconds',
  ['trigger'],
  'Age of the oldest retrain request that waits for delivery; 0 where none does.',
);

export const targetUp = gauge(
  'driftgauge_target_up',
  TARGET,
  'Whether the last scrape of a target succeeded.',
);
export const scrapeDuration = gauge(
  'driftgauge_scrape_duration_seconds',
  TARGET,
  'How long the last scrape of a target took.',
);
export const scrapeSamples = gauge(
  'driftgauge_scrape_samples',
  TARGET,
  'Samples that the last scrape of a target found.',
);
export const scrapeFailures = counter(
  'driftgauge_scrape_failures_total',
  [...TARGET, 'reason'],
  'Scrapes of a target that failed.',
);
export const samplesDropped = counter(
  'driftgauge_samples_dropped_total',
  ['source', 'reason'],
  'Samples that entered no signal.',
);

export const clockSteps = counter(
  'driftgauge_clock_steps_total',
  [],
  'Times that the wall clock jumped against the monotonic clock.',
);
export const configReloadSuccessful = gauge(
  'driftgauge_config_last_reload_successful',
  [],
  'Whether the last attempt to load the config succeeded.',
);
export const configReloadSuccessTime = gauge(
  'driftgauge_config_last_reload_success_timestamp_seconds',
  [],
  'When the config was last loaded with success.',
);
export const storageUp = gauge(
  'driftgauge_storage_up',
  [],
  'Whether the last write to the storage succeeded.',
);
export const buildInfo = gauge(
  'driftgauge_build_info',
  ['version', 'revision'],
  'Always 1; the labels name the running build.',
);

/** In the order of the page. */
export const FAMILIES: readonly Family[] = [
  buildInfo,
  signalValue,
  signalEma,
  signalThreshold,
  signalSamples,
  signalLastSample,
  signalStale,
  breach,
  drift,
  driftSince,
  metricSignals,
  episodes,
  retrainRequests,
  retrainHeld,
  retrainSuppressed,
  retrainOutcomes,
  retrainInFlight,
  retrainInFlightSince,
  cooldownEnd,
  deliveryAttempts,
  deliveryFailures,
  deliveryDuration,
  outboxPending,
  outboxParked,
  outboxOldestAge,
  targetUp,
  scrapeDuration,
  scrapeSamples,
  scrapeFailures,
  samplesDropped,
  clockSteps,
  configReloadSuccessful,
  configReloadSuccessTime,
  storageUp,
];
