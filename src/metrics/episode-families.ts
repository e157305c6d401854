/** Families of episodes and requests: per model version, and per model. */
import { policyFor } from '../core/signals.ts';
import type { Model, Version } from '../core/world.ts';
import type { Exposition, FamilyHeader } from './exposition.ts';
import { encodeExtraLabels } from './exposition.ts';
import type { LabelCache } from './label-cache.ts';
import type { MetricsSource } from './source.ts';
import * as table from './table.ts';

export function writeEpisodes(out: Exposition, { world }: MetricsSource, cache: LabelCache): void {
  const versions = [...world.models.values()].flatMap((model) => [...model.versions.values()].filter(isSeen));
  const count = (family: FamilyHeader, read: (version: Version) => number): void => {
    out.family(family);
    for (const version of versions) out.sample(cache.ofVersion(version), read(version));
  };
  const countBy = (
    family: FamilyHeader,
    label: string,
    read: (version: Version) => Iterable<readonly [string, number]>,
  ): void => {
    out.family(family);
    for (const version of versions) {
      for (const [word, value] of read(version)) {
        out.sample(cache.ofVersion(version), value, encodeExtraLabels([[label, word]]));
      }
    }
  };
  count(table.episodes, ({ episodes }) => episodes);
  count(table.retrainRequests, ({ requests }) => requests);
  countBy(table.retrainHeld, 'reason', ({ episode }) =>
    episode && episode.request === null && episode.heldBy ? [[episode.heldBy, 1]] : [],
  );
  countBy(table.retrainSuppressed, 'reason', ({ suppressed }) => suppressed);
  countBy(table.retrainOutcomes, 'outcome', ({ outcomes }) => outcomes);
}

export function writeModels(out: Exposition, { world }: MetricsSource, cache: LabelCache): void {
  const models = [...world.models.values()].filter(({ versions }) => [...versions.values()].some(isSeen));
  const write = (family: FamilyHeader, read: (model: Model) => number | null): void => {
    out.family(family);
    for (const model of models) {
      const value = read(model);
      if (value !== null) out.sample(cache.ofModel(model), value);
    }
  };
  write(table.retrainInFlight, ({ inFlight }) => Number(inFlight !== null));
  write(table.retrainInFlightSince, ({ inFlight }) => (inFlight ? inFlight.requestedAt / 1000 : null));
  write(table.cooldownEnd, ({ name, lastEndedAt }) =>
    lastEndedAt === null ? null : (lastEndedAt + policyFor(world.config, name).cooldownMs) / 1000,
  );
}

/** A version that only a refused or invalid sample has named shows nothing yet. */
function isSeen(version: Version): boolean {
  return version.firstSeenAt > 0 || version.episodes > 0;
}
