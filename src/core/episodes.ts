/**
 * Episodes: one is open exactly while some signal that asks for a retrain drifts. While an open episode has not
 * asked, its gates are judged again and again; the first that waits is the reason.
 */
import { judgeGates } from './gates/index.ts';
import { ask, withdrawUnsent } from './requests.ts';
import type { Episode, EpisodeCause } from './retrain.ts';
import { driftingSignals, policyFor } from './signals.ts';
import type { Model, Signal, Turn, Version } from './world.ts';

/** A signal that asks began to drift, or was found drifting with no episode open. */
export function joinEpisode(turn: Turn, signal: Signal): void {
  const { version, metric } = signal;
  if (!version.episode) {
    openEpisode(turn, version, null);
  } else if (!version.episode.metrics.includes(metric)) {
    version.episode.metrics.push(metric);
    turn.world.dirty.episodes.add(version.episode);
  }
  judgeVersion(turn, version);
}

/** Closes the episode of a version once nothing keeps it open. Its siblings are to be judged afterwards. */
export function closeIfOver(turn: Turn, version: Version, cause: EpisodeCause): void {
  turn.touched.add(version.model);
  if (version.episode && driftingSignals(version).length === 0) closeEpisode(turn, version, cause);
}

function openEpisode(turn: Turn, version: Version, continues: Episode | null): void {
  const { world, at } = turn;
  version.episodes++;
  const number = ++world.episodes;
  const drifting = driftingSignals(version);
  const episode: Episode = {
    id: world.makeId('ep', version.name, number),
    model: version.name,
    number,
    startedAt: at,
    endedAt: null,
    cause: null,
    continues: continues?.id ?? null,
    metrics: drifting.map(({ metric }) => metric),
    request: null,
    requestEndedAt: null,
    heldBy: null,
    heldUntil: null,
  };
  version.episode = episode;
  version.model.openEpisodes++;
  turn.touched.add(version.model);
  world.dirty.episodes.add(episode);
  world.dirty.models.add(version.model);
  turn.changes.push({ type: 'episode_opened', at, episode });
}

export function closeEpisode(turn: Turn, version: Version, cause: EpisodeCause): void {
  const { world, at } = turn;
  const episode = version.episode!;
  episode.endedAt = at;
  episode.cause = cause;
  episode.heldUntil = null;
  version.episode = null;
  version.model.openEpisodes--;
  if (episode.request === null && episode.heldBy) {
    version.suppressed.set(episode.heldBy, (version.suppressed.get(episode.heldBy) ?? 0) + 1);
  }
  world.dirty.episodes.add(episode);
  world.dirty.models.add(version.model);
  turn.changes.push({ type: 'episode_closed', at, episode });
  if (episode.request !== null) withdrawUnsent(turn, episode.request);
}

/** The drift outlived its request and the cooldown: it may ask again, as a new episode. */
export function continueEpisode(turn: Turn, version: Version): void {
  const before = version.episode!;
  closeEpisode(turn, version, 'asked_again');
  openEpisode(turn, version, before);
}

/** Judges the gates of one version's episode; the others of its model only where it asks, because that changes how they stand. */
export function judgeVersion(turn: Turn, version: Version): void {
  turn.touched.add(version.model);
  // Its turn comes with that of its siblings, or a younger episode could take the slot from an older one.
  if (turn.freed.has(version.model)) return;
  if (isWaiting(version) && judgeEpisode(turn, version)) judgeModel(turn, version.model);
}

/** Judges the gates of a model's unasked episodes, the oldest first, so that the one slot goes to it. */
export function judgeModel(turn: Turn, model: Model): void {
  turn.touched.add(model);
  if (model.openEpisodes === 0) return;
  // Somebody who asks changes how the others stand: once more, until nobody does.
  while (
    [...model.versions.values()]
      .filter(isWaiting)
      .sort(byAge)
      .some((version) => judgeEpisode(turn, version))
  );
}

function isWaiting({ episode }: Version): boolean {
  return episode !== null && episode.request === null;
}

function byAge(a: Version, b: Version): number {
  return a.episode!.startedAt - b.episode!.startedAt || (a.name.version < b.name.version ? -1 : 1);
}

/** Whether it asked. */
function judgeEpisode(turn: Turn, version: Version): boolean {
  const { world, at, changes } = turn;
  const episode = version.episode!;
  const policy = policyFor(world.config, version.model.name);
  const gates = judgeGates({ world, version, episode, policy, at });
  const held = gates.find((gate) => gate.verdict === 'wait');
  if (!held) {
    ask(turn, { version, episode, gates, policy });
    return true;
  }
  if (held.gate === episode.heldBy && held.until === episode.heldUntil) return false;
  if (held.gate !== episode.heldBy) {
    changes.push({ type: 'episode_held', at, episode, reason: held.gate, detail: held.detail });
  }
  episode.heldBy = held.gate;
  episode.heldUntil = held.until;
  world.dirty.episodes.add(episode);
  return false;
}
