/** A native histogram as a flat row of numbers, for storage among other float64s. */
import type { NativeBuckets, NativeHistogram } from './native.ts';

/** Schema, zero threshold, zero count, count, sum, and how many positive and negative buckets follow. */
const HEAD = 7;

/** The head, then indexes and counts of the positive buckets, then those of the negative ones. */
export function encodeNative({ positive, negative, ...histogram }: NativeHistogram): number[] {
  const row = [
    histogram.schema,
    histogram.zeroThreshold,
    histogram.zeroCount,
    histogram.count,
    histogram.sum,
    positive.indexes.length,
    negative.indexes.length,
  ];
  for (const { indexes, counts } of [positive, negative]) {
    append(row, indexes);
    append(row, counts);
  }
  return row;
}

function append(row: number[], numbers: ArrayLike<number>): void {
  for (let index = 0; index < numbers.length; index++) row.push(numbers[index]!);
}

/**
 * What `encodeNative` wrote at `start`, and where the next row begins. Throws a RangeError where the numbers are no such
 * row, or end too early.
 */
export function decodeNative(
  numbers: ArrayLike<number>,
  start: number,
): { histogram: NativeHistogram; end: number } {
  const positives = sizeAt(numbers, start + HEAD - 2);
  const negatives = sizeAt(numbers, start + HEAD - 1);
  const middle = start + HEAD + 2 * positives;
  const end = middle + 2 * negatives;
  if (end > numbers.length)
    throw new RangeError(
      `native histogram at ${start}: expected it to end by ${numbers.length}, found ${end}`,
    );
  return {
    histogram: {
      schema: numbers[start]!,
      zeroThreshold: numbers[start + 1]!,
      zeroCount: numbers[start + 2]!,
      count: numbers[start + 3]!,
      sum: numbers[start + 4]!,
      positive: bucketsAt(numbers, start + HEAD, positives),
      negative: bucketsAt(numbers, middle, negatives),
    },
    end,
  };
}

function sizeAt(numbers: ArrayLike<number>, at: number): number {
  const size = numbers[at];
  if (size === undefined || !Number.isSafeInteger(size) || size < 0)
    throw new RangeError(`native histogram, number ${at}: expected how many buckets follow, found ${size}`);
  return size;
}

function bucketsAt(numbers: ArrayLike<number>, at: number, size: number): NativeBuckets {
  return { indexes: copyOf(numbers, at, size), counts: copyOf(numbers, at + size, size) };
}

/** For so few numbers an array is made sooner than a view. */
function copyOf(numbers: ArrayLike<number>, at: number, size: number): number[] {
  const copy: number[] = [];
  for (let offset = 0; offset < size; offset++) copy.push(numbers[at + offset]!);
  return copy;
}
