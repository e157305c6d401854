/** How the dashboards look: colours that people with any colour vision can tell apart, and words in place of 0 and 1. */
import type {
  DynamicConfigValue,
  ThresholdsConfig,
  ValueMap,
} from '@grafana/grafana-foundation-sdk/dashboard';
import {
  MappingType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** Of the palette by Okabe and Ito. Red beside green is not in it. */
export const COLOUR = {
  good: '#56B4E9',
  attention: '#E69F00',
  bad: '#D55E00',
  recovering: '#CC79A7',
  quiet: '#999999',
} as const;

type Colour = (typeof COLOUR)[keyof typeof COLOUR];

/** Words for values, as `{0: ['ok', colour]}`. */
export function words(names: Readonly<Record<number, readonly [text: string, colour: Colour]>>): ValueMap {
  return {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      Object.entries(names).map(([value, [text, color]], index) => [value, { text, color, index }]),
    ),
  };
}

/** Of `2 * drift + breach`. */
export const STATE_WORDS = words({
  0: ['ok', COLOUR.good],
  1: ['breach', COLOUR.attention],
  2: ['recovering', COLOUR.recovering],
  3: ['drifting', COLOUR.bad],
});

/** One colour below the first bound, then one from each bound on. */
export function steps(
  base: Colour,
  ...bounds: readonly (readonly [value: number, colour: Colour])[]
): ThresholdsConfigBuilder {
  const config: ThresholdsConfig = {
    mode: ThresholdsMode.Absolute,
    steps: [{ value: null, color: base }, ...bounds.map(([value, color]) => ({ value, color }))],
  };
  return new ThresholdsConfigBuilder().mode(config.mode).steps(config.steps);
}

export const NEUTRAL = steps(COLOUR.good);

/** Anything above zero is to be looked at. */
export const BAD_ABOVE_ZERO = steps(COLOUR.good, [1, COLOUR.bad]);
export const ATTENTION_ABOVE_ZERO = steps(COLOUR.good, [1, COLOUR.attention]);

export function fixedColour(colour: Colour): DynamicConfigValue {
  return { id: 'color', value: { mode: 'fixed', fixedColor: colour } };
}
