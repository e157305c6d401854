/** The alert that comes nearest to an entry's `drift`. */
import type { Action } from '../core/rule.ts';
import type { Entry } from './entry.ts';
import { promDuration } from './promql.ts';
import { newest, recorded } from './recorded.ts';

/** A drift pages nobody by itself: a retrain cures it, and what it means for people is for them to say. */
export function severityOf(action: Action): 'info' | 'warning' {
  return action === 'flag' ? 'info' : 'warning';
}

/** At least so long that `min_samples` samples fit, the first included. */
export function forMs({ rule, pace }: Pick<Entry, 'rule' | 'pace'>): number {
  return Math.max(rule.forMs, (rule.minSamples - 1) * pace.sampleMs);
}

export function alertExpression(entry: Entry): string {
  const { rule, names } = entry;
  const { bound, threshold, clear } = rule.detector;
  const beyond = (limit: number) => `${newest(entry, names.ema)} ${bound === 'below' ? '<' : '>'} ${limit}`;
  const breach =
    clear === threshold
      ? beyond(threshold)
      : `${beyond(threshold)}\nor ${beyond(clear)} and on (model, version) ${firing(entry)}`;
  if (rule.warmUp === 0) return breach;
  const warm = `${newest(entry, names.samples)} > ${rule.warmUp}`;
  return clear === threshold
    ? `${breach}\nand ${warm}`
    : `(\n  ${breach.replace('\n', '\n  ')}\n)\nand ${warm}`;
}

/** Whether it fired at the evaluation before, which may be longer ago than an instant selector looks back. */
function firing(entry: Entry): string {
  const { names, pace } = entry;
  const alerts = recorded(entry, 'ALERTS', { alertname: names.alert, alertstate: 'firing' });
  return `${alerts} offset ${promDuration(pace.sampleMs)}`;
}
