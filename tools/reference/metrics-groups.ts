/** How docs/metrics.md groups the families, and what it says of each group. A test checks that every family is in one. */
import type { Family } from '../../src/metrics/table.ts';
import * as table from '../../src/metrics/table.ts';
import type { WordList } from './metrics-words.ts';
import { DROP_REASONS, FAILURE_REASONS, GATES, OUTCOMES, SOURCES } from './metrics-words.ts';

export interface Group {
  readonly title: string;
  readonly text: string;
  readonly families: readonly Family[];
  /** What the labels can be, where that is a closed set. */
  readonly words?: readonly WordList[];
}

export const GROUPS: readonly Group[] = [
  {
    title: 'Signals',
    text: 'A signal is one metric of one model version. Its series begin with its first sample and are gone once it is forgotten (`ttl`). `bound` is `below` or `above`.',
    families: [
      table.signalValue,
      table.signalEma,
      table.signalThreshold,
      table.signalSamples,
      table.signalLastSample,
      table.signalStale,
      table.metricSignals,
    ],
  },
  {
    title: 'Drift',
    text: 'A breach is one moment; a drift is a breach that has persisted for `for` and `min_samples` and has not recovered since.',
    families: [table.breach, table.drift, table.driftSince],
  },
  {
    title: 'Episodes and retrain requests',
    text: 'One episode makes one request at most. While it is open and has not asked, it is held by the first gate that waits; where it closes unasked, it counts as suppressed. These counters are stored: they go on after a restart.',
    families: [
      table.episodes,
      table.retrainRequests,
      table.retrainHeld,
      table.retrainSuppressed,
      table.retrainOutcomes,
      table.retrainInFlight,
      table.retrainInFlightSince,
      table.cooldownEnd,
    ],
    words: [GATES, OUTCOMES],
  },
  {
    title: 'Deliveries',
    text: '`trigger` is the name in the config. These counters begin at 0 with the process; what waits is stored.',
    families: [
      table.deliveryAttempts,
      table.deliveryFailures,
      table.deliveryDuration,
      table.outboxPending,
      table.outboxParked,
      table.outboxOldestAge,
    ],
    words: [FAILURE_REASONS],
  },
  {
    title: 'Sources',
    text: '`target` is `scheme://host:port/path`, `scrape_job` the name in the config; a target shows nothing before its first scrape. `reason` of a failed scrape is a word of the [same list](#reason-of-a-failed-exchange) as for deliveries.',
    families: [
      table.targetUp,
      table.scrapeDuration,
      table.scrapeSamples,
      table.scrapeFailures,
      table.samplesDropped,
    ],
    words: [SOURCES, DROP_REASONS],
  },
  {
    title: 'The program itself',
    text: '',
    families: [
      table.buildInfo,
      table.configReloadSuccessful,
      table.configReloadSuccessTime,
      table.storageUp,
      table.clockSteps,
    ],
  },
];
