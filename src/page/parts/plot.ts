/** Signals over recent time as SVG: value thin, average bold, threshold dashed. No script, no style of its own. */
import { viewOf } from '../../core/detectors/index.ts';
import type { Time } from '../../core/signal.ts';
import { PHASES } from '../../core/signal.ts';
import type { Signal } from '../../core/world.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import type { RecentSeries } from '../recent.ts';

export interface PlotSize {
  readonly width: number;
  readonly height: number;
}

/** Something that happened at a time, as a line from top to bottom. */
export interface Mark {
  readonly at: Time;
  readonly kind: 'request' | 'version';
  readonly title: string;
}

export interface PlotOptions extends PlotSize {
  readonly signal: Signal;
  readonly series: RecentSeries;
  /** The end of the axis; it begins at the first instant that is remembered. */
  readonly now: Time;
  /** What it shows, for who can't see it. */
  readonly label: string;
  readonly marks?: readonly Mark[];
}

export interface Plot {
  readonly svg: Html;
  /** What the top and the bottom of the plot are. */
  readonly high: number;
  readonly low: number;
}

/** Null while there is nothing to draw a line between. */
export function plot({ signal, series, now, label, marks = [], width, height }: PlotOptions): Plot | null {
  // As precise as what is remembered, so that an average at its threshold lies on the line.
  const threshold = Math.fround(viewOf(signal.rule.detector, signal.record).threshold);
  const known = [...series.values, ...series.emas].filter(Number.isFinite);
  const start = series.times[0];
  if (known.length < 4 || start === undefined) return null;
  const [low, high] = rangeOf([...known, threshold].filter(Number.isFinite));
  const scale: Scale = {
    x: (time) => round(((time - start) / Math.max(now - start, 1)) * width),
    y: (value) => round((1 - (value - low) / (high - low)) * (height - 2) + 1),
  };
  const svg = html`<svg class="plot" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${label}">
${shades(series, scale, { height, now })}${Number.isFinite(threshold) && html`<path class="threshold" d="M0 ${scale.y(threshold)}H${width}"/>`}
<path class="value" d="${line(series.times, series.values, scale)}"/>
<path class="ema" d="${line(series.times, series.emas, scale)}"/>${marks
    .filter(({ at }) => at >= start && at <= now)
    .map(
      ({ at, kind, title }) =>
        html`<path class="mark ${kind}" d="M${scale.x(at)} 0V${height}"><title>${title}</title></path>`,
    )}</svg>`;
  return { svg, high, low };
}

interface Scale {
  x(time: Time): number;
  y(value: number): number;
}

const round = (coordinate: number) => Math.round(coordinate * 2) / 2;

/** A flat line lies in the middle. */
function rangeOf(values: readonly number[]): readonly [low: number, high: number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = high > low ? 0 : Math.abs(low) / 10 || 1;
  return [low - room, high + room];
}

/** Broken where nothing was known. Steps relative to the last point are shorter than places. */
function line(times: readonly Time[], values: readonly number[], scale: Scale): string {
  let path = '';
  let last: readonly [number, number] | null = null;
  for (const [index, value] of values.entries()) {
    if (!Number.isFinite(value)) {
      last = null;
      continue;
    }
    const [x, y] = [scale.x(times[index]!), scale.y(value)];
    path += last === null ? `M${x} ${y}` : `l${x - last[0]} ${y - last[1]}`;
    last = [x, y];
  }
  return path;
}

const SHADED: Readonly<Record<string, string>> = {
  pending: 'pending',
  drifting: 'drifting',
  recovering: 'drifting',
};

/** From each change of the phase to the next. */
function shades(
  { times, phases }: RecentSeries,
  scale: Scale,
  { height, now }: { readonly height: number; readonly now: Time },
): readonly Html[] {
  const shaded: Html[] = [];
  for (let from = 0; from < times.length; ) {
    let to = from + 1;
    while (to < times.length && phases[to] === phases[from]) to++;
    const name = SHADED[PHASES[phases[from]!] ?? ''];
    if (name) {
      const x = scale.x(times[from]!);
      const width = scale.x(times[to] ?? now) - x;
      shaded.push(html`<rect class="${name}" x="${x}" y="0" width="${width}" height="${height}"/>`);
    }
    from = to;
  }
  return shaded;
}

/** What a plot says, as a sentence for who can't see it. */
export function plotLabel(metric: string, series: RecentSeries, judgement: string): string {
  const first = series.emas.find(Number.isFinite);
  if (first === undefined) return `${metric}: nothing is remembered yet.`;
  return `Average of ${metric} over recent time, now ${judgement}.`;
}
