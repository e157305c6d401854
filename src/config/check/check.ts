/** What no single key can show: checks across keys, run over whatever could be read. */
import type { References } from '../from/reference.ts';
import type { Finding } from '../problem.ts';
import type { ReadableConfig } from '../validate.ts';
import { checkMetrics } from './metrics.ts';
import { checkRetrain } from './retrain.ts';
import { checkScrapes } from './scrapes.ts';

export function checkAcross(config: ReadableConfig, references: References): readonly Finding[] {
  return [...checkScrapes(config), ...checkMetrics(config, references), ...checkRetrain(config)];
}
