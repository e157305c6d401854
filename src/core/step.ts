/**
 * The only way into the core and the only way out: `step(world, input) → changes`. It asks no clock, does no I/O
 * and draws no random numbers, so the same inputs make the same decisions wherever they are replayed.
 */

import { adopt } from './adopt.ts';
import { stepClock } from './clock-step.ts';
import { settle } from './deadlines.ts';
import { nonFiniteReason } from './derive/non-finite.ts';
import { detectorOf, memoryOf } from './detectors/index.ts';
import { stepDrift } from './drift-state.ts';
import { nextEma } from './ema.ts';
import { closeIfOver, joinEpisode, judgeModel, judgeVersion } from './episodes.ts';
import { touchPage } from './records.ts';
import { applyReport, succeedByVersion } from './requests.ts';
import type { Phase, Time } from './signal.ts';
import { EMA, FUTURE_LIMIT_MS, PHASE, PHASES, RECEIVED_AT, SAMPLES, STAMPED, TIME, VALUE } from './signal.ts';
import { finishTurn } from './wake.ts';
import type { Batch, Change, Input, Model, Page, Signal, Source, Turn, World } from './world.ts';
import { countDrop } from './world.ts';

/** What a sample without a time is put after the newest of its signal: a microsecond. */
const TICK_MS = 0.001;
const DRIFTING = PHASES.indexOf('drifting');

export function step(world: World, input: Input): Change[] {
  const changes: Change[] = [];
  if (input.type === 'clock_step') {
    stepClock(world, input.by);
    return changes;
  }
  const at = Math.max(world.at, input.at);
  settle(world, at, changes);
  world.at = at;
  const turn: Turn = { world, at, changes, touched: new Set(), freed: new Set() };
  apply(turn, input);
  finishTurn(turn);
  settle(world, at, changes);
  return changes;
}

function apply(turn: Turn, input: Exclude<Input, { type: 'clock_step' }>): void {
  switch (input.type) {
    case 'samples':
      takeSamples(turn, input.source, input.batch);
      break;
    case 'report':
      applyReport(turn, input.request, input.report);
      judgeModelNamed(turn, input.request.model.name);
      break;
    case 'config':
      adopt(turn, input.config);
      break;
    case 'time':
      break;
  }
}

function judgeModelNamed(turn: Turn, name: string): void {
  const model = turn.world.models.get(name);
  if (model) judgeModel(turn, model);
}

function takeSamples(turn: Turn, source: Source, batch: Batch): void {
  const { world, at } = turn;
  const order = inOrder(batch, at);
  let page: Page | undefined;
  for (let row = 0; row < batch.length; row++) {
    const index = order ? order[row]! : row;
    const signal = world.signals[batch.ref[index]!]!;
    batch.accepted[index] = 0;
    const time = admit(turn, source, { batch, index, signal });
    if (Number.isNaN(time)) continue;
    batch.accepted[index] = 1;
    if (signal.page !== page) {
      page = signal.page;
      touchPage(world, page);
    }
    takeSample(turn, signal, { value: batch.value[index]!, time, stamped: batch.stamped[index]! });
    // A sample of one version may be what makes another one replaced.
    if (signal.version.model.openEpisodes > 0) turn.touched.add(signal.version.model);
  }
  for (const model of turn.freed) judgeModel(turn, model);
}

/** The time at which a sample enters its signal, or NaN where it was dropped and counted. */
function admit(
  { world, at }: Turn,
  source: Source,
  { batch, index, signal }: { batch: Batch; index: number; signal: Signal },
): Time {
  const { record } = signal;
  if (!Number.isFinite(batch.value[index])) {
    countDrop(world, source, nonFiniteReason(batch.value, index));
    return NaN;
  }
  const given = batch.time[index]!;
  const newest = record[SAMPLES] === 0 ? -Infinity : record[TIME]!;
  if (Number.isNaN(given)) return Math.max(at, newest + TICK_MS);
  if (given <= newest) {
    countDrop(world, source, given === newest ? 'duplicate' : 'late');
    return NaN;
  }
  if (given > at + FUTURE_LIMIT_MS) {
    countDrop(world, source, 'future');
    return NaN;
  }
  return given;
}

function takeSample(
  turn: Turn,
  signal: Signal,
  { value, time, stamped }: { value: number; time: Time; stamped: number },
): void {
  const { record, rule, version } = signal;
  record[VALUE] = value;
  record[EMA] = nextEma(record, value, time, rule.smoothing);
  record[SAMPLES]!++;
  const verdict = detectorOf(rule.detector).judge(rule.detector, memoryOf(record), record[EMA]!);
  const from = record[PHASE]!;
  const to = stepDrift(record, verdict, rule, time);
  record[TIME] = time;
  record[RECEIVED_AT] = turn.at;
  record[STAMPED] = stamped;
  if (version.firstSeenAt === 0) {
    version.firstSeenAt = turn.at;
    turn.world.dirty.models.add(version.model);
    turn.touched.add(version.model);
    noteFreed(turn, version.model, () => succeedByVersion(turn, version));
  }
  if (to !== undefined) changePhase(turn, signal, PHASES[from]!, to);
  else if (from === DRIFTING && rule.action === 'retrain' && !version.episode) joinEpisode(turn, signal);
  else if (version.episode?.heldBy === 'stale') judgeVersion(turn, version);
}

function changePhase(turn: Turn, signal: Signal, from: Phase, to: Phase): void {
  turn.changes.push({ type: 'phase', at: turn.at, signal, from, to });
  const { version, rule } = signal;
  if (rule.action === 'inhibit') judgeVersion(turn, version);
  if (rule.action !== 'retrain') return;
  if (to === 'drifting') {
    joinEpisode(turn, signal);
  } else if (to === 'recovering') {
    judgeVersion(turn, version);
  } else if (from === 'drifting' || from === 'recovering') {
    noteFreed(turn, version.model, () => closeIfOver(turn, version, 'recovered'));
  }
}

/**
 * How a version stands hangs on its siblings by the model's one slot alone. Who gets a slot that became free is judged
 * when the whole batch is in: somebody whose recovery is in it must not ask before.
 */
function noteFreed({ freed }: Turn, model: Model, change: () => void): void {
  const { inFlight } = model;
  change();
  if (model.inFlight !== inFlight) freed.add(model);
}

/**
 * The order in which a batch is taken: by time, so that each signal's samples are in order; rows without a time
 * count as now, equal times keep their order. Undefined where the batch is in order already, as a scrape is.
 */
function inOrder({ length, time }: Batch, at: Time): Uint32Array | undefined {
  const of = (index: number) => (Number.isNaN(time[index]) ? at : time[index]!);
  let row = 1;
  while (row < length && of(row) >= of(row - 1)) row++;
  if (row >= length) return undefined;
  return Uint32Array.from({ length }, (_, index) => index).sort((a, b) => of(a) - of(b) || a - b);
}
