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
  const worst = perVersion(`${ever('driftgauge_drift')} + ${ever('driftgauge_breach')}`);
  return `topk(${limit}, ${worst} > 0)`;
}

/** How far the average lies beyond the threshold, as a share of it; below zero it is on the good side. */
export const beyondThreshold = (() => {
  const side = (bound: 'above' | 'below') => {
    const ema = perSignal(ofSignals('driftgauge_signal_ema'));
    const threshold = perSignal(ofSignals('driftgauge_signal_threshold', `bound="${bound}"`));
    const difference = bound === 'above' ? `${ema} - ${threshold}` : `${threshold} - ${ema}`;
    return `(${difference}) / abs(${threshold} != 0)`;
  };
  return `${side('above')} or ${side('below')}`;
})();

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
