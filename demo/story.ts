/** Tells what happened between two snapshots, in plain words, one sentence per event. */
import { numberText, pairText } from './numbers.ts';
import type { EpisodeView, RetrainView, SignalView, Snapshot } from './snapshot.ts';
import { holdingGate } from './snapshot.ts';

export interface Happening {
  readonly atMs: number;
  readonly who: 'model' | 'driftgauge' | 'trainer' | 'demo';
  readonly text: string;
  readonly tone?: 'good' | 'bad' | 'key';
}

/** In the order of time. */
export function whatHappened(before: Snapshot, after: Snapshot): Happening[] {
  return [
    ...tellNewVersions(before, after),
    ...after.signals.flatMap((signal) => {
      const known = before.signals.find((one) => keyOf(one) === keyOf(signal));
      return known && known.state !== signal.state ? tellState(signal, known) : [];
    }),
    ...after.episodes.flatMap((episode) =>
      tellEpisode(
        episode,
        before.episodes.find(({ id }) => id === episode.id),
        after,
      ),
    ),
    ...after.retrains.flatMap((retrain) =>
      tellRetrain(
        retrain,
        before.retrains.find(({ id }) => id === retrain.id),
      ),
    ),
  ].sort((a, b) => a.atMs - b.atMs);
}

/** The present in a few words; empty where nothing is going on. */
export function howThingsStand(now: Snapshot): string {
  const { atMs, episodes, retrains } = now;
  const inFlight = retrains.find(({ ended_at }) => ended_at === null);
  if (inFlight) return `retrain ${inFlight.status}`;
  const open = episodes.find(({ ended_at }) => ended_at === null);
  if (!open) return '';
  if (open.request !== null || open.reason === null) return 'episode open';
  const until = holdingGate(now, open)?.until ?? null;
  const left =
    until === null ? '' : ` for ${Math.max(0, Math.ceil((Date.parse(until) - atMs) / 1000))} s more`;
  return `retrain held by ${open.reason}${left}`;
}

const keyOf = ({ model, metric }: SignalView) => `${model.version} ${metric}`;

function tellNewVersions(before: Snapshot, { atMs, signals }: Snapshot): Happening[] {
  const known = new Set(before.signals.map(({ model }) => model.version));
  const fresh = Map.groupBy(
    signals.filter(({ model }) => !known.has(model.version)),
    ({ model }) => model.version,
  );
  return [...fresh].map(([version, own]) => {
    const values = own.slice(0, 2).map(({ metric, value }) => `${metric} ${numberText(value)}`);
    const recovered = known.size > 0 && own.every(({ state }) => state === 'ok');
    const text = `sees version ${version}: ${values.join(', ')}${recovered ? '; recovered' : ''}`;
    return { atMs, who: 'driftgauge', text, ...(recovered && { tone: 'good' }) };
  });
}

function tellState(signal: SignalView, before: SignalView): Happening[] {
  const { metric, state, bound } = signal;
  const at = { atMs: Date.parse(signal.since), who: 'driftgauge' } as const;
  const [ema, threshold] = pairText(signal.ema, signal.threshold);
  switch (state) {
    case 'pending': {
      const how = bound === 'below' ? 'fell' : 'rose';
      return [{ ...at, text: `${metric} ${how}: EMA ${ema} is ${bound} ${threshold}, pending` }];
    }
    case 'drifting': {
      if (before.state === 'recovering') return [];
      const seconds = Math.round((Date.parse(signal.since) - Date.parse(before.since)) / 1000);
      const lasted = before.state === 'pending' ? ` for ${seconds} s` : '';
      const text = `${metric} is drifting: EMA ${ema}, ${bound} ${threshold}${lasted}`;
      return [{ ...at, text, tone: 'bad' }];
    }
    case 'ok':
      return before.state === 'warming' ? [] : [{ ...at, text: `${metric} is ok again`, tone: 'good' }];
    default:
      return [];
  }
}

function tellEpisode(episode: EpisodeView, before: EpisodeView | undefined, now: Snapshot): Happening[] {
  const who = 'driftgauge';
  const { version } = episode.model;
  const told: Happening[] = [];
  if (!before) {
    told.push({
      atMs: Date.parse(episode.started_at),
      who,
      text: `opens an episode of version ${version}: one request at most`,
    });
  }
  if (episode.reason !== null && episode.request === null && episode.reason !== before?.reason) {
    const detail = holdingGate(now, episode)?.detail;
    const text = `does not ask yet: ${episode.reason}${detail ? ` (${detail})` : ''}`;
    told.push({ atMs: before ? now.atMs : Date.parse(episode.started_at), who, text });
  }
  if (episode.ended_at !== null && !before?.ended_at) {
    told.push({
      atMs: Date.parse(episode.ended_at),
      who,
      text: `closes the episode of version ${version}: ${episode.cause}`,
      tone: 'good',
    });
  }
  return told;
}

function tellRetrain(retrain: RetrainView, before: RetrainView | undefined): Happening[] {
  const { status, outcome, reason } = retrain;
  const who = 'driftgauge';
  const requestedMs = Date.parse(retrain.requested_at);
  const told: Happening[] = [];
  if (!before) told.push({ atMs: requestedMs, who, text: `asks for one retrain: “${reason}”`, tone: 'key' });
  // That it was delivered, the trainer tells.
  if (status === before?.status || status === 'requested' || status === 'delivered') return told;
  if (status === outcome?.status) {
    const version = outcome.version === null ? '' : `, version ${outcome.version}`;
    const text = `hears from the trainer: ${status}${version}`;
    told.push({ atMs: Date.parse(outcome.at), who, text, ...(status === 'succeeded' && { tone: 'good' }) });
  } else {
    told.push({
      atMs: Date.parse(retrain.ended_at ?? retrain.requested_at),
      who,
      text: `the retrain is ${status}`,
    });
  }
  return told;
}
