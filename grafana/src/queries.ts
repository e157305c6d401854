/**
 * What the panels ask. Nothing counts on one process: each query puts together what several sidecars say, and a sidecar
 * that comes back under another instance label goes on where it was.
 */

const SIGNAL = 'model, version, metric';

type SelectedLabel = 'job' | 'instance' | 'model' | 'version' | 'metric';

/** A selector that goes by the variables of these names. */
function series(name: string, labels: readonly SelectedLabel[], fixed = ''): string {
  const matchers = labels.map((label) => `${label}=~"$${label}"`);
  return `${name}{${[...matchers, ...(fixed === '' ? [] : [fixed])].join(', ')}}`;
}

/** One of the families with model, version and metric. */
export const ofSignals = (name: string, fixed?: string) =>
  series(name, ['job', 'model', 'version', 'metric'], fixed);
/** One of the families with model and version. */
export const ofVersions = (name: string, fixed?: string) => series(name, ['job', 'model', 'version'], fixed);
/** One of the families with a model only. */
export const ofModels = (name: string, fixed?: string) => series(name, ['job', 'model'], fixed);
/** One of the families with a metric, of all models. */
export const ofMetrics = (name: string) => series(name, ['job', 'metric']);
/** One of the families about the program itself. */
export const ofProcess = (name: string, fixed?: string) => series(name, ['job', 'instance'], fixed);
/** Of what every program may have, only that of ours. */
export const ours = (expression: string) =>
  `${expression} and on (job, instance) ${ofProcess('driftgauge_build_info')}`;
export const ofOurProcess = (name: string) => ours(ofProcess(name));

/** The same signal from several sidecars is one. */
export const perSignal = (expression: string) => `max by (${SIGNAL}) (${expression})`;
export const perVersion = (expression: string) => `max by (model, version) (${expression})`;
export const perModel = (expression: string) => `max by (model) (${expression})`;
/** An episode that several sidecars hold for the same reason is one. */
export const held = `max by (model, version, reason) (${ofVersions('driftgauge_retrain_held')})`;

const threshold = (bound: 'above' | 'below') => ofSignals('driftgauge_signal_threshold', `bound="${bound}"`);

/**
 * Of each signal, what the sidecar on the worse side says: the largest where the threshold is an upper bound, else the
 * least.
 */
export function worst(name: string): string {
  const side = (aggregation: 'max' | 'min', bound: 'above' | 'below') =>
    `${aggregation} by (${SIGNAL}) (${ofSignals(name)} and ignoring (bound) ${threshold(bound)})`;
  return `(${side('max', 'above')} or ${side('min', 'below')})`;
}

export const perInstance = (expression: string) => `max by (instance) (${expression})`;

/** Beside the process: each of many sidecars may scrape a `localhost:8000` of its own. */
export const TARGET = 'instance, scrape_job, target';
export const perTarget = (name: string) => `max by (${TARGET}) (${ofProcess(name)})`;

/** So many lines can be told apart. */
export const top = (expression: string) => `topk(10, ${expression})`;

/** A count that is 0, not nothing, where there is none. */
export const orZero = (expression: string) => `(${expression}) or vector(0)`;

/** Of each signal: 0 ok, 1 breach, 2 drifting and no breach now (recovering), 3 drifting. */
export const signalState = `2 * ${ofSignals('driftgauge_drift')} + ${ofSignals('driftgauge_breach')}`;

/** Those that breached or drifted at any time of the range, at most so many: the rest is fine, and may be hundreds. */
export function eventful(limit: number): string {
  const ever = (name: string) => `max_over_time(${ofSignals(name)}[$__range] @ end())`;
  const most = perVersion(`${ever('driftgauge_drift')} + ${ever('driftgauge_breach')}`);
  return `topk(${limit}, ${most} > 0)`;
}

/**
 * How far the average lies beyond the threshold, as a share of it; below zero it is on the good side. Each sidecar's
 * average is compared with its own threshold, then the worst is shown.
 */
export const beyondThreshold = (() => {
  const ema = ofSignals('driftgauge_signal_ema');
  const share = (difference: string, bound: 'above' | 'below') =>
    `(${difference}) / ignoring (bound) abs(${threshold(bound)} != 0)`;
  const above = share(`${ema} - ignoring (bound) ${threshold('above')}`, 'above');
  const below = share(`${threshold('below')} - ignoring (bound) ${ema}`, 'below');
  return perSignal(`${above} or ${below}`);
})();

/**
 * How often something has happened since the step before, in whole numbers, each time in one step only. `increase` over
 * `$__rate_interval` would look back over several steps. A failed scrape is bridged as the alerting rules do it. A
 * series that a process has not shown from its first page on began with its first event, so it has grown from 0.
 */
export function events(counter: string): string {
  const at = (name: string, offset = '') => `last_over_time(${name}[5m]${offset})`;
  const before = ' offset $__interval';
  const known = at(series('driftgauge_build_info', ['job']), before);
  const then = `(${at(counter, before)} or ${at(counter)} * 0 and on (job, instance) ${known})`;
  return `clamp_min(${at(counter)} - ${then}, 0)`;
}

export const perVersionEvents = (name: string) => `sum by (model, version) (${events(ofVersions(name))})`;

/**
 * How much a rare counter has grown over the range, by a label. Its series begin at 1, with the first event, which
 * `increase` does not see: what was not there at the start of the range counts once more.
 */
export function grownBy(label: string, counter: string): string {
  const grown = `sum by (${label}) (increase(${counter}[$__range]))`;
  const each = `model, version, ${label}`;
  const now = `sum by (${each}) (last_over_time(${counter}[$__range]))`;
  const then = `sum by (${each}) (${counter} offset $__range)`;
  return `round(${grown} + (count by (${label}) (${now} unless ${then}) or ${grown} * 0))`;
}

export const rateOf = (name: string) => `rate(${ofProcess(name)}[$__rate_interval])`;

/** Per second, put together over the processes. */
export const rateBy = (labels: string, counter: string) =>
  `sum by (${labels}) (rate(${counter}[$__rate_interval]))`;

/** The same, without what has never occurred: those series stand at 0 from the start. */
export const rateByOccurred = (labels: string, counter: string) =>
  `${rateBy(labels, counter)} and on (${labels}) sum by (${labels}) (${counter}) > 0`;
