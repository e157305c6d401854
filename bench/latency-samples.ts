/** One row of the latency figures. */
import type { Row } from './figure.ts';
import { median, quantile } from './stats.ts';

export function latencyRow(what: string, samplesMs: readonly number[]): Row {
  return {
    what,
    cells: {
      'p50 ms': median(samplesMs),
      'p99 ms': quantile(samplesMs, 0.99),
      'min ms': Math.min(...samplesMs),
      'max ms': Math.max(...samplesMs),
      trials: samplesMs.length,
    },
  };
}
