/** The types of metric families in OpenMetrics 1.0 and the samples that each has, told apart by the suffix of their names. */

/** What a sample is to its metric. */
export const VALUE = 0;
export const TOTAL = 1;
export const CREATED = 2;
export const BUCKET = 3;
export const SUM = 4;
export const COUNT = 5;
export const GAUGE_SUM = 6;
export const INFO = 7;
export const QUANTILE = 8;
export const STATE = 9;

export interface FamilyType {
  /** What the samples with each suffix are. */
  readonly roles: ReadonlyMap<string, number>;
  /** The label that a metric of this type may not have, since it tells its own samples apart. */
  readonly reserved: 'le' | 'quantile' | null;
  readonly hasUnit: boolean;
}

export const UNKNOWN: FamilyType = { roles: new Map([['', VALUE]]), reserved: null, hasUnit: true };

/** Section "MetricFamily", Suffixes, and "Metric types". */
export const FAMILY_TYPES: ReadonlyMap<string, FamilyType> = new Map(
  Object.entries({
    unknown: UNKNOWN,
    gauge: { ...UNKNOWN },
    counter: {
      roles: new Map([
        ['_total', TOTAL],
        ['_created', CREATED],
      ]),
      reserved: null,
      hasUnit: true,
    },
    stateset: { roles: new Map([['', STATE]]), reserved: null, hasUnit: false },
    info: { roles: new Map([['_info', INFO]]), reserved: null, hasUnit: false },
    histogram: {
      roles: new Map([
        ['_bucket', BUCKET],
        ['_sum', SUM],
        ['_count', COUNT],
        ['_created', CREATED],
      ]),
      reserved: 'le',
      hasUnit: true,
    },
    gaugehistogram: {
      roles: new Map([
        ['_bucket', BUCKET],
        ['_gsum', GAUGE_SUM],
        ['_gcount', COUNT],
      ]),
      reserved: 'le',
      hasUnit: true,
    },
    summary: {
      roles: new Map([
        ['', QUANTILE],
        ['_sum', SUM],
        ['_count', COUNT],
        ['_created', CREATED],
      ]),
      reserved: 'quantile',
      hasUnit: true,
    },
  } satisfies Record<string, FamilyType>),
);

/** Whether a sample of this role may have this value; `VALUE_OF` says it in words. */
export function isValueOf(role: number, value: number): boolean {
  switch (role) {
    case TOTAL:
    case SUM:
      return value >= 0;
    case CREATED:
      return Number.isFinite(value);
    case BUCKET:
    case COUNT:
      return value >= 0 && Number.isInteger(value);
    case GAUGE_SUM:
      return !Number.isNaN(value);
    case INFO:
      return value === 1;
    case QUANTILE:
      return !(value < 0);
    case STATE:
      return value === 0 || value === 1;
    default:
      return true;
  }
}

export const VALUE_OF: readonly string[] = [
  'a number',
  'a total that is not negative',
  'a time in seconds',
  'a whole number that is not negative',
  'a sum that is not negative',
  'a whole number that is not negative',
  'a sum that is a number',
  'the value 1',
  'a quantile that is not negative',
  'the value 0 or 1',
];
