/** Commands of ours in shell text: whether they, their flags and npm scripts exist. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLI } from '../program.ts';
import { ROOT } from './pages.ts';

/** Where a command can stand: a container may be called like us, too. */
const OURS =
  /(?:^|[;&|(`]|\s--(?=\s)|\btime\b)[ \t]*(?:\w+=\S* +)*(?:driftgauge|node (?:\S*\/)?dist\/cli\.js)[ \t]+([a-z-][^;&|`)\n]*)/gm;
const NPM_RUN = /\bnpm (?:run|run-script)(?: --?[\w-]+)* ([\w:-]+)/g;

/** What is wrong with the commands in a text; empty where all exist. */
export function commandFaults(shell: string): readonly string[] {
  const text = shell.replaceAll(/\\\n\s*/g, ' ');
  return [
    ...[...text.matchAll(NPM_RUN)].flatMap(([, script]) =>
      scripts.has(script!) ? [] : [`there is no npm script ${script}`],
    ),
    ...[...text.matchAll(OURS)].flatMap(([, rest]) => faultsOf(rest!.trim().split(/\s+/))),
  ];
}

const scripts: ReadonlySet<string> = new Set(
  Object.keys((JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object }).scripts),
);

function faultsOf(words: readonly string[]): readonly string[] {
  const command: string[] = [];
  for (const word of words) {
    if (!subcommandsOf(command).has(word)) break;
    command.push(word);
  }
  const named = ['driftgauge', ...command].join(' ');
  const flags = flagsOf(command);
  const unknown = words.filter(
    (word) => word.startsWith('--') && word !== '--' && !flags.has(word.split('=')[0]!),
  );
  const next = words[command.length];
  const missing = next !== undefined && subcommandsOf(command).size > 0 && /^[a-z]/.test(next);
  return [
    ...(missing ? [`${named} has no command ${next}`] : []),
    ...unknown.map((flag) => `${named} has no flag ${flag}`),
  ];
}

const helps = new Map<string, string>();

function helpOf(command: readonly string[]): string {
  const key = command.join(' ');
  let help = helps.get(key);
  if (help === undefined) {
    const { stdout, status } = spawnSync(process.execPath, [CLI, ...command, '--help'], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`driftgauge ${key} --help ended with ${status}`);
    help = stdout;
    helps.set(key, help);
  }
  return help;
}

function subcommandsOf(command: readonly string[]): ReadonlySet<string> {
  const [, list = ''] = helpOf(command).split(/^Commands:$/m);
  return new Set(
    [...list.matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, name]) => name!).filter((name) => name !== 'help'),
  );
}

function flagsOf(command: readonly string[]): ReadonlySet<string> {
  return new Set([...helpOf(command).matchAll(/^ +(?:-\w, )?(--[\w.-]+)/gm)].map(([, flag]) => flag!));
}
