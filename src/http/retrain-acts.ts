/** What a person can do about a retrain request, from the API and from the status page alike. */
import type { Report, RetrainRequest } from '../core/retrain.ts';
import type { Failure } from './answer.ts';
import { refuse } from './answer.ts';
import type { Backend } from './backend.ts';

export type Acted = { readonly ok: true } | { readonly ok: false; readonly failure: Failure };

/** Sends a parked request again, through another trigger where one is named. Rejects with `StorageError`. */
export async function redeliver(
  backend: Backend,
  retrain: RetrainRequest,
  trigger: string = retrain.trigger,
): Promise<Acted> {
  if (retrain.status !== 'parked') {
    return refuse('conflict', `only a parked request can be sent again, this is ${retrain.status}`);
  }
  const names = backend.config.triggers.map(({ name }) => name);
  if (!names.includes(trigger)) {
    return refuse('bad_data', `trigger: no such trigger, expected one of ${names.join(', ')}`);
  }
  return report(backend, retrain, { kind: 'redeliver', trigger });
}

/** Gives a request up. Rejects with `StorageError`. */
export function cancel(backend: Backend, retrain: RetrainRequest): Promise<Acted> {
  return report(backend, retrain, { kind: 'cancel' });
}

/** Says something about a request. Rejects with `StorageError`. */
export async function report(backend: Backend, { id }: RetrainRequest, said: Report): Promise<Acted> {
  const result = await backend.report(id, said);
  return result.ok ? { ok: true } : refuse(result.error, result.message);
}
