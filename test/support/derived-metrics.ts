/** The `metrics` of a config that derives in every way there is, of the series that a good page has and of any other. */
const LATENCY = 'model_latency_seconds';

/** Beside the config file. */
export const REFERENCE = {
  file: 'reference.json',
  buckets: { '0.1': 40, '0.5': 70, '1': 90, '+Inf': 100 },
} as const;

const flag = (name: string, from: object) => ({ name, from, drift: { above: 1e9 } });

export const METRICS: readonly object[] = [
  flag('accuracy', { gauge: 'model_accuracy' }),
  ...['avg', 'min', 'max', 'sum'].map((aggregate) => flag(aggregate, { gauge: 'model_accuracy', aggregate })),
  // So that names that nobody foresaw find their way to a signal.
  flag('any', { gauge: '{__name__=~".+"}', aggregate: 'sum' }),
  flag('rate_of_any', { rate: '{__name__=~".*(_total|_count|__proto__|constructor)"}', window: '20s' }),
  flag('rate', { rate: 'model_requests_total' }),
  flag('ratio', { ratio: { numerator: 'model_errors_total', denominator: 'model_requests_total' } }),
  flag('mean', { mean: LATENCY }),
  flag('quantile', { histogram_quantile: { quantile: 0.9, of: LATENCY }, window: '15s' }),
  flag('psi', { histogram: LATENCY, distance: 'psi', reference: { first: '10s' }, min_count: 10 }),
  flag('js', { histogram: LATENCY, distance: 'js', reference: { trailing: '1m' }, min_count: 10 }),
  flag('ks', { histogram: LATENCY, distance: 'ks', reference: { file: REFERENCE.file }, min_count: 10 }),
  { name: 'pushed', drift: { below: 0.5 } },
];
