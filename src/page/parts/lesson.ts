/** What the first page teaches while no model is known: how to push a first event, and what the config waits for. */
import type { JudgeConfig } from '../../core/rule.ts';
import { ruleFor } from '../../core/signals.ts';
import { metricsWithoutSignals } from '../../core/unmatched.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import type { PageSource, Visit } from '../source.ts';

const SHOWN = 50;

export function lesson(source: PageSource, { origin }: Visit): Html {
  const { world, config } = source;
  const waiting = metricsWithoutSignals(world);
  return html`<h1>${isKnown(source) ? 'No model is known at present' : 'No model has been seen yet'}</h1>
${pushing(world.config, origin) ?? html`<p>Every metric of the config is scraped. <a href="targets">Targets</a> tells how the scrapes go; <code>driftgauge check config ${config.file ?? 'FILE'} --target URL</code> tells which series each metric finds.</p>`}
${
  waiting.length > 0 &&
  html`<h2>What it waits for</h2>
<ul>${waiting.slice(0, SHOWN).map((metric) => html`<li><code>${metric}</code>${world.config.rules.some((rule) => rule.metric === metric && rule.from === null) ? ' (pushed)' : ' (scraped)'}</li>`)}</ul>
${waiting.length > SHOWN && html`<p>And ${waiting.length - SHOWN} more.</p>`}`
}`;
}

/** Signals that are gone leave their episodes behind. */
function isKnown({ history }: PageSource): boolean {
  return history.episodes({ limit: 1 }).length > 0 || history.requests({ limit: 1 }).length > 0;
}

/** The command for a metric that is pushed, of a model that its entry judges; null where none is. */
function pushing(config: JudgeConfig, origin: string): Html | null {
  for (const { from, metric, models } of config.rules) {
    const name = models.length === 0 ? 'fraud' : models[0]!.replaceAll(/[*?]/g, 'x');
    if (from !== null || ruleFor(config, metric, name)?.from !== null) continue;
    const event = { model: { name, version: '1.4.0' }, metric, value: 0.61 };
    const command = `curl -d ${quoted(JSON.stringify(event))} ${origin}/api/v1/events`;
    return html`<p>Push a first event, from the machine that this runs on:</p>
<pre tabindex="0"><code>${command}</code></pre>`;
  }
  return null;
}

/** For a shell: nothing inside single quotes means anything but their end. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
