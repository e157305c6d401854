/**
 * Keeps an open page as it would be if it were loaded again: each change of the event stream, and a look now and then
 * for the numbers, fetches it and takes over what differs. Everything works without it, too.
 */
import { Idiomorph } from './idiomorph.js';

/** Changes that come together are shown together. */
const SETTLE_MS = 300;
/** Averages move without any change of state. */
const LOOK_MS = 5000;
const TYPING_MS = 250;

const root = document.querySelector<HTMLScriptElement>('script[data-root]')!.dataset['root']!;
const lost = document.querySelector<HTMLElement>('#lost')!;
let shownAt = new Date();
let lostSince: Date | null = null;
let planned: number | undefined;
let loading = false;

function plan(delayMs: number): void {
  clearTimeout(planned);
  planned = setTimeout(refresh, delayMs);
}

async function refresh(): Promise<void> {
  if (document.hidden || loading) return plan(LOOK_MS);
  loading = true;
  try {
    const response = await fetch(location.href, { headers: { accept: 'text/html' }, cache: 'no-store' });
    if (!response.ok) throw new Error(`answered ${response.status}`);
    takeOver(new DOMParser().parseFromString(await response.text(), 'text/html'));
    shownAt = new Date();
    told(null);
  } catch {
    told(lostSince ?? new Date());
  }
  loading = false;
  plan(LOOK_MS);
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

function told(since: Date | null): void {
  lostSince = since;
  const text = since
    ? `Not connected since ${since.toLocaleTimeString()}; this is how it was at ${shownAt.toLocaleTimeString()}.`
    : '';
  if (lost.textContent !== text) lost.textContent = text;
}

function follow(): void {
  const stream = new EventSource(`${root}api/v1/events?type=change`);
  stream.addEventListener('change', () => plan(SETTLE_MS));
  stream.addEventListener('missed', () => plan(SETTLE_MS));
  stream.addEventListener('open', () => plan(SETTLE_MS));
  // The browser tries again by itself, unless it was refused.
  stream.addEventListener('error', () => {
    plan(SETTLE_MS);
    if (stream.readyState === EventSource.CLOSED) setTimeout(follow, LOOK_MS);
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
      plan(0);
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
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  target.closest('details')?.setAttribute('open', '');
  target.scrollIntoView();
}

filterWhileTyping(document.querySelector<HTMLInputElement>('#filter')!);
document.addEventListener('visibilitychange', () => plan(0));
window.addEventListener('hashchange', openTarget);
openTarget();
follow();
plan(LOOK_MS);
