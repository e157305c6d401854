/** What could not be shown or done, and why. */
import type { Html } from './html.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import type { PageSource } from './source.ts';

export function errorPage(
  source: PageSource,
  { title, message, root }: { readonly title: string; readonly message: string; readonly root: string },
): Html {
  const main = html`<h1>${title}</h1>\n<p>${message}</p>\n<p><a href="${root || './'}">All models</a></p>`;
  return layout({ title: `${title} – Driftgauge`, root, here: null, source, main, live: false });
}
