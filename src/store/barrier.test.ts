import { closeSync, openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Barrier } from './barrier.ts';

/** A descriptor that fdatasync accepts. */
function withFile<T>(use: (descriptor: number) => Promise<T>): Promise<T> {
  const descriptor = openSync(import.meta.filename, 'r');
  return use(descriptor).finally(() => closeSync(descriptor));
}

describe('the barrier', () => {
  it('is shared by all who call before the sync begins', () =>
    withFile(async (descriptor) => {
      let syncs = 0;
      const barrier = new Barrier(
        () => {
          syncs++;
          return descriptor;
        },
        () => undefined,
      );
      await Promise.all([barrier.passed(), barrier.passed(), barrier.passed()]);
      expect(syncs).toBe(1);
    }));

  it('who calls while a sync runs waits for the next one', () =>
    withFile(async (descriptor) => {
      let syncs = 0;
      let during: Promise<void> | undefined;
      const barrier: Barrier = new Barrier(
        () => {
          syncs++;
          if (syncs === 1) queueMicrotask(() => (during = barrier.passed()));
          return descriptor;
        },
        () => undefined,
      );
      await barrier.passed();
      await during;
      expect(syncs).toBe(2);
      await barrier.idle();
    }));

  it('that failed for another reason than a full disk never passes again', async () => {
    const fatal: Error[] = [];
    const barrier = new Barrier(
      () => 9999,
      (error) => fatal.push(error),
    );
    await expect(barrier.passed()).rejects.toThrow('EBADF');
    await expect(barrier.passed()).rejects.toThrow('EBADF');
    expect(fatal).toHaveLength(1);
  });
});
