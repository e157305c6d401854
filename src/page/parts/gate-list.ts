/** The gates as a checklist, in the order in which they are judged. */
import type { GateVerdict } from '../../core/retrain.ts';
import type { Time } from '../../core/signal.ts';
import type { Version } from '../../core/world.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import type { PageSource } from '../source.ts';
import { formatTime } from '../words/format.ts';
import { gateDetail } from '../words/gate-detail.ts';

export function gateList(version: Version, source: PageSource, root: string): Html {
  const now = source.now();
  const { gates } = source.explain(version);
  return html`<section aria-labelledby="gates-title"><h2 id="gates-title">Gates</h2>
<ol class="gates" id="gates">${gates.map((verdict) => item(verdict, gateDetail(verdict, version, root), now))}</ol></section>`;
}

function item(gate: GateVerdict, detail: Html, now: Time): Html {
  if (gate.verdict === 'pass')
    return html`<li class="pass"><span aria-hidden="true">✓</span> <b>${gate.gate}</b> passes: ${detail}</li>\n`;
  const until = gate.until === null ? 'no time is known' : html`until ${formatTime(gate.until, now)}`;
  return html`<li class="wait"><span aria-hidden="true">✗</span> <b>${gate.gate}</b> waits, ${until}: ${detail}</li>\n`;
}
