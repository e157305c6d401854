/** Since when all has been well: when the last episode ended, of one model version or of all. */

import type { Html } from '../html.ts';
import { html } from '../html.ts';
import type { PageSource } from '../source.ts';
import { formatElapsed, formatTime } from './format.ts';

/** The newest begin last, and nearly always end last. */
const LOOKED_AT = 20;

export function lastEpisode(
  source: PageSource,
  of: { readonly model?: string; readonly version?: string },
): Html | false {
  const closed = source.history.episodes({ ...of, state: 'closed', limit: LOOKED_AT });
  if (closed.length === 0) return false;
  const now = source.now();
  const end = Math.max(...closed.map(({ endedAt }) => endedAt!));
  return html` The last episode ended ${formatTime(end, now)}, ${formatElapsed(now - end)} ago.`;
}
