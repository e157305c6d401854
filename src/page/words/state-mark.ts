/** A state as a word and a shape, before it is a colour. */
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import type { StandingState } from '../standing.ts';

const SHAPES: Readonly<Record<StandingState, string>> = {
  drifting: '●',
  recovering: '◑',
  pending: '◐',
  stale: '◌',
  warming: '◔',
  ok: '○',
  replaced: '◇',
};

export function stateMark(state: StandingState): Html {
  return html`<span class="state ${state}"><span aria-hidden="true">${SHAPES[state]}</span> ${state}</span>`;
}
