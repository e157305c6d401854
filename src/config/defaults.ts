/** What holds where the config says nothing. Durations in milliseconds. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const DEFAULTS = {
  scrapeIntervalMs: 15 * SECOND,
  scrapeTimeoutMs: 10 * SECOND,
  metricsPath: '/metrics',
  modelLabel: 'model',
  versionLabel: 'version',
  sampleLimit: 50_000,
  bodySizeLimitBytes: 10 * 1024 * 1024,
  scale: 1,
  /** Each scrape. */
  windowMs: 0,
  minCount: 1,
  /** A distribution of fewer observations is mostly chance. */
  distanceMinCount: 500,
  /** A rate of zero is a value. */
  rateMinCount: 0,
  alpha: 0.25,
  warmUp: 0,
  forMs: 0,
  minSamples: 1,
  keepFiringForMs: 0,
  /** The least that a pulled signal may be without samples before it is stale. */
  staleAfterMs: 5 * MINUTE,
  /** And at least so many scrape intervals or windows. */
  staleIntervals: 3,
  ttlMs: DAY,
  groupWaitMs: 30 * SECOND,
  cooldownMs: 6 * HOUR,
  maxPerDay: 4,
  inFlightTimeoutMs: DAY,
  replacedAfterMs: HOUR,
  triggerName: 'log',
  webhookTimeoutMs: 15 * SECOND,
  retryInitialMs: 5 * SECOND,
  retryMaxMs: 15 * MINUTE,
  retryGiveUpAfterMs: 7 * DAY,
  maxSignals: 20_000,
  maxSeries: 200_000,
} as const;
