/** The signals of one model version as small multiples over one time axis, and the metrics that have none. */
import { viewDerivation } from '../../core/derive/view.ts';
import { viewOf } from '../../core/detectors/index.ts';
import { EMA, SAMPLES, SINCE, TIME, VALUE } from '../../core/signal.ts';
import { hasSamples } from '../../core/signals.ts';
import { unmatchedOf } from '../../core/unmatched.ts';
import type { Signal, Version } from '../../core/world.ts';
import type { Html } from '../html.ts';
import { html, takeWithin } from '../html.ts';
import { elementId, modelPath } from '../links.ts';
import type { PageSource } from '../source.ts';
import { byUrgency, stateOf } from '../standing.ts';
import { formatName, formatNumber, formatSince, formatTime } from '../words/format.ts';
import { judgementOf } from '../words/judgement.ts';
import { missingWords, WAITING } from '../words/missing-words.ts';
import { recoveryWords } from '../words/recovery-words.ts';
import { stateMark } from '../words/state-mark.ts';
import { marksOf } from './marks.ts';
import type { Mark, Plot } from './plot.ts';
import { plot, plotLabel } from './plot.ts';

/** With episodes and the frame a page stays under 200 kB. */
const SIGNALS_BYTES = 80_000;

export function signalList(
  version: Version,
  source: PageSource,
  { skip, root }: { readonly skip: number; readonly root: string },
): Html {
  const signals = byUrgency([...version.signals.values()].filter(hasSamples), source.now());
  const marks = marksOf(version, source);
  const first = skip < signals.length ? skip : 0;
  const { rendered, rest } = takeWithin(signals.slice(first), {
    bytes: SIGNALS_BYTES,
    render: (signal) => figure(signal, source, marks),
  });
  const more =
    rest > 0 &&
    html`<p><a href="${root}${modelPath(version.name)}?skip=${first + rendered.length}#signals">${rest} more signals</a></p>`;
  const back =
    first > 0 && html`<p><a href="${root}${modelPath(version.name)}#signals">The first signals</a></p>`;
  return html`<section aria-labelledby="signals-title"><h2 id="signals-title">Signals</h2>
<p class="hint">The value thin, its average bold, the threshold dashed; shaded while it is pending or drifts. Upright lines: a retrain was requested; dotted: a version was first seen.</p>
<div class="signals" id="signals">${rendered}</div>${more}${back}
${missing(version, source)}</section>`;
}

function figure(signal: Signal, source: PageSource, marks: readonly Mark[]): Html {
  const { record, metric, rule } = signal;
  const now = source.now();
  const judgement = judgementOf(signal);
  const series = source.recent.of(signal);
  const drawn = plot({
    signal,
    series,
    now,
    marks,
    width: 480,
    height: 120,
    label: plotLabel(metric, series, judgement),
  });
  const { bound, threshold, clear } = viewOf(rule.detector, record);
  const state = stateOf(signal, now);
  const recovery = recoveryWords(signal, now);
  return html`<figure id="${elementId('signal', metric)}" class="signal ${state}">
<figcaption><b>${formatName(metric)}</b> ${stateMark(state)} <span class="number">${judgement}</span></figcaption>
${drawn ? withAxes(drawn, series.times[0]!, now) : html`<p class="hint">Too little is remembered for a plot yet.</p>`}
<dl>
<div><dt>average</dt><dd title="${record[EMA]!}">${formatNumber(record[EMA]!)}</dd></div>
<div><dt>value</dt><dd title="${record[VALUE]!}">${formatNumber(record[VALUE]!)}</dd></div>
<div class="line"><dt>drifts ${bound}</dt><dd>${formatNumber(threshold)}${clear !== threshold && `, clear at ${formatNumber(clear)}`}</dd></div>
${recovery && html`<div class="line"><dt>still drifts</dt><dd>${recovery}</dd></div>\n`}<div class="line"><dt>so since</dt><dd>${formatSince(record[SINCE]!, now)}</dd></div>
<div class="line"><dt>last sample</dt><dd>${formatSince(record[TIME]!, now)} ago</dd></div>
<div><dt>samples</dt><dd>${record[SAMPLES]!}</dd></div>
<div><dt>action</dt><dd>${rule.action}</dd></div>
${input(signal)}</dl>
</figure>
`;
}

function withAxes({ svg, high, low }: Plot, start: number, now: number): Html {
  const [top, bottom] = [formatNumber(high, 4), formatNumber(low, 4)];
  return html`<div class="axes"><span class="y"><span>${top}</span><span>${bottom}</span></span>${svg}<span class="x"><span>${formatTime(start, now)}</span><span>${formatTime(now, now)}</span></span></div>`;
}

function input(signal: Signal): Html | false {
  const view = viewDerivation(signal);
  if (view?.waiting == null) return false;
  return html`<div class="line"><dt>next sample waits for</dt><dd>${WAITING[view.waiting]}: ${formatNumber(view.count)} of ${view.minCount} observations</dd></div>`;
}

const MISSING_BYTES = 8000;

function missing(version: Version, { world }: PageSource): Html | false {
  const unmatched = unmatchedOf(world, version);
  if (unmatched.length === 0) return false;
  const { rendered, rest } = takeWithin(unmatched, {
    bytes: MISSING_BYTES,
    render: ({ metric, why }) => html`<li>${formatName(metric)} ${missingWords(why)}</li>\n`,
  });
  return html`<h3>Without a sample of this version</h3>
<ul id="unmatched">${rendered}</ul>${rest > 0 && html`<p>And ${rest} more.</p>`}`;
}
