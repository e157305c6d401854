/** Counters as they were scraped, and what they counted: raw deltas, with resets, and nothing extrapolated. */
import type { Prometheus } from './prometheus.ts';

export interface RawSeries {
  readonly metric: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly times: readonly number[];
  readonly values: readonly number[];
}

/** The samples of all series of a selector from `start` to `end`, both of them included. */
export async function rawSamples(
  { url }: Prometheus,
  selector: string,
  { start, end }: { readonly start: number; readonly end: number },
): Promise<readonly RawSeries[]> {
  // A millisecond more, because Prometheus 3 leaves out the one end of a range.
  const query = encodeURIComponent(`${selector}[${end - start + 1}ms]`);
  const response = await fetch(`${url}/api/v1/query?query=${query}&time=${end / 1000}`);
  const { data } = (await response.json()) as {
    data: { result: { metric: Record<string, string>; values: [number, string][] }[] };
  };
  return data.result.map(({ metric, values }) => {
    const points = values.map(([seconds, value]) => ({
      time: Math.round(seconds * 1000),
      value: Number(value),
    }));
    const within = points.filter(({ time }) => time >= start);
    return { metric, times: within.map(({ time }) => time), values: within.map(({ value }) => value) };
  });
}

/** What the series counted from `from` on: a counter that falls began again at zero. */
export function increaseOf(series: readonly RawSeries[], from = -Infinity): number {
  let sum = 0;
  for (const { times, values } of series) {
    for (let index = 1; index < values.length; index++) {
      if (times[index - 1]! < from) continue;
      const [before, now] = [values[index - 1]!, values[index]!];
      sum += now < before ? now : now - before;
    }
  }
  return sum;
}

/** The same by the bounds of buckets, ascending. */
export function bucketsOf(
  series: readonly RawSeries[],
  from?: number,
): { bounds: number[]; cumulative: number[] } {
  const byBound = Map.groupBy(series, ({ metric }) => Number(metric['le']!.replace('+Inf', 'Infinity')));
  const bounds = [...byBound.keys()].sort((a, b) => a - b);
  return { bounds, cumulative: bounds.map((bound) => increaseOf(byBound.get(bound)!, from)) };
}

/** PromQL's `histogram_quantile`, for bounds above zero: linear within the bucket that holds the rank. */
export function quantileOf(
  quantile: number,
  { bounds, cumulative }: { bounds: number[]; cumulative: number[] },
): number {
  const rank = quantile * cumulative.at(-1)!;
  const bucket = cumulative.findIndex((count) => count >= rank);
  if (bounds[bucket] === Infinity) return bounds.at(-2)!;
  const [below, count] = bucket === 0 ? [0, 0] : [bounds[bucket - 1]!, cumulative[bucket - 1]!];
  return below + ((bounds[bucket]! - below) * (rank - count)) / (cumulative[bucket]! - count);
}
