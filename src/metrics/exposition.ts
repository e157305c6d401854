/**
 * Writes samples as Prometheus text 0.0.4 or OpenMetrics 1.0 into one growing buffer. Label values may hold anything;
 * each distinct value stays its own series. It knows the formats, not our metrics.
 */

export type ExpositionFormat = 'text' | 'openmetrics';

/** What the header of a family says; `type` is any of the formats' words. */
export interface FamilyHeader {
  readonly name: string;
  readonly type: string;
  readonly help: string;
}

/** A set of labels as it stands in a line, the blank before the value included. */
export type EncodedLabels = Uint8Array & { readonly __labels?: never };

export type LabelPair = readonly [name: string, value: string];

export const NO_LABELS: EncodedLabels = Buffer.from(' ');

export function encodeLabels(pairs: readonly LabelPair[]): EncodedLabels {
  return pairs.length === 0 ? NO_LABELS : Buffer.from(`{${labelText(pairs)}} `);
}

/** To be appended to labels that are not empty. */
export function encodeExtraLabels(pairs: readonly LabelPair[]): EncodedLabels {
  return Buffer.from(`,${labelText(pairs)}} `);
}

/** What `encodeLabels` ends with, and what extra labels replace. */
const CLOSING_BYTES = 2;

function labelText(pairs: readonly LabelPair[]): string {
  return pairs.map(([name, value]) => `${name}="${escapeText(value)}"`).join(',');
}

/** The formats know three escapes; all else, control characters included, stands for itself. */
function escapeText(text: string): string {
  return /[\\"\n]/.test(text)
    ? text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
    : text;
}

/** Round-trip exact: the shortest text that reads back as the same float. */
export function formatValue(value: number): string {
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

/** OpenMetrics wants bounds as floats, so that all exposers name a bucket alike. */
export function formatBound(bound: number, format: ExpositionFormat): string {
  return format === 'openmetrics' && Number.isInteger(bound) && Math.abs(bound) < 1e21
    ? `${bound}.0`
    : formatValue(bound);
}

/** The longest number is 24 characters: `-1.2345678901234567e-308`. */
const VALUE_BYTES = 32;
const ZERO = 48;
const MINUS = 45;
const NEWLINE = 10;

export class Exposition {
  readonly format: ExpositionFormat;
  #buffer: Buffer;
  #length = 0;
  #family: FamilyHeader | null = null;
  #headed = false;
  #name: Uint8Array = new Uint8Array(0);

  /** `buffer` is written over; a bigger one takes its place where it is too small. */
  constructor(format: ExpositionFormat, buffer: Buffer = Buffer.allocUnsafeSlow(64 * 1024)) {
    this.format = format;
    this.#buffer = buffer;
  }

  /** Begins a family: all samples up to the next call are its own. One without samples leaves no trace. */
  family(family: FamilyHeader): void {
    this.#family = family;
    this.#headed = false;
    this.#name = Buffer.from(family.name);
  }

  /** `extra` comes from `encodeExtraLabels`; then `labels` must not be empty. */
  sample(labels: EncodedLabels, value: number, extra?: EncodedLabels): void {
    this.#line(this.#name, labels, value, extra);
  }

  /**
   * One sample for each row of the columns, the shape of most of a page: no value is boxed on its way, and what
   * every line needs is at hand.
   */
  column(labels: readonly EncodedLabels[], values: Float64Array, extras?: readonly EncodedLabels[]): void {
    if (labels.length === 0) return;
    if (!this.#headed) this.#header();
    const name = this.#name;
    let buffer = this.#buffer;
    let at = this.#length;
    let lastValue = Number.NaN;
    let text = '';
    for (let row = 0; row < labels.length; row++) {
      const label = labels[row]!;
      const extra = extras?.[row];
      const most = name.length + label.length + (extra?.length ?? 0) + VALUE_BYTES;
      if (at + most > buffer.length) {
        this.#length = at;
        this.#grow(most);
        buffer = this.#buffer;
      }
      buffer.set(name, at);
      at += name.length;
      buffer.set(label, at);
      at += label.length;
      if (extra) {
        at -= CLOSING_BYTES;
        buffer.set(extra, at);
        at += extra.length;
      }
      const value = values[row]!;
      if (value === 0) {
        // A flag that is down: most of a page.
        if (Object.is(value, -0)) buffer[at++] = MINUS;
        buffer[at++] = ZERO;
      } else {
        // Neighbours in a column are often equal: a threshold, the time of a scrape.
        if (value !== lastValue) {
          text = formatValue(value);
          lastValue = value;
        }
        // Numbers are short: a loop is faster than a call out of JavaScript.
        for (let i = 0; i < text.length; i++) buffer[at++] = text.charCodeAt(i);
      }
      buffer[at++] = NEWLINE;
    }
    this.#length = at;
  }

  /** A sample of a histogram or a summary: `suffix` is `_bucket`, `_sum` or `_count`. */
  part(suffix: string, labels: EncodedLabels, value: number): void {
    this.#line(Buffer.from(this.#family!.name + suffix), labels, value);
  }

  /** The page, and the buffer that it is a view of: to be used again once nobody reads the page. */
  finish(): { readonly page: Buffer; readonly buffer: Buffer } {
    if (this.format === 'openmetrics') this.#text('# EOF\n');
    return { page: this.#buffer.subarray(0, this.#length), buffer: this.#buffer };
  }

  #header(): void {
    const { name, type, help } = this.#family!;
    const openMetrics = this.format === 'openmetrics';
    // OpenMetrics names the family of a counter without the suffix of its samples.
    const family = openMetrics && type === 'counter' ? name.replace(/_total$/, '') : name;
    const escaped = openMetrics ? escapeText(help) : help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
    this.#text(`# HELP ${family} ${escaped}\n# TYPE ${family} ${type}\n`);
    this.#headed = true;
  }

  #line(name: Uint8Array, labels: EncodedLabels, value: number, extra?: EncodedLabels): void {
    if (!this.#headed) this.#header();
    const most = name.length + labels.length + (extra?.length ?? 0) + VALUE_BYTES;
    if (this.#length + most > this.#buffer.length) this.#grow(most);
    const buffer = this.#buffer;
    let at = this.#length;
    buffer.set(name, at);
    at += name.length;
    buffer.set(labels, at);
    at += labels.length;
    if (extra) {
      at -= CLOSING_BYTES;
      buffer.set(extra, at);
      at += extra.length;
    }
    at += buffer.write(formatValue(value), at, 'latin1');
    buffer[at++] = NEWLINE;
    this.#length = at;
  }

  #text(text: string): void {
    const most = text.length * 3;
    if (this.#length + most > this.#buffer.length) this.#grow(most);
    this.#length += this.#buffer.write(text, this.#length);
  }

  #grow(by: number): void {
    const bigger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#length + by));
    bigger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = bigger;
  }
}
