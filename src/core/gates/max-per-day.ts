/** A budget of requests per model name in a rolling 24 hours. */
import { DAY_MS } from '../signal.ts';
import type { Gate } from './gate.ts';
import { pass, wait } from './gate.ts';

export const maxPerDay: Gate = {
  name: 'max_per_day',
  judge({ version, policy, at }) {
    const recent = version.model.asks.filter((asked) => at < asked + DAY_MS);
    const detail = `${recent.length} of ${policy.maxPerDay} requests in the last 24h`;
    if (recent.length < policy.maxPerDay) return pass(detail);
    const leaves = recent[recent.length - policy.maxPerDay];
    return wait(leaves === undefined ? null : leaves + DAY_MS, detail);
  },
};
