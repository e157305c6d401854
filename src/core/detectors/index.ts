/** All detectors by kind. A new one is one file, one line here and its settings in the union. */
import { RECORD_SLOTS } from '../signal.ts';
import type { Detector, DetectorView } from './detector.ts';
import type { ThresholdSettings } from './threshold.ts';
import { threshold } from './threshold.ts';

export type DetectorSettings = ThresholdSettings;

const DETECTORS: {
  readonly [Kind in DetectorSettings['kind']]: Detector<Extract<DetectorSettings, { kind: Kind }>>;
} = {
  threshold,
};

export function detectorOf(settings: DetectorSettings): Detector<DetectorSettings> {
  return DETECTORS[settings.kind];
}

/** What a signal is judged by now. */
export function viewOf(settings: DetectorSettings, record: Float64Array): DetectorView {
  return detectorOf(settings).view(settings, memoryOf(record));
}

/** The slots that belong to the detector. */
export function memoryOf(record: Float64Array): Float64Array {
  return record.length === RECORD_SLOTS ? NO_MEMORY : record.subarray(RECORD_SLOTS);
}

const NO_MEMORY = new Float64Array(0);
