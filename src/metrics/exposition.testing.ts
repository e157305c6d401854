/** Reads a page back, line by line and strictly, and asks Debian's promtool what it thinks of one. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

export interface ReadSample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

export interface ReadFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly ReadSample[];
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/s;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/gy;

/** Throws at the first line that is not as the format wants it. */
export function readPage(page: string): ReadFamily[] {
  const families: (Omit<ReadFamily, 'samples'> & { samples: ReadSample[] })[] = [];
  const lines = page.split('\n');
  if (lines.pop() !== '') throw new Error('the last line does not end');
  if (lines.at(-1) === '# EOF') lines.pop();
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    const help = /^# HELP (\S+) (.+)$/.exec(line);
    if (help) {
      const type = /^# TYPE (\S+) (\S+)$/.exec(lines[++at]!);
      if (!type || type[1] !== help[1]) throw new Error(`HELP without TYPE: ${line}`);
      families.push({ name: help[1]!, help: help[2]!, type: type[2]!, samples: [] });
    } else {
      const sample = readSample(line);
      const family = families.at(-1);
      if (!family || !sample.name.startsWith(family.name)) throw new Error(`outside of its family: ${line}`);
      family.samples.push(sample);
    }
  }
  return families;
}

function readSample(line: string): ReadSample {
  const match = SAMPLE.exec(line);
  if (!match) throw new Error(`no sample: ${line}`);
  const [, name, text = '', value] = match;
  const labels = new Map<string, string>();
  let end = 0;
  for (const [all, label, escaped] of text.matchAll(LABEL)) {
    if (labels.has(label!)) throw new Error(`a label comes twice: ${line}`);
    labels.set(
      label!,
      escaped!.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character)),
    );
    end += all.length;
  }
  if (end !== text.length) throw new Error(`bad labels: ${line}`);
  return { name: name!, labels, value: readValue(value!) };
}

function readValue(text: string): number {
  if (text === 'NaN') return Number.NaN;
  if (/^[+-]Inf$/.test(text)) return text === '+Inf' ? Infinity : -Infinity;
  if (!/^-?\d+(\.\d+)?(e[+-]\d+)?$/.test(text)) throw new Error(`no number: ${text}`);
  return Number(text);
}

const promtool = spawnSync('promtool', ['--version']).status === 0;

/** A test that needs promtool: skipped where it is missing, a failure where `CI` is true. */
export function itWithPromtool(name: string, test: () => void | Promise<void>): void {
  if (promtool || process.env['CI'] === 'true') it(name, test);
  else it.skip(`${name} (promtool is missing: apt-get install prometheus)`, test);
}

export function expectCleanPage(page: Uint8Array): void {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: page });
  expect({ status, stdout: String(stdout), stderr: String(stderr) }).toEqual({
    status: 0,
    stdout: '',
    stderr: '',
  });
}
