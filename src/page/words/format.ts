/** Numbers, times and long names as people read them. */
import type { Time } from '../../core/signal.ts';
import { durationText } from '../../core/text.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';

/** Three significant digits, more only where a whole number has them. */
export function formatNumber(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(digits - 1);
  const whole = size < 1 ? 0 : Math.floor(Math.log10(size)) + 1;
  return whole >= digits ? String(Math.round(value)) : String(Number(value.toPrecision(digits)));
}

/** Two numbers that differ look different: an average just below its threshold must not read "0.85 < 0.85". */
export function formatPair(one: number, other: number): readonly [string, string] {
  for (let digits = 3; digits <= 17; digits++) {
    const pair = [formatNumber(one, digits), formatNumber(other, digits)] as const;
    if (one === other || pair[0] !== pair[1]) return pair;
  }
  return [String(one), String(other)];
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** How long something has lasted, in whole seconds: `41m12s`, never less than `0s`. */
export function formatElapsed(ms: number): string {
  return ms < 1000 ? '0s' : durationText(ms - (ms % 1000));
}

/** The clock in UTC, with the day where it is another one than today; the whole time in the title. */
export function formatTime(time: Time, now: Time): Html {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return html`–`;
  const iso = date.toISOString();
  const day =
    iso.slice(0, 10) === new Date(now).toISOString().slice(0, 10)
      ? ''
      : `${MONTHS[date.getUTCMonth()]} ${date.getUTCDate()}, `;
  const clock = Math.abs(now - time) < 120_000 ? iso.slice(11, 19) : iso.slice(11, 16);
  const title = `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
  return html`<time datetime="${iso}" title="${title}">${day}${clock}</time>`;
}

/** `09:54, 41m`: when it began, and for how long it has been so. */
export function formatSince(time: Time, now: Time): Html {
  return html`${formatTime(time, now)}, ${formatElapsed(now - time)}`;
}

const CUT = 40;

/** Long names lose their middle, and have it in the title; direction marks inside stay inside. */
export function formatName(name: string, cut = CUT): Html {
  const characters = [...name];
  if (characters.length <= cut) return html`<bdi>${name}</bdi>`;
  const half = Math.floor((cut - 1) / 2);
  const short = `${characters.slice(0, half).join('')}…${characters.slice(-half).join('')}`;
  return html`<bdi title="${name}">${short}</bdi>`;
}

const TEXT_CUT = 400;

/** A sentence that may name any number of metrics, or come from elsewhere; whole in the API. */
export function formatText(text: string, cut = TEXT_CUT): string {
  const characters = [...text];
  return characters.length <= cut ? text : `${characters.slice(0, cut - 1).join('')}…`;
}

/** `1 model drifts`, `2 models drift`. */
export function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
