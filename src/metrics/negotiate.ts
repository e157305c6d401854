/** Chooses the exposition format by an `Accept` header. Whoever asks for something else gets text: it never refuses. */
import type { ExpositionFormat } from './exposition.ts';

export const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/**
 * OpenMetrics only where it is named, in a version that we write, and preferred to text; equal weights go to text only
 * where text is named too (RFC 9110, 12.5.1).
 */
export function negotiate(accept: string | undefined): ExpositionFormat {
  let openMetrics = 0;
  let namedText = 0;
  let anything = 0;
  for (const range of (accept ?? '').split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const weight = weightOf(parameters);
    if (type === 'application/openmetrics-text' && versionFits(parameters))
      openMetrics = Math.max(openMetrics, weight);
    else if (type === 'text/plain') namedText = Math.max(namedText, weight);
    else if (type === 'text/*' || type === '*/*') anything = Math.max(anything, weight);
  }
  if (openMetrics === 0) return 'text';
  return openMetrics > namedText && openMetrics >= anything ? 'openmetrics' : 'text';
}

function weightOf(parameters: readonly string[]): number {
  const q = parameters.find((parameter) => parameter.startsWith('q='));
  if (q === undefined) return 1;
  const weight = Number(q.slice(2));
  return weight >= 0 && weight <= 1 ? weight : 0;
}

function versionFits(parameters: readonly string[]): boolean {
  const version = parameters.find((parameter) => parameter.startsWith('version='));
  return version === undefined || /^version="?1\.0\.0"?$/.test(version);
}
