/** Decides when the served version begins to drift: some seconds after the start, and some after each recovery. */
import type { ModelServer } from './model-server.ts';
import { FIRST_VERSION } from './model-server.ts';
import type { Snapshot } from './snapshot.ts';
import { servedSignal } from './snapshot.ts';
import type { Happening } from './story.ts';

const FIRST_AFTER_MS = 5000;
const NEXT_AFTER_MS = 15_000;

/** To be called with each snapshot; gives what there is to tell. */
export function planDrifts(
  model: ModelServer,
  { again }: { readonly again: boolean },
): (snapshot: Snapshot) => Happening[] {
  let nextMs = Date.now() + FIRST_AFTER_MS;
  let drifted: string | null = null;

  return (snapshot) => {
    const atMs = Date.now();
    if (atMs >= nextMs) {
      nextMs = Infinity;
      drifted = model.version;
      model.drift();
      const text = `new kinds of fraud: version ${drifted} gets worse from now on`;
      return [{ atMs, who: 'model', text }];
    }
    if (!again || drifted === null || !isRecovered(snapshot, drifted)) return [];
    const first = drifted === FIRST_VERSION;
    drifted = null;
    nextMs = atMs + NEXT_AFTER_MS;
    const next = `In ${NEXT_AFTER_MS / 1000} s version ${model.version} gets worse too`;
    const text = first
      ? `That was the story, and it goes on. ${next}: see how the cooldown holds the next request. Ctrl-C ends it.`
      : `${next}.`;
    return [{ atMs, who: 'demo', text }];
  };
}

function isRecovered(snapshot: Snapshot, drifted: string): boolean {
  const accuracy = servedSignal(snapshot, 'accuracy');
  return (
    accuracy?.state === 'ok' &&
    accuracy.model.version !== drifted &&
    snapshot.episodes.every(({ ended_at }) => ended_at !== null)
  );
}
