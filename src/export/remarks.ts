/** The comments of a rule file: at each rule, what it is and what PromQL cannot say of it. No name is written unquoted. */
import type { ScrapeConfig } from '../config/config.ts';
import { exactName } from '../config/from/series.ts';
import { quote } from '../config/problem.ts';
import { matchesAnyGlob } from '../core/glob.ts';
import type { JudgeConfig, RetrainPolicy, Rule } from '../core/rule.ts';
import type { Entry } from './entry.ts';
import { namingsOf } from './identity.ts';
import { isPerScrape, rangeMs } from './pace.ts';
import { promDuration } from './promql.ts';

const SOME = 5;

export function groupRemarks({ rule, models, pace }: Entry): readonly string[] {
  const remarks = [titleOf(rule)];
  if (models.left.length > 0)
    remarks.push(
      'Models that an earlier entry of this name has are left out, as the first that fits judges.',
    );
  const { slowest, jobs, scrapeMs, sampleMs } = pace;
  const job = `job ${quote(slowest.jobName)}`;
  if (sampleMs > scrapeMs)
    remarks.push(`interval: its window, in whole scrapes of ${job}, as each window gives one sample.`);
  else if (jobs.length === 1) remarks.push(`interval: that of ${job}.`);
  else
    remarks.push(
      `interval: that of ${job}, the longest of the jobs that may have its series, so that no sample counts twice. If only a faster one has them, write that one's, and name it in the selector of \`from\` as job="...".`,
    );
  remarks.push(...cronRemarks(jobs));
  return remarks;
}

function cronRemarks(jobs: readonly ScrapeConfig[]): readonly string[] {
  const crons = jobs.filter(({ schedule }) => schedule.kind === 'cron');
  if (crons.length === 0) return [];
  return [
    `Prometheus has no cron schedule: of ${listed(crons.map(({ jobName }) => jobName))} the shortest time between two runs was taken.`,
  ];
}

export function titleOf({ entry, metric, models, action }: Rule): string {
  const whose = models.length === 0 ? '' : ` of models ${listed(models)}`;
  return `metrics[${entry}] ${quote(metric)}${whose}, action: ${action}`;
}

const NEWEST =
  'Each evaluation takes the newest scrape: out of step with the scrapes, it may see one twice or skip one.';

export function inputRemarks({ settings, input, pace }: Entry): readonly string[] {
  if (settings.kind === 'gauge') {
    const shared =
      'Of several series of a model version, Driftgauge takes the first and counts the others as duplicate_series; here they are averaged.';
    const several = 'Driftgauge waits until each target was heard; here those count that are there.';
    return [settings.aggregate === null ? shared : several, NEWEST];
  }
  const { minCount } = settings;
  const range = promDuration(rangeMs(pace));
  const hasNative = settings.kind === 'mean' || settings.kind === 'histogram_quantile';
  const remarks: string[] = [];
  if (isPerScrape(pace)) {
    remarks.push(
      `Driftgauge adds up raw increases from scrape to scrape; irate() has that between the newest two in ${range}. ${NEWEST} Where one failed, the one before counts again.`,
    );
    if (hasNative)
      remarks.push(
        `Prometheus 2.42 has no irate() for native histograms: rate() over ${range} has what two scrapes or three have added.`,
      );
  } else
    remarks.push(
      `Driftgauge adds up raw increases over windows that follow each other; rate() over ${range}, a scrape more than that, extrapolates to its range.`,
    );
  remarks.push(
    'The first value of a new series, and what was counted while a target was down, may count there and does not here.',
  );
  if (input.from.takes.some(({ selector }) => exactName(selector) === null))
    remarks.push(
      'Where two of the metrics that the selector names have the same labels, this rule fails: a rate has no name that would tell them apart.',
    );
  if (minCount > 1)
    remarks.push(
      `min_count: ${minCount}. Below it a window of Driftgauge grows; here it gives no sample, and the counts are lost.`,
    );
  if (settings.kind === 'ratio') remarks.push('A numerator that is absent beside its denominator is 0.');
  if (hasNative) remarks.push('The first form is for native histograms, the second for classic ones.');
  if (settings.kind === 'histogram_quantile')
    remarks.push(
      'Within a bucket of a native histogram, Driftgauge and Prometheus 3 interpolate exponentially, Prometheus 2 linearly.',
    );
  if (
    settings.kind === 'histogram_quantile' &&
    input.from.takes.some(({ selector }) => namingsOf(selector, pace.jobs).length > 1)
  )
    remarks.push(
      'Native histograms of jobs that name models by different labels are not put together: of one model version, one of them counts.',
    );
  return remarks;
}

export function averageRemarks({ rule, memoryMs, names, pace }: Entry): readonly string[] {
  const memory = promDuration(memoryMs);
  const remarks = [
    'ema = alpha * x + (1 - alpha) * ema; the first value starts it. It reads what this rule recorded last, so it must stand behind the rule above, in the same group.',
    `After ${memory} without a sample it starts anew with the next; in Driftgauge it lasts for the ttl, ${promDuration(rule.ttlMs)}. With ${names.ema} alone instead of last_over_time(...), one failed scrape would do: its series ends there with a stale marker.`,
  ];
  if (rule.smoothing.kind === 'half_life')
    remarks.push(
      `half_life: ${promDuration(rule.smoothing.halfLifeMs)}, as alpha = 1 - 2^(-interval / half_life). Driftgauge takes the time between two samples; here they are ${promDuration(pace.sampleMs)} apart.`,
    );
  return remarks;
}

export function samplesRemarks(): readonly string[] {
  return ['How many samples there were, for warm_up. It starts anew where the average does.'];
}

export function alertRemarks({ rule, pace, memoryMs }: Entry, judge: JudgeConfig): readonly string[] {
  const { detector, minSamples, action } = rule;
  const remarks: string[] = [];
  if (minSamples > 1)
    remarks.push(
      `min_samples: ${minSamples}, said as time: \`for\` is at least ${minSamples - 1} ${minSamples === 2 ? 'interval' : 'intervals'} of ${promDuration(pace.sampleMs)}, whether samples came or not.`,
    );
  if (detector.clear !== detector.threshold)
    remarks.push(
      `clear: ${detector.clear}. Once it fires, it goes on until then; ALERTS says whether it does. Where Prometheus was down for long, it has forgotten.`,
    );
  remarks.push(
    `Without samples Driftgauge keeps the state and shows it as stale. Here the last average is judged for ${promDuration(memoryMs)}, \`for\` goes on meanwhile, and then the alert ends.`,
  );
  remarks.push(...actionRemarks(action, rule, judge));
  return remarks;
}

function actionRemarks(action: Rule['action'], rule: Rule, judge: JudgeConfig): readonly string[] {
  switch (action) {
    case 'flag':
      return [];
    case 'inhibit':
      return [
        'action: inhibit. A rule holds nothing back; in Alertmanager that is inhibit_rules with source_matchers [action="inhibit"], target_matchers [action="retrain"], equal [model, version].',
      ];
    case 'retrain':
      return [
        `action: retrain. An alert says that it fires, again and again, and knows nothing of trainings. It cannot say: one request per episode under one id, ${gatesOf(policyFor(rule, judge))}. See docs/migration.md.`,
      ];
  }
}

function gatesOf({ mode, groupWaitMs, cooldownMs, maxPerDay, inFlightTimeoutMs }: RetrainPolicy): string {
  return [
    'one in flight per model',
    `cooldown ${promDuration(cooldownMs)} from the end of the last one`,
    `max_per_day ${maxPerDay}`,
    `in_flight_timeout ${promDuration(inFlightTimeoutMs)}`,
    `group_wait ${promDuration(groupWaitMs)} (Alertmanager has that)`,
    'the other gates',
    ...(mode === 'dry_run' ? ['mode dry_run'] : []),
  ].join(', ');
}

/** Of models that no glob tells apart from others: the general one. */
function policyFor({ models }: Rule, { policies, policy }: JudgeConfig): RetrainPolicy {
  const [only] = models;
  if (models.length !== 1 || /[*?]/.test(only!)) return policy;
  return policies.find((one) => matchesAnyGlob(one.models, only!))?.policy ?? policy;
}

export function listed(names: readonly string[]): string {
  const shown = names.slice(0, SOME).map(quote);
  const rest = names.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}
