import { describe, expect, it } from 'vitest';
import { parseSize, SIZE_PATTERN } from './size.ts';

const SIZES: Record<string, number> = {
  '0': 0,
  '0B': 0,
  '1B': 1,
  '512KB': 524_288,
  '1KiB': 1024,
  '10MB': 10_485_760,
  '10MiB': 10_485_760,
  '1.5MB': 1_572_864,
  '.5KB': 512,
  '1GB': 2 ** 30,
  '1TB': 2 ** 40,
  '1PB': 2 ** 50,
  '1MB512KB': 1_572_864,
  '0.3B': 0,
};

const NO_SIZES = [
  '',
  '10',
  '10M',
  '10 MB',
  '10mb',
  '10kB',
  '-1MB',
  '1e3B',
  'MB',
  '8EB',
  '10MBs',
  '1MB\n',
  '1..5MB',
];

describe('a size', () => {
  it.each(Object.entries(SIZES))('%j is read as Prometheus reads it', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
    expect(text).toMatch(new RegExp(SIZE_PATTERN));
  });

  it.each(NO_SIZES)('%j is none', (text) => {
    expect(parseSize(text)).toBeNull();
  });
});
