/**
 * What the samples of a page must be to each other: those of a metric together, its points in the order of time, and a
 * histogram whole. Each sample costs a few comparisons; nothing is made for it.
 */
import type { Line } from './openmetrics-line.ts';
import { EXEMPLAR, SECONDS } from './openmetrics-line.ts';
import type { Mark, Place } from './openmetrics-memory.ts';
import { BUCKET, COUNT, GAUGE_SUM, INFO, isValueOf, SUM, TOTAL, VALUE_OF } from './openmetrics-types.ts';
import type { Scan } from './scan.ts';
import { refuse } from './scan.ts';

/** The point of a metric that the last samples belong to. */
export interface Point {
  /** Null between families. */
  metric: Mark | null;
  hasBuckets: boolean;
  /** NaN where it has no timestamp. */
  seconds: number;
  /** One bit for each role that it has. */
  roles: number;
  /** The last bucket. */
  bound: number;
  cumulative: number;
  negativeBounds: boolean;
  negativeSum: boolean;
  count: number;
  countAt: number;
}

const COUNT_BIT = 1 << COUNT;
const SUM_BITS = (1 << SUM) | (1 << GAUGE_SUM);

export function createPoint(): Point {
  return {
    metric: null,
    hasBuckets: false,
    seconds: NaN,
    roles: 0,
    bound: NaN,
    cumulative: NaN,
    negativeBounds: false,
    negativeSum: false,
    count: NaN,
    countAt: 0,
  };
}

/** Takes the sample of `line` with the value in `values[row]` into `point`. Answers whether it fits; else `scan` has the fault. */
export function takeSample(
  scan: Scan,
  { point, page }: { readonly point: Point; readonly page: number },
  place: Place,
  line: Line,
  values: Float64Array,
  row: number,
): boolean {
  const { role, metric } = place;
  const seconds = line.numbers[SECONDS]!;
  if (metric !== point.metric) {
    if (!closePoint(scan, point, line.at)) return false;
    if (metric.page === page) return fault(scan, line.at, 'expected the samples of a metric together');
    metric.page = page;
    beginPoint(point, place, seconds);
  } else if (seconds !== point.seconds) {
    const timed = !Number.isNaN(seconds);
    if (timed === Number.isNaN(point.seconds)) {
      return fault(scan, line.at, 'expected either all samples of a metric to have a timestamp, or none');
    }
    if (timed) {
      // Which samples of an info are of one metric cannot be told.
      if (seconds < point.seconds && role !== INFO) {
        return fault(scan, line.at, 'expected the timestamps of a metric in ascending order');
      }
      if (!closePoint(scan, point, line.at)) return false;
      beginPoint(point, place, seconds);
    }
  }

  const value = values[row]!;
  if (!isValueOf(role, value)) return fault(scan, line.valueAt, `expected ${VALUE_OF[role]}`);
  if (role === BUCKET) {
    if (!takeBucket(scan, point, place, line, value)) return false;
  } else if (Number.isNaN(seconds) && !isFirst(point, place, page)) {
    return fault(scan, line.at, 'expected each sample once');
  }
  point.roles |= 1 << role;
  if (role === COUNT) {
    point.count = value;
    point.countAt = line.valueAt;
  } else if (role === GAUGE_SUM) {
    point.negativeSum = value < 0;
  }
  return line.exemplarAt < 0 || takeExemplar(scan, place, line);
}

/** The point is over: checks that a histogram is whole. `at` is where the next thing stands. */
export function closePoint(scan: Scan, point: Point, at: number): boolean {
  if (point.metric === null) return true;
  point.metric = null;
  if (!point.hasBuckets) return true;
  const { roles } = point;
  if (point.bound !== Infinity) return fault(scan, at, 'expected a bucket with le="+Inf"');
  const hasCount = (roles & COUNT_BIT) !== 0;
  if (hasCount !== ((roles & SUM_BITS) !== 0)) {
    return fault(
      scan,
      at,
      `expected a ${hasCount ? 'sum' : 'count'} beside the ${hasCount ? 'count' : 'sum'}`,
    );
  }
  if (hasCount && point.count !== point.cumulative) {
    return fault(scan, point.countAt, `expected the count of the +Inf bucket, ${point.cumulative}`);
  }
  if (point.negativeBounds && (roles & (1 << SUM)) !== 0) {
    return fault(scan, at, 'expected no sum beside buckets with a negative le');
  }
  return (
    point.negativeBounds ||
    !point.negativeSum ||
    fault(scan, at, 'expected no negative sum without a bucket with a negative le')
  );
}

function beginPoint(point: Point, { family, metric }: Place, seconds: number): void {
  point.metric = metric;
  point.seconds = seconds;
  point.roles = 0;
  point.hasBuckets = family.type.reserved === 'le';
  if (!point.hasBuckets) return;
  point.bound = NaN;
  point.cumulative = 0;
  point.negativeBounds = false;
  point.negativeSum = false;
}

function takeBucket(scan: Scan, point: Point, { bound }: Place, line: Line, value: number): boolean {
  // Before the first bucket the bound is NaN.
  if (bound <= point.bound) return fault(scan, line.at, 'expected the buckets in ascending order of le');
  if (value < point.cumulative) {
    return fault(scan, line.valueAt, `expected at least the count of the bucket before, ${point.cumulative}`);
  }
  if (bound < 0) point.negativeBounds = true;
  point.bound = bound;
  point.cumulative = value;
  return true;
}

function isFirst(point: Point, { role, sample }: Place, page: number): boolean {
  if (sample === null) return (point.roles & (1 << role)) === 0;
  if (sample.page === page) return false;
  sample.page = page;
  return true;
}

function takeExemplar(scan: Scan, { role, bound }: Place, line: Line): boolean {
  if (role === TOTAL) return true;
  if (role !== BUCKET) return fault(scan, line.exemplarAt, 'expected no exemplar but on totals and buckets');
  return (
    line.numbers[EXEMPLAR]! <= bound ||
    fault(
      scan,
      line.exemplarAt,
      `expected an exemplar that lies in its bucket, up to ${bound === Infinity ? '+Inf' : bound}`,
    )
  );
}

function fault(scan: Scan, at: number, expected: string): false {
  refuse(scan, at, expected);
  return false;
}
