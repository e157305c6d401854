/**
 * Bad pages, made by thousands from good ones: each is taken, or refused whole, and then nothing has changed. Every
 * failure that was found is kept as a case in `test/data/hostile`.
 */
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { METRICS, REFERENCE } from './support/derived-metrics.ts';
import { CONTENT_TYPES, FORMATS } from './support/good-pages.ts';
import { pageWith } from './support/hostile-edits.ts';
import { hostileScrapes, keepScrapes, keptScrapes } from './support/hostile-pages.ts';
import { startHostileServer } from './support/hostile-server.ts';
import { DEFAULT, HostileTarget, TIGHT } from './support/hostile-target.ts';
import { judge } from './support/hostile-verdict.ts';
import { LARGE_FAMILIES, LARGE_LINES } from './support/large-pieces.ts';
import type { LogLine } from './support/logging-child.ts';
import { Program } from './support/program.ts';
import type { Scratch } from './support/scratch.ts';
import { scratch } from './support/scratch.ts';

const PAGES = Number(process.env['HOSTILE_PAGES'] ?? (process.env['CI'] === 'true' ? 60_000 : 6000));
const SEED = Number(process.env['HOSTILE_SEED'] ?? Date.now() % 2 ** 31);
/** As many as come to one target, at most. */
const PAGES_PER_TARGET = 30;
/** As many targets with one bad page each. */
const OVER_HTTP = 300;

describe('a page that went wrong once', () => {
  it.each(keptScrapes())('%s', (_, scrapes) => {
    expect(judge(scrapes)).toHaveLength(scrapes.pages.length);
  });
});

describe.each(FORMATS)('a page of %s', (before) => {
  const pieces = Object.entries(before === 'protobuf' ? LARGE_FAMILIES : LARGE_LINES);
  it.each(pieces)('with %s is taken, or refused whole, in time', (_, piece) => {
    const content = pageWith(
      before,
      Buffer.concat([Buffer.from(piece()), Buffer.from(before === 'protobuf' ? '' : '\n')]),
    );
    const page = { contentType: CONTENT_TYPES[before], content };
    expect(judge({ before, pages: [page, page] }, DEFAULT)).toHaveLength(2);
  });
});

describe('bad pages', () => {
  it(`are taken, or refused whole, and what comes next is read as if they had not come (${PAGES} pages, HOSTILE_SEED=${SEED})`, {
    timeout: 600_000,
  }, () => {
    let pages = 0;
    const tally = new Map<string, number>();
    const count = (word: string) => tally.set(word, (tally.get(word) ?? 0) + 1);
    const property = fc.property(hostileScrapes(PAGES_PER_TARGET), (scrapes) => {
      pages += scrapes.pages.length;
      for (const outcome of judge(scrapes)) count(outcome.ok ? 'taken' : outcome.reason);
    });
    // How many pages a run has is chance, the same for the same seed: so it goes on until they are enough.
    for (let seed = SEED; pages < PAGES; seed++) {
      const numRuns = Math.ceil((PAGES - pages) / ((1 + PAGES_PER_TARGET) / 2));
      const { failed, counterexample, errorInstance } = fc.check(property, { numRuns, seed });
      if (!failed) continue;
      const fault = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
      const file = keepScrapes(fault, counterexample![0]);
      throw new Error(`${fault} (kept as test/data/hostile/${file})`, { cause: errorInstance });
    }
    // They are no good if all are harmless, or none is.
    for (const word of ['taken', 'parse', 'sample_limit'])
      expect(tally.get(word)).toBeGreaterThan(PAGES / 1000);
    console.log(Object.fromEntries(tally));
  });
});

describe('bad pages over HTTP', () => {
  it(`are each counted once under their reason, their targets are down, and the program lives on (HOSTILE_SEED=${SEED})`, {
    timeout: 120_000,
  }, async () => {
    const cases = fc
      .sample(hostileScrapes(1), { numRuns: OVER_HTTP, seed: SEED })
      .map(({ before, pages: [page] }) => ({
        before,
        page: page!,
        outcome: HostileTarget.after(before, TIGHT).take(page!.contentType, page!.content),
      }));
    await using server = await startHostileServer(cases);
    using folder = scratch();
    await using program = await Program.start({
      storagePath: folder.file('data'),
      configFile: writeConfig(
        folder,
        cases.map((_, index) => jobOf(index, server.address)),
      ),
    });

    const refused = cases.flatMap(({ outcome }, index) => (outcome.ok ? [] : [`${index} ${outcome.reason}`]));
    await program.until(
      () => (linesOf(program, 'target is down').length >= refused.length ? true : undefined),
      'the bad pages',
    );
    expect(
      linesOf(program, 'target is down')
        .map(({ job, reason }) => `${job} ${reason}`)
        .sort(),
    ).toEqual(refused.sort());
    const page = await (await program.get('/metrics')).text();
    expect(failuresOn(page).sort()).toEqual(refused.map((one) => `${one} 1`));
    const up = [...page.matchAll(/^driftgauge_target_up\{scrape_job="(\d+)",.*\} (\d)$/gm)];
    expect(up.map(([, job, value]) => `${job} ${value}`)).toEqual(
      cases.map(({ outcome }, index) => `${index} ${outcome.ok ? 1 : 0}`),
    );

    server.goOn();
    await program.until(
      () => (linesOf(program, 'target is up again').length >= refused.length ? true : undefined),
      'good pages',
    );
    expect(failuresOn(await (await program.get('/metrics')).text()).sort()).toEqual(
      refused.map((one) => `${one} 1`),
    );
    expect(linesOf(program, 'target is down')).toHaveLength(refused.length);
  });
});

/** So long that all targets have given their third page before the first waits in vain for its fourth. */
const INTERVAL = '3s';

function jobOf(index: number, address: string): object {
  return {
    job_name: String(index),
    metrics_path: `/${index}`,
    scrape_interval: INTERVAL,
    scrape_timeout: INTERVAL,
    sample_limit: TIGHT.sampleLimit,
    static_configs: [{ targets: [address] }],
  };
}

function writeConfig(folder: Scratch, jobs: readonly object[]): string {
  const { file, buckets } = REFERENCE;
  writeFileSync(folder.file(file), JSON.stringify({ buckets }));
  writeFileSync(folder.file('driftgauge.yaml'), JSON.stringify({ scrape_configs: jobs, metrics: METRICS }));
  return folder.file('driftgauge.yaml');
}

function linesOf(program: Program, message: string): readonly LogLine[] {
  return program.lines.filter(({ msg }) => msg === message);
}

/** As `job reason count`, where there are any. */
function failuresOn(page: string): string[] {
  const lines = page.matchAll(
    /^driftgauge_scrape_failures_total\{scrape_job="(\d+)",.*reason="(\w+)"\} ([1-9]\d*)$/gm,
  );
  return [...lines].map(([, ...words]) => words.join(' '));
}
