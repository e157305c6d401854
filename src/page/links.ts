/** Where things are, relative to the page's root, so that the page works behind a proxy that cuts a prefix off. */
import { createHash } from 'node:crypto';
import type { RetrainRequest } from '../core/retrain.ts';
import type { ModelVersion } from '../core/signal.ts';

/** `name:version` with `%` and `:` inside a name percent-encoded. */
function keyOf({ name, version }: ModelVersion): string {
  return [name, version].map((part) => part.replace(/[%:]/g, encodeURIComponent)).join(':');
}

export function modelPath(model: ModelVersion): string {
  return `models/${encodeURIComponent(keyOf(model)).replaceAll('%3A', ':')}`;
}

/** On the page of its model version. */
export function requestPath({ id, model }: RetrainRequest): string {
  return `${modelPath(model)}?${new URLSearchParams({ request: id })}#${encodeURIComponent(id)}`;
}

/** The model version of a decoded path segment; null where it is none. */
export function readModelKey(segment: string): ModelVersion | null {
  const parts = segment.split(':');
  if (parts.length !== 2) return null;
  try {
    const [name, version] = parts.map(decodeURIComponent) as [string, string];
    return name === '' || version === '' ? null : { name, version };
  } catch {
    return null;
  }
}

/** The model of a decoded path segment that names no version; null where it is none. */
export function readModelName(segment: string): string | null {
  try {
    return segment.includes(':') ? null : decodeURIComponent(segment);
  } catch {
    return null;
  }
}

/** An element's id: the same for the same things, so that live data finds its place; short whatever the names are. */
export function elementId(kind: string, ...names: readonly string[]): string {
  return `${kind}-${createHash('sha256').update(JSON.stringify(names)).digest('base64url').slice(0, 12)}`;
}
