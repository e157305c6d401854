/** What the first page teaches while no model is known: how to push a first event, and what the config waits for. */
import { metricsWithoutSignals } from '../core/unmatched.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';
import type { PageSource, Visit } from './source.ts';

const SHOWN = 50;

export function lesson({ world, config }: PageSource, { origin }: Visit): Html {
  const pushed = world.config.rules.find(({ from }) => from === null)?.metric;
  const event = { model: { name: 'fraud', version: '1.4.0' }, metric: pushed ?? 'accuracy', value: 0.61 };
  const command = `curl -d ${quoted(JSON.stringify(event))} ${origin}/api/v1/events`;
  const waiting = metricsWithoutSignals(world);
  return html`<h1>No model has been seen yet</h1>
${
  pushed === undefined
    ? html`<p>Every metric of the config is scraped. <a href="targets">Targets</a> tells how the scrapes go; <code>driftgauge check config ${config.file ?? 'FILE'} --target URL</code> tells which series each metric finds.</p>`
    : html`<p>Push a first event, from the machine that this runs on:</p>
<pre tabindex="0"><code>${command}</code></pre>`
}
<h2>What it waits for</h2>
<ul>${waiting.slice(0, SHOWN).map((metric) => html`<li><code>${metric}</code>${world.config.rules.some((rule) => rule.metric === metric && rule.from === null) ? ' (pushed)' : ' (scraped)'}</li>`)}</ul>
${waiting.length > SHOWN && html`<p>And ${waiting.length - SHOWN} more.</p>`}`;
}

/** For a shell: nothing inside single quotes means anything but their end. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
