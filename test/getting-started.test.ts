/**
 * A newcomer's path: every block of docs/getting-started.md, run literally, in order, in one shell, in an empty folder. Two
 * things differ: ports are free ones, and `npm ci` links the packages that are here, because to install them anew takes a minute.
 */
import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ROOT, readPage } from './support/docs/pages.ts';
import { freePort } from './support/free-port.ts';
import { describeWith } from './support/requirements.ts';
import { scratch } from './support/scratch.ts';

const FILE = 'docs/getting-started.md';
const PORTS = [8000, 8080, 9090, 9822];

/** What is here, committed or not, as a repository that can be cloned. */
function makeRepository(folder: string): void {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' });
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  for (const file of files.split('\0').filter((name) => name !== '' && existsSync(join(ROOT, name)))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(ROOT, file), join(folder, file));
  }
  git('init', '--quiet');
  git('add', '--all');
  git('-c', 'user.name=tests', '-c', 'user.email=tests@localhost', 'commit', '--quiet', '--message=as it is');
}

/** A bash that is given one block after the other, as a person would type them. */
class Terminal implements AsyncDisposable {
  readonly #shell: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #folder: string;
  #output = '';
  #ended = false;
  #blocks = 0;

  constructor({ folder, env }: { folder: string; env: NodeJS.ProcessEnv }) {
    this.#folder = folder;
    // A group of its own, so that what it leaves behind can be ended.
    this.#shell = spawn('bash', ['-eu'], { cwd: folder, env, detached: true });
    this.#exited = once(this.#shell, 'exit').then(() => {
      this.#ended = true;
    });
    for (const stream of [this.#shell.stdout!, this.#shell.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
  }

  /** Runs a block to its end; gives what it printed. Rejects where a command fails. */
  async run(block: string): Promise<string> {
    const file = join(this.#folder, `.block-${++this.#blocks}.sh`);
    const end = `block ${this.#blocks} is over`;
    writeFileSync(file, block);
    const from = this.#output.length;
    this.#shell.stdin!.write(`. "${file}" < /dev/null\necho "${end}"\n`);
    while (!this.#output.includes(end)) {
      if (this.#ended) throw new Error(`the shell ended in\n${block}\nafter\n${this.#output.slice(from)}`);
      await Promise.race([once(this.#shell.stdout!, 'data'), this.#exited]);
    }
    return this.#output.slice(from).replace(`${end}\n`, '');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      process.kill(-this.#shell.pid!, 'SIGKILL');
    } catch {
      // All of it has ended.
    }
    await this.#exited;
  }
}

describeWith(['prometheus', 'curl'], 'docs/getting-started.md', () => {
  it('leads to a drift on the page and in Prometheus, when it is followed literally', {
    timeout: 180_000,
  }, async () => {
    using folder = scratch();
    const repository = folder.file('repository');
    const empty = folder.file('empty');
    mkdirSync(repository);
    mkdirSync(empty);
    makeRepository(repository);
    const ports = new Map(await Promise.all(PORTS.map(async (port) => [port, await freePort()] as const)));
    const text = PORTS.reduce(
      (page, port) => page.replaceAll(new RegExp(`\\b${port}\\b`, 'g'), String(ports.get(port))),
      readFileSync(join(ROOT, FILE), 'utf8'),
    );
    const page = readPage(FILE, text);
    const names = [...text.matchAll(/^Save this as `(\S+)`:\n\n```yaml$/gm)].map(([, name]) => name!);

    await using terminal = new Terminal({ folder: empty, env: { ...process.env, REPOSITORY: repository } });
    // A test that takes too long is left where it stands.
    onTestFinished(() => terminal[Symbol.asyncDispose]());
    await terminal.run(
      `npm() { if [ "$1" = ci ]; then ln -s '${ROOT}/node_modules' node_modules; else command npm "$@"; fi; }`,
    );
    const url = `http://localhost:${ports.get(9822)}/`;
    const pages: string[] = [];
    let printed = '';
    for (const block of page.blocks) {
      if (block.language === 'yaml') writeFileSync(join(empty, names.shift()!), block.text);
      else if (block.language === 'text') expect(printed, block.place).toMatch(asPattern(block.text));
      else printed = await terminal.run(block.text);
      // Where the reader is told to look.
      if (/cli\.js run|state=drifting/.test(block.text)) pages.push(await (await fetch(url)).text());
    }
    expect(names).toEqual([]);

    expect(text).toContain(`<${url}>`);
    const [quiet, alarmed] = pages.map((html) => /<main.*<\/main>/s.exec(html)![0]);
    expect(quiet).toContain('fraud');
    expect(quiet).not.toMatch(/drifting/i);
    expect(alarmed).toMatch(/drifting/i);
    await terminal.run('wait\n');
    await expect(fetch(url), 'all was tidied up').rejects.toThrow('fetch failed');
  });
});

/** `…` stands for anything. */
function asPattern(shown: string): RegExp {
  const parts = shown
    .trim()
    .split('…')
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(parts.join('[^\\n]*?'));
}
