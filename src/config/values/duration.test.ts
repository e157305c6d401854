import { describe, expect, it } from 'vitest';
import { DURATION_PATTERN, durationFault, parseDuration } from './duration.ts';

const DURATIONS: Record<string, number> = {
  '0': 0,
  '0s': 0,
  '1ms': 1,
  '500ms': 500,
  '15s': 15_000,
  '5m': 300_000,
  '90m': 5_400_000,
  '1h30m': 5_400_000,
  '6h': 21_600_000,
  '1d': 86_400_000,
  '7d': 604_800_000,
  '2w': 1_209_600_000,
  '1y': 31_536_000_000,
  '1y2w3d4h5m6s7ms': 31_536_000_000 + 1_209_600_000 + 259_200_000 + 14_400_000 + 300_000 + 6000 + 7,
  '292y': 292 * 31_536_000_000,
};

const FAULTS: Record<string, string> = {
  '': '',
  '30': 'its unit is missing',
  '1.5': 'its unit is missing',
  '1.5h': 'it is written without fractions, as in 1m30s',
  '-5m': 'it cannot be negative',
  '5 m': '',
  ' 5m': '',
  '5m ': '',
  '5min': '',
  '5M': '',
  '1m1h': '',
  '1h1h': '',
  m: '',
  '5m\n': '',
  '1e3s': '',
  '0x5s': '',
  '293y': 'it is longer than 292 years',
  '99999999999999999999s': 'it is longer than 292 years',
};

describe('a duration', () => {
  it.each(Object.entries(DURATIONS))('%j is read as Prometheus reads it', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
    expect(text).toMatch(new RegExp(DURATION_PATTERN));
  });

  it.each(Object.entries(FAULTS))('%j is none', (text, fault) => {
    expect(parseDuration(text)).toBeNull();
    expect(durationFault(text)).toBe(fault);
  });
});
