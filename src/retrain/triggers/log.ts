/** The trigger that only tells: one line in the log, and the request counts as delivered. */
import type { Logger } from '../../log.ts';
import type { RetrainTrigger } from '../trigger.ts';

export function createLogTrigger({ name, log }: { name: string; log: Logger }): RetrainTrigger {
  return {
    name,
    async deliver({ id, model, reason }) {
      log.info('retrain requested', {
        request: id,
        trigger: name,
        model: model.name,
        version: model.version,
        reason,
      });
      return { ok: true };
    },
  };
}
