/** What a gate has to say; a request that is in the way is a link to what can be done about it. */
import type { GateVerdict } from '../../core/retrain.ts';
import type { Version } from '../../core/world.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import { requestPath } from '../links.ts';
import { formatText } from './format.ts';

export function gateDetail({ gate, verdict, detail }: GateVerdict, version: Version, root: string): Html {
  const request = version.model.inFlight;
  if (gate !== 'in_flight' || verdict !== 'wait' || !request) return html`${formatText(detail)}`;
  const isHere = request.model.version === version.name.version;
  const href = isHere ? `#${encodeURIComponent(request.id)}` : root + requestPath(request);
  return html`<a href="${href}"><code>${request.id}</code></a> is ${request.status}`;
}
