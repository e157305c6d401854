/** Some drifts are not cured by a retrain: while a signal with `action: inhibit` drifts, its model version asks for nothing. */
import { isDrifting } from '../signals.ts';
import type { Gate } from './gate.ts';
import { pass, wait } from './gate.ts';

export const inhibited: Gate = {
  name: 'inhibited',
  judge({ version }) {
    for (const signal of version.signals.values()) {
      if (signal.rule.action === 'inhibit' && isDrifting(signal))
        return wait(null, `${signal.metric} drifts and inhibits`);
    }
    return pass('nothing inhibits');
  },
};
