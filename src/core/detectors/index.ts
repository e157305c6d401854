/** All detectors by kind. A new one is one file, one line here and its settings in the union. */
import type { Detector } from './detector.ts';
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
