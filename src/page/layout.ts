/** The frame of every page: head, navigation, what must be known everywhere, and the build. */

import type { Html } from './html.ts';
import { html } from './html.ts';
import { noticesOf } from './parts/notices.ts';
import type { PageSource } from './source.ts';
import { formatTime, plural } from './words/format.ts';

export interface LayoutOptions {
  readonly title: string;
  /** Where the root is from here: `` or `../`, so that links work behind a proxy that cuts off a prefix. */
  readonly root: string;
  readonly here: 'models' | 'targets' | 'triggers' | 'config' | null;
  readonly source: PageSource;
  readonly main: Html;
  /** What is looked for, where the page is a list. */
  readonly filter?: string;
  /** Whether the same address gives the same page again, as it is then. Default true. */
  readonly live?: boolean;
}

export function layout({ title, root, here, source, main, filter = '', live = true }: LayoutOptions): Html {
  const now = source.now();
  const home = root || './';
  const link = (page: LayoutOptions['here'], href: string, text: string) =>
    html`<a href="${href}"${page === here && html` aria-current="page"`}>${text}</a>`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="${root}assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${root}assets/style.css">
${live && html`<script type="module" src="${root}assets/live.js" data-root="${root}"></script>\n`}</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header>
<a class="brand" href="${home}">Driftgauge</a>
<nav aria-label="Pages">${link('models', home, 'Models')} ${link('targets', `${root}targets`, 'Targets')} ${link('triggers', `${root}triggers`, 'Triggers')} ${link('config', `${root}config`, 'Config')} <a href="${root}metrics">Metrics</a></nav>
<form role="search" action="${home}"><label for="filter">Filter</label> <input id="filter" name="q" type="search" value="${filter}" maxlength="1024" autocomplete="off" spellcheck="false" aria-keyshortcuts="/"></form>
</header>
<main id="main" tabindex="-1">
${noticesOf(source, root)}${main}
</main>
<footer id="foot">
<p id="as-of">As of ${formatTime(now, now)} UTC. ${plural(source.world.models.size, 'model', 'models')}, ${plural(source.world.signalCount, 'signal', 'signals')}. Config loaded ${formatTime(source.reloadState.lastSuccessAt, now)}. Driftgauge ${source.build.version} (${source.build.revision}).</p>
<p id="lost" role="status"></p>
</footer>
</body>
</html>
`;
}
