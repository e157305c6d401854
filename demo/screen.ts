/** The terminal: lines that scroll, and below them a picture that is redrawn in place. Without a terminal there are only lines. */
import type { WriteStream } from 'node:tty';
import { stripVTControlCharacters, styleText } from 'node:util';
import type { Paint } from './picture.ts';
import type { Happening } from './story.ts';

const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
const CLEAR_TO_END_OF_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';

const TONES = { good: 'green', bad: 'red', key: 'bold' } as const;
const MAX_TEXT_WIDTH = 100;
const TIME_WIDTH = 7;
const WHO_WIDTH = 11;

export interface Screen extends Disposable {
  /** Whether a picture can be redrawn. */
  readonly live: boolean;
  readonly columns: number;
  readonly paint: Paint;
  print(text: string): void;
  /** One line of the story, its time in milliseconds since the beginning. */
  tell(happening: Omit<Happening, 'atMs'>, sinceStartMs: number): void;
  /** Takes the place of the picture before. */
  show(picture: readonly string[]): void;
}

export function createScreen(stream: NodeJS.WriteStream): Screen {
  const live = stream.isTTY === true && process.env['TERM'] !== 'dumb';
  const terminal = stream as WriteStream;
  const paint: Paint = (style, text) => styleText(style, text, { stream });
  let picture: readonly string[] = [];
  let widths: readonly number[] = [];

  const columns = () => (live ? terminal.columns || 80 : Infinity);

  /** Goes up to where the picture begins; after the window was narrowed its lines take several rows each. */
  const up = (): string => {
    const rows = widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns())), 0);
    return rows === 0 ? '' : `\x1b[${rows}A\r`;
  };
  const write = (lines: readonly string[]): void => {
    if (!live) {
      for (const line of lines) stream.write(`${line}\n`);
      return;
    }
    const fits = picture.length + 2 < (terminal.rows || 24);
    const shown = fits ? picture : [];
    const text = [...lines, ...shown].map((line) => `${line}${CLEAR_TO_END_OF_LINE}\n`).join('');
    stream.write(`${up()}${text}${CLEAR_BELOW}`);
    widths = shown.map((line) => stripVTControlCharacters(line).length);
  };
  const showCursor = () => stream.write(SHOW_CURSOR);
  if (live) {
    stream.write(HIDE_CURSOR);
    process.once('exit', showCursor);
  }

  return {
    live,
    paint,
    get columns() {
      return columns();
    },
    print(text) {
      write(text.split('\n'));
    },
    tell({ who, text, tone }, sinceStartMs) {
      const indent = TIME_WIDTH + WHO_WIDTH + 2;
      const [first = '', ...rest] = live
        ? wrap(text, Math.min(columns() - indent - 1, MAX_TEXT_WIDTH))
        : [text];
      const painted = (line: string) => (tone === undefined ? line : paint(TONES[tone], line));
      const time = `${(sinceStartMs / 1000).toFixed(1)}s`.padStart(TIME_WIDTH);
      write([
        `${paint('dim', time)}  ${paint('bold', who.padEnd(WHO_WIDTH))}${painted(first)}`,
        ...rest.map((line) => `${' '.repeat(indent)}${painted(line)}`),
      ]);
    },
    show(next) {
      if (!live) return;
      picture = next;
      write([]);
    },
    [Symbol.dispose]() {
      if (!live) return;
      process.off('exit', showCursor);
      showCursor();
      // What is printed from now on comes below the last picture.
      picture = [];
      widths = [];
    },
  };
}

/** Breaks at spaces; a word that is too long stays whole. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
