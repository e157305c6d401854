/**
 * Fits the world to a config. Reload and start are the same: two fingerprints per signal say whether it is kept
 * (both equal), judged anew (only `drift` differs: the EMA stays), begun anew (`from` or `smoothing` differ) or dropped.
 */

import { releaseCells } from './cells.ts';
import { rejudge } from './drift-state.ts';
import { closeIfOver, judgeModel } from './episodes.ts';
import { touchPage } from './records.ts';
import type { JudgeConfig, Rule } from './rule.ts';
import { RECEIVED_AT } from './signal.ts';
import { expiresAt, hasSamples, removeSignal, ruleFor } from './signals.ts';
import type { Signal, Turn } from './world.ts';

export type Fate = 'keep' | 'rejudge' | 'reset' | 'drop';

export function fateOf(
  before: Pick<Rule, 'inputFingerprint' | 'judgeFingerprint'>,
  after: Rule | undefined,
): Fate {
  if (!after) return 'drop';
  if (before.inputFingerprint !== after.inputFingerprint) return 'reset';
  return before.judgeFingerprint === after.judgeFingerprint ? 'keep' : 'rejudge';
}

export function adopt(turn: Turn, config: JudgeConfig): void {
  const { world } = turn;
  world.config = config;
  for (const signal of [...world.signals]) if (signal) adoptSignal(turn, signal, config);
  const models = [...world.models.values()];
  // All that is over is closed before anything is judged: the order of versions decides nothing.
  for (const model of models) {
    for (const version of model.versions.values()) closeIfOver(turn, version, 'config');
  }
  for (const model of models) judgeModel(turn, model);
}

function adoptSignal(turn: Turn, signal: Signal, config: JudgeConfig): void {
  const { world, at, changes } = turn;
  const rule = ruleFor(config, signal.metric, signal.model.name);
  const fate = fateOf(signal.rule, rule);
  if (!rule) {
    const shown = hasSamples(signal);
    removeSignal(world, signal);
    if (shown) changes.push({ type: 'signal_removed', at, signal, cause: 'config' });
    return;
  }
  if (fate !== 'keep') world.dirty.rejudged.add(signal);
  signal.rule = rule;
  if (fate === 'rejudge') {
    rejudge(signal.record);
    touchPage(world, signal.page);
  } else if (fate === 'reset') {
    releaseCells(world, signal);
    signal.resets++;
    signal.record.fill(0);
    signal.record[RECEIVED_AT] = at;
    touchPage(world, signal.page);
  }
  world.expiries.set(signal, expiresAt(signal));
}
