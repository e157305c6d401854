/** Pages of protobuf with one native histogram that grows, and now and then begins anew. */
import { pageOf, TYPE } from '../../src/sources/formats/protobuf.testing.ts';
import { CONTENT_TYPES } from './good-pages.ts';
import type { Snapshot } from './snapshots.ts';

const BUCKETS = 4;
const RESTARTS_EVERY = 12;

export function nativePages(): () => Promise<Snapshot> {
  let counts = Array<number>(BUCKETS).fill(0);
  let sum = 0;
  let number = 0;
  return async () => {
    if (++number % RESTARTS_EVERY === 0) {
      counts = counts.fill(0);
      sum = 0;
    }
    counts = counts.map((count, index) => count + 1 + ((number * (index + 2)) % 7));
    sum += 0.1 * (1 + (number % 5));
    const histogram = {
      sampleCount: BigInt(counts.reduce((total, count) => total + count, 0)),
      sampleSum: sum,
      schema: 0,
      zeroThreshold: 1e-9,
      positiveSpan: [{ offset: -1, length: BUCKETS }],
      positiveDelta: counts.map((count, index) => BigInt(count - (counts[index - 1] ?? 0))),
    };
    const metric = [{ timestampMs: BigInt(Date.now()), histogram }];
    const page = pageOf({ name: 'native_seconds', type: TYPE.histogram, metric });
    return { contentType: CONTENT_TYPES.protobuf, body: page };
  };
}
