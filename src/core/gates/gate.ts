/** The contract of a gate: one condition for asking, a pure function with a named verdict. */
import type { Episode, GateName } from '../retrain.ts';
import type { RetrainPolicy } from '../rule.ts';
import type { Time } from '../signal.ts';
import type { Version, World } from '../world.ts';

export interface GateContext {
  readonly world: World;
  readonly version: Version;
  /** Null when nothing drifts and somebody asks how the gates stand. */
  readonly episode: Episode | null;
  readonly policy: RetrainPolicy;
  readonly at: Time;
}

/** `until`: null where no time is known. A gate that waits until T passes at T. */
export type Opinion =
  | { readonly verdict: 'pass'; readonly detail: string }
  | { readonly verdict: 'wait'; readonly until: Time | null; readonly detail: string };

export interface Gate {
  readonly name: GateName;
  judge(context: GateContext): Opinion;
}

export const pass = (detail: string): Opinion => ({ verdict: 'pass', detail });
export const wait = (until: Time | null, detail: string): Opinion => ({ verdict: 'wait', until, detail });
