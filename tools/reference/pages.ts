/** The pages that are made from code, and what makes them. */
import { configurationPage } from './configuration.ts';
import { metricsPage } from './metrics.ts';

export interface ReferencePage {
  readonly file: string;
  text(): string | Promise<string>;
}

export const REFERENCE_PAGES: readonly ReferencePage[] = [
  { file: 'docs/configuration.md', text: configurationPage },
  { file: 'docs/metrics.md', text: metricsPage },
];
