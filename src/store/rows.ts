/** Rare things as rows: models, episodes and requests are JSON beside the columns that queries need. */
import type { Episode, GateName, RetrainRequest } from '../core/retrain.ts';
import type { Rule } from '../core/rule.ts';
import type { Time } from '../core/signal.ts';
import { modelOf, versionOf } from '../core/signals.ts';
import type { Model, World } from '../core/world.ts';

interface StoredVersion {
  readonly version: string;
  readonly firstSeenAt: Time;
  readonly episodes: number;
  readonly requests: number;
  readonly suppressed: readonly [GateName, number][];
  readonly outcomes: readonly [string, number][];
}

interface StoredModel {
  readonly lastEndedAt: Time | null;
  readonly asks: readonly Time[];
  readonly versions: readonly StoredVersion[];
}

export function modelToRow(model: Model): string {
  const versions = [...model.versions.values()]
    .filter(({ firstSeenAt, episodes }) => firstSeenAt > 0 || episodes > 0)
    .map(
      ({ name, firstSeenAt, episodes, requests, suppressed, outcomes }): StoredVersion => ({
        version: name.version,
        firstSeenAt,
        episodes,
        requests,
        suppressed: [...suppressed],
        outcomes: [...outcomes],
      }),
    );
  return JSON.stringify({ lastEndedAt: model.lastEndedAt, asks: model.asks, versions } satisfies StoredModel);
}

export function restoreModel(world: World, name: string, state: string): void {
  const stored = JSON.parse(state) as StoredModel;
  const model = modelOf(world, name);
  model.lastEndedAt = stored.lastEndedAt;
  model.asks = [...stored.asks];
  for (const row of stored.versions) {
    const version = versionOf(world, { name, version: row.version });
    version.firstSeenAt = row.firstSeenAt;
    version.episodes = row.episodes;
    version.requests = row.requests;
    for (const [reason, count] of row.suppressed) version.suppressed.set(reason, count);
    for (const [outcome, count] of row.outcomes) version.outcomes.set(outcome, count);
  }
}

export function restoreEpisode(world: World, state: string): void {
  const episode = JSON.parse(state) as Episode;
  const version = versionOf(world, episode.model);
  version.episode = episode;
  version.model.openEpisodes++;
}

export function restoreRequest(world: World, state: string): void {
  const request = JSON.parse(state) as RetrainRequest;
  world.requests.set(request.id, request);
  versionOf(world, request.model).model.inFlight = request;
}

/** Stands in for a rule until the config is adopted; carries what decides a signal's fate. */
export function storedRule(metric: string, inputFingerprint: string, judgeFingerprint: string): Rule {
  return {
    metric,
    entry: -1,
    models: [],
    from: null,
    smoothing: { kind: 'alpha', alpha: 1 },
    warmUp: 0,
    detector: { kind: 'threshold', bound: 'above', threshold: Infinity, clear: Infinity },
    forMs: 0,
    minSamples: 1,
    keepFiringForMs: 0,
    action: 'flag',
    staleAfterMs: Infinity,
    ttlMs: Infinity,
    inputFingerprint,
    judgeFingerprint,
  };
}
