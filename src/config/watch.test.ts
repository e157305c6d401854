import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, ManualClock, systemClock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { silentLogger } from '../log.ts';
import { watchConfig } from './watch.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftgauge-watch-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Counts changes, and lets a test wait for the next one that it has not waited for yet. */
class Changes {
  count = 0;
  #awaited = 0;
  #arrived = Promise.withResolvers<void>();

  readonly onChange = (): void => {
    this.count++;
    this.#arrived.resolve();
  };

  async next(): Promise<void> {
    this.#awaited++;
    while (this.count < this.#awaited) {
      await this.#arrived.promise;
      this.#arrived = Promise.withResolvers();
    }
  }
}

function start(file: string, options: { clock?: Clock; log?: Logger } = {}) {
  const changes = new Changes();
  const { clock = systemClock, log = silentLogger } = options;
  return { changes, watching: watchConfig({ file, clock, log, onChange: changes.onChange }) };
}

/** What kubelet does to update a mounted ConfigMap: a new folder, and a rename of the link that leads to it. */
class ConfigMapVolume {
  readonly file: string;
  readonly #root: string;
  #generation = 0;
  #current = '';

  constructor(root: string) {
    this.#root = root;
    this.file = join(root, 'driftgauge.yaml');
  }

  async mount(text: string): Promise<void> {
    await this.update(text);
    await symlink('..data/driftgauge.yaml', this.file);
  }

  async update(text: string): Promise<void> {
    const before = this.#current;
    this.#current = `..2026_${this.#generation++}`;
    await mkdir(join(this.#root, this.#current));
    await writeFile(join(this.#root, this.#current, 'driftgauge.yaml'), text);
    await symlink(this.#current, join(this.#root, '..data_tmp'));
    await rename(join(this.#root, '..data_tmp'), join(this.#root, '..data'));
    if (before !== '') await rm(join(this.#root, before), { recursive: true });
  }
}

describe('a watched config', () => {
  it('is seen to change at each of a hundred swaps of a ConfigMap', async () => {
    const volume = new ConfigMapVolume(folder);
    await volume.mount('swap: 0');
    const { changes, watching } = start(volume.file);
    await using _ = await watching;
    for (let swap = 1; swap <= 100; swap++) {
      await volume.update(`swap: ${swap}`);
      await changes.next();
    }
    expect(changes.count).toBe(100);
  });

  it('is seen to change when it is written in place, renamed into place, or deleted and made anew', async () => {
    const file = join(folder, 'c.yaml');
    await writeFile(file, 'a: 1');
    const { changes, watching } = start(file);
    await using _ = await watching;

    await writeFile(file, 'a: 2');
    await changes.next();
    await writeFile(join(folder, '.c.yaml.swp'), 'a: 3');
    await rename(join(folder, '.c.yaml.swp'), file);
    await changes.next();
    await rm(file);
    await writeFile(file, 'a: 4');
    await changes.next();
    expect(changes.count).toBe(3);
  });

  it('that is written again with the same content has not changed', async () => {
    const volume = new ConfigMapVolume(folder);
    await volume.mount('same');
    const { changes, watching } = start(volume.file);
    await using _ = await watching;
    await volume.update('same');
    await volume.update('same');
    await volume.update('other');
    await changes.next();
    expect(changes.count).toBe(1);
  });

  it('may appear later', async () => {
    const file = join(folder, 'c.yaml');
    const { changes, watching } = start(file);
    await using _ = await watching;
    await writeFile(file, 'a: 1');
    await changes.next();
  });

  it('is compared every ten seconds where no event tells, as when its folder was away for a while', async () => {
    const inner = join(folder, 'config');
    const file = join(inner, 'c.yaml');
    await mkdir(inner);
    await writeFile(file, 'a: 1');
    const clock = new ManualClock();
    const warned = Promise.withResolvers<void>();
    const back = Promise.withResolvers<void>();
    const log = { ...silentLogger, warn: () => warned.resolve(), info: () => back.resolve() };
    const { changes, watching } = start(file, { clock, log });
    await using _ = await watching;

    await rm(inner, { recursive: true });
    await clock.advance(10_000);
    await warned.promise;
    expect(changes.count).toBe(0);

    await mkdir(inner);
    await writeFile(file, 'a: 2');
    await clock.advance(10_000);
    await back.promise;
    await changes.next();
    expect(changes.count).toBe(1);
  });

  it('is watched by events again after its folder was made anew', async () => {
    const inner = join(folder, 'config');
    const file = join(inner, 'c.yaml');
    await mkdir(inner);
    await writeFile(file, 'a: 1');
    const polls: (() => void)[] = [];
    // Timers run as usual, but for the poll, which the test lets happen.
    const clock: Clock = {
      ...systemClock,
      after(delayMs, run) {
        if (delayMs < 10_000) return systemClock.after(delayMs, run);
        polls.push(run);
        return { [Symbol.dispose]() {} };
      },
    };
    const { changes, watching } = start(file, { clock });
    await using _ = await watching;

    await rm(inner, { recursive: true });
    await mkdir(inner);
    await writeFile(file, 'a: 2');
    polls.at(-1)!();
    await changes.next();
    await writeFile(file, 'a: 3');
    await changes.next();
  });

  it('goes on being watched when the one who is told throws, and logs it', async () => {
    const file = join(folder, 'c.yaml');
    await writeFile(file, 'a: 1');
    const logged: string[] = [];
    const log = {
      ...silentLogger,
      error: (_: string, fields = {}) => void logged.push(JSON.stringify(fields)),
    };
    const changes = new Changes();
    const onChange = async () => {
      changes.onChange();
      throw new Error('no');
    };
    await using _ = await watchConfig({ file, clock: systemClock, log, onChange });
    await writeFile(file, 'a: 2');
    await changes.next();
    await writeFile(file, 'a: 3');
    await changes.next();
    expect(logged[0]).toContain('no');
  });

  it('is told of one change at a time', async () => {
    const file = join(folder, 'c.yaml');
    await writeFile(file, 'a: 1');
    const calls: PromiseWithResolvers<void>[] = [];
    const changes = new Changes();
    let running = 0;
    const onChange = async () => {
      expect(++running).toBe(1);
      const call = Promise.withResolvers<void>();
      calls.push(call);
      changes.onChange();
      await call.promise;
      running--;
    };
    await using _ = await watchConfig({ file, clock: systemClock, log: silentLogger, onChange });
    await writeFile(file, 'a: 2');
    await changes.next();
    await writeFile(file, 'a: 3');
    calls[0]!.resolve();
    await changes.next();
    calls[1]!.resolve();
    expect(changes.count).toBe(2);
  });

  it('is watched no more once that is disposed', async () => {
    const file = join(folder, 'c.yaml');
    await writeFile(file, 'a: 1');
    const clock = new ManualClock();
    const { changes, watching } = start(file, { clock });
    const watcher = await watching;
    await watcher[Symbol.asyncDispose]();
    await writeFile(file, 'a: 2');
    await clock.advance(60_000);
    expect(changes.count).toBe(0);
  });
});
