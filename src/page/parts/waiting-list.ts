/** Model versions of which something is counted already, and that have no sample yet: a reference may take a day. */
import { viewDerivation } from '../../core/derive/view.ts';
import { hasSamples } from '../../core/signals.ts';
import type { Version } from '../../core/world.ts';
import type { Html } from '../html.ts';
import { html, takeWithin } from '../html.ts';
import { modelPath } from '../links.ts';
import type { PageSource } from '../source.ts';
import { formatName } from '../words/format.ts';
import { missingWords } from '../words/missing-words.ts';

const BYTES = 10_000;

export function waitingList({ world }: PageSource): Html | null {
  const waiting: Version[] = [];
  for (const { versions } of world.models.values()) {
    for (const version of versions.values()) {
      const signals = [...version.signals.values()];
      if (!signals.some(hasSamples) && signals.some((signal) => viewDerivation(signal) !== null))
        waiting.push(version);
    }
  }
  if (waiting.length === 0) return null;
  const { rendered, rest } = takeWithin(waiting, { bytes: BYTES, render: item });
  return html`<h2>Without a first sample yet</h2>
<ul id="waiting">${rendered}</ul>${rest > 0 && html`<p>And ${rest} more.</p>`}`;
}

function item({ name, signals }: Version): Html {
  const [first] = [...signals.values()].filter((signal) => viewDerivation(signal) !== null);
  return html`<li><a href="${modelPath(name)}">${formatName(name.name)} ${formatName(name.version, 24)}</a>: ${formatName(first!.metric)} ${missingWords(viewDerivation(first!)?.waiting ?? 'no_samples')}</li>
`;
}
