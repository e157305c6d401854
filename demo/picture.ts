/** The live picture: value, EMA and threshold over the last half minute, in braille, and the drift state below. Pure. */
import { numberText, pairText } from './numbers.ts';
import type { SignalView } from './snapshot.ts';

export type Style = 'cyan' | 'yellow' | 'red' | 'green' | 'dim' | 'bold';
/** Colours a text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

/** One look at a signal. */
export type Point = Pick<SignalView, 'value' | 'ema' | 'threshold' | 'state' | 'bound' | 'model'>;

const TOP = 1;
const BOTTOM = 0.65;
const ROWS = 7;
const LEVELS = ROWS * 4;
const GUTTER = 8;
const MAX_WIDTH = 72;
/** Points side by side in one character. */
const POINTS_PER_CELL = 2;
export const MAX_POINTS = MAX_WIDTH * POINTS_PER_CELL;

const SPARKLINE_POINTS = 24;
const BLOCKS = '▁▂▃▄▅▆▇█';
const STATE_BLOCK: Readonly<Record<Point['state'], string>> = {
  warming: '▁',
  ok: '▁',
  pending: '▄',
  drifting: '█',
  recovering: '▄',
};
const STATE_STYLE: Readonly<Record<Point['state'], Style>> = {
  warming: 'dim',
  ok: 'green',
  pending: 'yellow',
  drifting: 'red',
  recovering: 'yellow',
};

/** Lines of at most `columns` characters; `note` says in a few words how things stand. */
export function drawPicture(
  points: readonly Point[],
  { columns, paint, note }: { readonly columns: number; readonly paint: Paint; readonly note: string },
): string[] {
  const last = points.at(-1);
  const width = Math.min(MAX_WIDTH, columns - GUTTER - 2);
  if (!last || width < 16) return [];
  const shown = points.slice(-width * POINTS_PER_CELL);
  const state = paint(STATE_STYLE[last.state], last.state);
  const rest = width - last.state.length;
  return [
    `${' '.repeat(GUTTER)}${drawHeader(last, { width, paint })}`,
    ...drawPlot(shown, { width, paint }),
    `   state ${drawStates(shown, paint)}`,
    `${' '.repeat(GUTTER)}${state}${note !== '' && rest > 4 ? paint('dim', `  ${cut(note, rest - 2)}`) : ''}`,
  ];
}

/** In one line, for where nothing can be redrawn. */
export function drawSparkline(points: readonly Point[]): string {
  const last = points.at(-1);
  if (!last) return '';
  const blocks = points
    .slice(-SPARKLINE_POINTS)
    .map(({ ema }) => BLOCKS[levelOf(ema, BLOCKS.length)])
    .join('');
  const { model, value, bound, state } = last;
  const [ema, threshold] = pairText(last.ema, last.threshold);
  const numbers = `value ${numberText(value)}, EMA ${ema}, drifts ${bound} ${threshold}`;
  return `${blocks.padStart(SPARKLINE_POINTS)}  accuracy of ${model.name} ${model.version}: ${numbers}, ${state}`;
}

function drawHeader(point: Point, { width, paint }: { width: number; paint: Paint }): string {
  const { model, value, bound } = point;
  const [ema, threshold] = pairText(point.ema, point.threshold);
  const parts: readonly (readonly [Style, string])[] = [
    ['bold', `accuracy of ${model.name} ${model.version}`],
    ['dim', `⠂ value ${numberText(value)}`],
    ['cyan', `⠒ EMA ${ema}`],
    ['yellow', `╌ ${bound} ${threshold}`],
  ];
  const fitting: string[] = [];
  let length = 0;
  for (const [style, text] of parts) {
    length += text.length + 3;
    if (length - 3 > width) break;
    fitting.push(paint(style, text));
  }
  return fitting.join('   ');
}

function drawPlot(points: readonly Point[], { width, paint }: { width: number; paint: Paint }): string[] {
  const values = new Uint8Array(ROWS * width);
  const emas = new Uint8Array(ROWS * width);
  const dot = (layer: Uint8Array, column: number, level: number) => {
    const fromTop = LEVELS - 1 - level;
    const cell = Math.floor(fromTop / 4) * width + Math.floor(column / POINTS_PER_CELL);
    layer[cell]! |= BRAILLE[column % POINTS_PER_CELL]![fromTop % 4]!;
  };
  let before: Point | undefined;
  for (const [column, point] of points.entries()) {
    dot(values, column, levelOf(point.value, LEVELS));
    const level = levelOf(point.ema, LEVELS);
    // A line, unless another version begins here.
    const from = before?.model.version === point.model.version ? levelOf(before.ema, LEVELS) : level;
    const step = Math.sign(level - from);
    dot(emas, column, level);
    for (let between = from + step; step !== 0 && between !== level; between += step) {
      dot(emas, column, between);
    }
    before = point;
  }
  const threshold = points.at(-1)!.threshold;
  const thresholdRow = Math.floor((LEVELS - 1 - levelOf(threshold, LEVELS)) / 4);
  const labels = new Map([
    [0, TOP],
    [ROWS - 1, BOTTOM],
    [thresholdRow, threshold],
  ]);
  return Array.from({ length: ROWS }, (_, row) => {
    const label = labels.get(row)?.toFixed(2) ?? '';
    const cells = Array.from({ length: width }, (_, column): Cell => {
      const cell = row * width + column;
      const bits = values[cell]! | emas[cell]!;
      if (bits > 0) return [emas[cell]! > 0 ? 'cyan' : 'dim', String.fromCharCode(BRAILLE_BLANK + bits)];
      return row === thresholdRow ? ['yellow', '╌'] : ['dim', ' '];
    });
    return `${label.padStart(GUTTER - 2)} ${paintCells([['dim', '│'], ...cells], paint)}`;
  });
}

type Cell = readonly [style: Style, character: string];

/** Neighbours of one style are painted at once, so that a frame stays small. */
function paintCells(cells: readonly Cell[], paint: Paint): string {
  let line = '';
  for (let from = 0; from < cells.length; ) {
    const [style] = cells[from]!;
    let to = from + 1;
    while (to < cells.length && cells[to]![0] === style) to++;
    const run = cells.slice(from, to).map(([, character]) => character);
    line += paint(style, run.join(''));
    from = to;
  }
  return line;
}

const BRAILLE_BLANK = 0x2800;
/** By column and by row from the top, as Unicode numbers the dots of its braille patterns. */
const BRAILLE = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
];

function drawStates(points: readonly Point[], paint: Paint): string {
  const cells: Cell[] = [];
  for (let index = 0; index < points.length; index += POINTS_PER_CELL) {
    const { state } = points[Math.min(index + POINTS_PER_CELL, points.length) - 1]!;
    cells.push([STATE_STYLE[state], STATE_BLOCK[state]]);
  }
  return paintCells(cells, paint);
}

/** 0 at the bottom, `levels - 1` at the top; what lies outside is drawn at the edge. */
function levelOf(value: number, levels: number): number {
  const level = Math.round(((value - BOTTOM) / (TOP - BOTTOM)) * (levels - 1));
  return Math.min(Math.max(level, 0), levels - 1);
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(0, length - 1))}…`;
}
