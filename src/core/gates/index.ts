/** All gates in the contract's order. A new gate is one file and one line here (and its name in GATE_NAMES). */
import type { GateVerdict } from '../retrain.ts';
import { cooldown } from './cooldown.ts';
import type { Gate, GateContext } from './gate.ts';
import { groupWait } from './group-wait.ts';
import { inFlight } from './in-flight.ts';
import { inhibited } from './inhibited.ts';
import { maxPerDay } from './max-per-day.ts';
import { noTrigger } from './no-trigger.ts';
import { stale } from './stale.ts';
import { stateUnknown } from './state-unknown.ts';

const GATES: readonly Gate[] = [
  stale,
  inhibited,
  groupWait,
  stateUnknown,
  inFlight,
  cooldown,
  maxPerDay,
  noTrigger,
];

/** Every gate's verdict, in order. The first that waits is the reason. */
export function judgeGates(context: GateContext): GateVerdict[] {
  return GATES.map((gate) => ({ gate: gate.name, ...gate.judge(context) }));
}
