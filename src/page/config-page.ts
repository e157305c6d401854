/** `/config`: the live config with its secrets redacted, and the build. */

import type { Html } from './html.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import type { PageSource } from './source.ts';
import { formatName, formatTime } from './words/format.ts';

const SHOWN_CHARACTERS = 40_000;

export function configPage(source: PageSource): Html {
  const { config, reloadState, build } = source;
  const yaml = config.redactedYaml;
  const main = html`<h1>Config</h1>
<p id="loaded">${config.file === null ? 'The built-in one' : html`From <code>${formatName(config.file, 80)}</code>`}, loaded ${formatTime(reloadState.lastSuccessAt, source.now())} UTC. As it was written, without comments and with its secrets redacted; what is not there has its default.</p>
<pre tabindex="0" id="yaml"><code>${yaml.slice(0, SHOWN_CHARACTERS)}</code></pre>
${yaml.length > SHOWN_CHARACTERS && html`<p>Cut here; <a href="api/v1/status/config">all of it</a>.</p>`}
<h2>Build</h2>
<p>Driftgauge ${build.version}, revision ${build.revision}. More as JSON: <a href="api/v1/status/buildinfo">build</a>, <a href="api/v1/signals">signals</a>, <a href="api/v1/episodes">episodes</a>, <a href="api/v1/retrains">retrains</a>.</p>`;
  return layout({ title: 'Config – Driftgauge', root: '', here: 'config', source, main });
}
