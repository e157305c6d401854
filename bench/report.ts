/** The results as a table for the terminal and as the page docs/performance.md. */
import type { MeasuredFigure, Ratio, Row } from './figure.ts';
import type { Machine } from './machine.ts';

export interface Results {
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly quick: boolean;
  readonly machine: Machine;
  readonly figures: readonly MeasuredFigure[];
}

/** Three significant digits, whole numbers as they are, never an exponent. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Number.isInteger(value)
    ? 0
    : Math.min(Math.max(2 - Math.floor(Math.log10(Math.abs(value))), 0), 6);
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function formatRatio({ median, low, high }: Ratio): string {
  const spread = low === high ? '' : ` (${formatNumber(low)}–${formatNumber(high)})`;
  return `${formatNumber(median)}×${spread}`;
}

export function formatVerdict({ median, goal }: Ratio): string {
  if (goal === undefined) return '';
  if (median >= goal) return `at least ${goal}: met`;
  return `at least ${goal}: missed by ${formatNumber((1 - median / goal) * 100)} %`;
}

/** Why a figure has no numbers; undefined where it has. */
export function absence(figure: MeasuredFigure): string | undefined {
  if ('skipped' in figure) return `skipped: ${figure.skipped}`;
  if ('failed' in figure) return `failed: ${figure.failed.split('\n')[0]}`;
  return undefined;
}

export function terminalReport({ figures }: Results): string {
  const parts = figures.map((figure) => {
    const head = `${figure.name}: ${figure.title}`;
    if ('skipped' in figure || 'failed' in figure) return `${head}\n  ${absence(figure)}`;
    const tables = [cellsOf(figure.rows), ratioCells(figure.ratios)].filter((cells) => cells.length > 1);
    return [
      head,
      ...tables.map((cells) => indent(plainTable(cells))),
      ...figure.remarks.map(({ text }) => `  ${text}`),
    ].join('\n');
  });
  return `${parts.join('\n\n')}\n`;
}

export function markdownReport({ date, machine, figures }: Results): string {
  const goals = figures.flatMap((figure) =>
    'ratios' in figure
      ? figure.ratios.filter(({ goal }) => goal !== undefined).map((ratio) => ({ figure, ratio }))
      : [],
  );
  const summary = [
    ['figure', 'ratio', 'measured', 'goal'],
    ...goals.map(({ figure, ratio }) => [figure.title, ratio.what, formatRatio(ratio), formatVerdict(ratio)]),
  ];
  return `# Performance

This page is the output of \`npm run bench\`, which measures the shipped program beside other programs, or beside the least that the
machine can do, in one run on one machine. Numbers differ from machine to machine, and from minute to minute on a busy one; the ratios are what
to go by. Variants take turns; a ratio is the median over the rounds, with the quartiles in brackets where there were rounds. Everything
runs on one host over loopback.

${markdownTable(summary)}
Taken on ${date}:

${machineList(machine)}
${figures.map(markdownFigure).join('\n')}`;
}

function markdownFigure(figure: MeasuredFigure): string {
  const { name, title, method } = figure;
  const head = `## ${title}\n\n`;
  const text = `${method}\n\nRun it alone: \`npm run bench -- --only ${name}\`\n`;
  if ('skipped' in figure || 'failed' in figure) return `${head}Not measured, ${absence(figure)}.\n\n${text}`;
  const ratios = ratioCells(figure.ratios);
  return [
    head,
    `${markdownTable(cellsOf(figure.rows))}\n`,
    ratios.length > 1 ? `${markdownTable(ratios)}\n` : '',
    ...figure.remarks.map((remark) => `${remark.text}\n\n`),
    text,
  ].join('');
}

function machineList(machine: Machine): string {
  const lines = [
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB`,
    `${machine.system}, temporary files on ${machine.fileSystem}`,
    `Driftgauge ${machine.driftgauge} on Node ${machine.node} with SQLite ${machine.sqlite}`,
    `Prometheus ${machine.prometheus}, Alertmanager ${machine.alertmanager}`,
    `prom-client ${machine.promClient}, parse-prometheus-text-format ${machine.parsePrometheusTextFormat}`,
  ];
  return lines.map((line) => `- ${line}\n`).join('');
}

/** Columns in the order in which the rows first name them. */
function cellsOf(rows: readonly Row[]): string[][] {
  const columns = [...new Set(rows.flatMap(({ cells }) => Object.keys(cells)))];
  return [
    ['', ...columns],
    ...rows.map(({ what, cells }) => [
      what,
      ...columns.map((column) => (cells[column] === undefined ? '' : formatNumber(cells[column]))),
    ]),
  ];
}

function ratioCells(ratios: readonly Ratio[]): string[][] {
  return [
    ['ratio', 'measured', 'goal'],
    ...ratios.map((ratio) => [ratio.what, formatRatio(ratio), formatVerdict(ratio)]),
  ];
}

function plainTable(cells: readonly (readonly string[])[]): string {
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells
    .map((row) =>
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))),
    )
    .map((row) => row.join('  ').trimEnd())
    .join('\n');
}

function markdownTable([head, ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  // Columns of numbers go to the right.
  const numeric = (column: number) => rows.every((row) => /^(\d[\d.,]*)?$/.test(row[column]!));
  const rule = head!.map((_, column) => (column > 0 && numeric(column) ? '---:' : '---'));
  return [line(head!), line(rule), ...rows.map(line)].join('');
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}
