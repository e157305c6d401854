/** What `--once` must have seen, in the order of the story. */
import { FIRST_VERSION } from './model-server.ts';
import type { Snapshot } from './snapshot.ts';

export interface Evidence {
  /** The newest. */
  readonly snapshot: Snapshot;
  /** Some snapshot had the first version's accuracy drifting. */
  readonly sawDrift: boolean;
  /** Counted by the trainer. */
  readonly trainerRequests: number;
}

/** The first expectation that is not met, as a sentence with what was found instead; null when all are. */
export function unmetExpectation({ snapshot, sawDrift, trainerRequests }: Evidence): string | null {
  const { signals, episodes, retrains } = snapshot;
  const accuracyOf = (version: string) =>
    signals.find(({ model, metric }) => model.version === version && metric === 'accuracy');

  if (!sawDrift) {
    return `the accuracy of version ${FIRST_VERSION} should drift, but is ${accuracyOf(FIRST_VERSION)?.state ?? 'unknown'}`;
  }
  if (retrains.length !== 1 || trainerRequests !== 1) {
    return `there should be exactly one retrain request, but the API knows ${retrains.length} and the trainer got ${trainerRequests}`;
  }
  const [{ status, outcome }] = retrains as [Snapshot['retrains'][number]];
  if (status !== 'succeeded') return `the retrain should succeed, but is ${status}`;
  const version = outcome?.version ?? null;
  if (version === null || version === FIRST_VERSION) {
    return `the retrain should make a new version, but made ${version ?? 'none'}`;
  }
  const cause = episodes.find(({ model }) => model.version === FIRST_VERSION)?.cause ?? null;
  if (cause !== 'recovered' && cause !== 'replaced') {
    return `the episode should close because of the recovery, but is ${cause === null ? 'open' : `closed: ${cause}`}`;
  }
  const state = accuracyOf(version)?.state;
  if (state !== 'ok') return `the accuracy of version ${version} should be ok, but is ${state ?? 'unknown'}`;
  return null;
}
