/** What a figure is: rows of measurements, ratios between them with their goals, and how they were taken. */
import type { Spread } from './stats.ts';

export interface Row {
  readonly what: string;
  /** By column; the column's name carries the unit. */
  readonly cells: Readonly<Record<string, number>>;
}

export interface Ratio extends Spread {
  readonly what: string;
  /** At least; without one the ratio is for information. */
  readonly goal?: number;
}

export interface Figure {
  readonly rows: readonly Row[];
  readonly ratios: readonly Ratio[];
  /** Facts of this run that the reader needs, one sentence each; counts and the like. */
  readonly remarks: readonly { readonly text: string }[];
}

export interface Skipped {
  readonly skipped: string;
}

export interface MeasureOptions {
  /** Fewer rounds and shorter windows: for trying it out, not for publishing. */
  readonly quick: boolean;
}

/** One file under figures/. */
export interface FigureModule {
  readonly title: string;
  /** How it is measured: honest sentences for the reader of the docs. */
  readonly method: string;
  measure(options: MeasureOptions): Promise<Figure | Skipped>;
}

/** A figure as it stands in results.json. */
export type MeasuredFigure = { readonly name: string; readonly title: string; readonly method: string } & (
  | Figure
  | Skipped
  | { readonly failed: string }
);

/** For values that have no rounds of their own. */
export function exactRatio(what: string, value: number, goal?: number): Ratio {
  return { what, median: value, low: value, high: value, ...(goal !== undefined && { goal }) };
}
