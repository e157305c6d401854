/**
 * Keeps an open page as it would be if it were loaded again: each change of the event stream, and a look now and then
 * for the numbers, fetches it and takes over what differs. Everything works without it, too.
 */
import { Idiomorph } from './idiomorph.js';

/** Changes that come together are shown together. */
const SETTLE_MS = 300;
/** However many changes come: a page is rendered for each look. */
const REST_MS = 1000;
/** Averages move without any change of state. */
const LOOK_MS = 5000;
/** A server that takes connections and says nothing is lost, too. */
const PATIENCE_MS = 10_000;
const TYPING_MS = 250;

const root = document.querySelector<HTMLScriptElement>('script[data-root]')!.dataset['root']!;
const lost = document.querySelector<HTMLElement>('#lost')!;
/** Of `performance.now`, as all times here. */
let shownAt = performance.now();
let lostSince: number | null = null;
let planned: number | undefined;
let plannedAt = Number.POSITIVE_INFINITY;
let lookedAt = Number.NEGATIVE_INFINITY;
let loading = false;

/** The sooner of this and what is planned: changes that never pause must not put the look off for ever. */
function plan(delayMs: number, restMs = REST_MS): void {
  const at = Math.max(performance.now() + delayMs, lookedAt + restMs);
  if (at >= plannedAt) return;
  clearTimeout(planned);
  plannedAt = at;
  planned = setTimeout(refresh, at - performance.now());
}

async function refresh(): Promise<void> {
  plannedAt = Number.POSITIVE_INFINITY;
  // What changed meanwhile may be missing in the answer that is under way.
  if (loading) return plan(SETTLE_MS);
  if (document.hidden) return;
  loading = true;
  try {
    takeOver(await load());
    shownAt = performance.now();
    told(null);
  } catch {
    told(lostSince ?? performance.now());
  }
  loading = false;
  lookedAt = performance.now();
  plan(LOOK_MS);
}

/** Rejects where the answer is no page of ours; that a model was forgotten is one. */
async function load(): Promise<Document> {
  // Not `location.href`, which may hold a login that fetch refuses.
  const url = location.origin + location.pathname + location.search;
  const response = await fetch(url, {
    headers: { accept: 'text/html' },
    cache: 'no-store',
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  if (!fresh.querySelector('#as-of')) throw new Error(`answered ${response.status}`);
  return fresh;
}

/** Open and closed stay as the reader left them, and so does what is being typed. */
function takeOver(fresh: Document): void {
  document.title = fresh.title;
  const options = {
    morphStyle: 'outerHTML' as const,
    ignoreActiveValue: true,
    callbacks: {
      beforeAttributeUpdated: (name: string, element: Element) =>
        !(name === 'open' && element instanceof HTMLDetailsElement),
    },
  };
  for (const selector of ['main', '#as-of']) {
    const [old, now] = [document.querySelector(selector), fresh.querySelector(selector)];
    if (old && now) Idiomorph.morph(old, now, options);
  }
}

function told(since: number | null): void {
  lostSince = since;
  const text =
    since === null ? '' : `Not connected since ${clock(since)}; this is how it was at ${clock(shownAt)}.`;
  if (lost.textContent !== text) lost.textContent = text;
}

/** By the server's clock and in its zone, as every time on the page: the reader's may be wrong. */
function clock(at: number): string {
  const shown = document.querySelector<HTMLTimeElement>('#as-of time')!.dateTime;
  return `${new Date(Date.parse(shown) + at - shownAt).toISOString().slice(11, 19)} UTC`;
}

let stream: EventSource | null = null;

/** A hidden page holds no connection: browsers allow six to one host, and a seventh page could not even load. */
function follow(): void {
  stream?.close();
  stream = null;
  if (document.hidden) return;
  const current = new EventSource(`${root}api/v1/events?type=change`);
  stream = current;
  for (const event of ['open', 'change', 'missed']) current.addEventListener(event, () => plan(SETTLE_MS));
  current.addEventListener('error', () => {
    plan(SETTLE_MS);
    // The browser tries again by itself, unless it was refused.
    if (current.readyState === EventSource.CLOSED) setTimeout(() => current === stream && follow(), LOOK_MS);
  });
}

function filterWhileTyping(input: HTMLInputElement): void {
  let typing: number | undefined;
  const here = location.pathname;
  const isList = document.querySelector('#models') !== null;
  input.addEventListener('input', () => {
    if (!isList) return;
    clearTimeout(typing);
    typing = setTimeout(() => {
      const query = input.value === '' ? '' : `?${new URLSearchParams({ q: input.value })}`;
      history.replaceState(null, '', here + query);
      plan(0, 0);
    }, TYPING_MS);
  });
  document.addEventListener('keydown', (event) => {
    const { target } = event;
    const typingElsewhere = target instanceof HTMLElement && target.matches('input, textarea, select');
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || typingElsewhere) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}

/** A link to a request opens the episode that it is in. */
function openTarget(): void {
  // Our ids need no decoding, and what does may be malformed.
  const target = document.getElementById(location.hash.slice(1));
  if (!target) return;
  target.closest('details')?.setAttribute('open', '');
  target.scrollIntoView();
}

filterWhileTyping(document.querySelector<HTMLInputElement>('#filter')!);
document.addEventListener('visibilitychange', () => {
  follow();
  plan(0);
});
window.addEventListener('hashchange', openTarget);
openTarget();
follow();
plan(LOOK_MS);
