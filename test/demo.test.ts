/** The demo as a newcomer meets it: it tells the whole story, ends by itself or when told to, and leaves nothing behind. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../demo/expectations.ts';
import { unmetExpectation } from '../demo/expectations.ts';
import type { Point } from '../demo/picture.ts';
import { drawPicture, drawSparkline } from '../demo/picture.ts';
import type { EpisodeView, RetrainView, SignalView } from '../demo/snapshot.ts';
import { EMPTY } from '../demo/snapshot.ts';
import { whatHappened } from '../demo/story.ts';
import { describeWith } from './support/requirements.ts';

const DEMO = join(import.meta.dirname, '../demo/demo.ts');

/** Nothing it needs is looked for on the path. */
const WITHOUT_PROMETHEUS = { path: import.meta.dirname };

class Demo implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  output = '';

  constructor(args: readonly string[] = [], { path = process.env['PATH'] }: { path?: string } = {}) {
    const { FORCE_COLOR: _, ...env } = process.env;
    this.child = spawn(process.execPath, [DEMO, ...args], {
      env: { ...env, PATH: path },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
    this.exited = once(this.child, 'close').then(([code]) => code as number | null);
  }

  /** Settles once it has said so. */
  async said(pattern: RegExp): Promise<RegExpExecArray> {
    let ended = false;
    for (;;) {
      const match = pattern.exec(this.output);
      if (match) return match;
      if (ended) throw new Error(`it ended before it said ${pattern}:\n${this.output}`);
      const more = once(this.child.stdout!, 'data').then(() => false);
      ended = await Promise.race([more, this.exited.then(() => true)]);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGTERM');
    await this.exited;
  }
}

describe('npm run demo', () => {
  it('tells the story from drift to recovery and ends with 0, when asked for it once', {
    timeout: 60_000,
  }, async () => {
    await using demo = new Demo(['--once'], WITHOUT_PROMETHEUS);
    expect(await demo.exited, demo.output).toBe(0);
    const story = [
      /sees version 1: accuracy 0\.9/,
      /version 1 gets worse/,
      /accuracy fell: EMA 0\.8\d+ is below 0\.850+, pending/,
      /accuracy is drifting: EMA 0\.\d+, below 0\.850+ for \d s/,
      /opens an episode of version 1/,
      /does not ask yet: group_wait/,
      /asks for one retrain: “EMA for accuracy breached threshold 0\.850, current 0\.\d+/,
      /gets rt_\w+; its signature is right/,
      /hears from the trainer: running/,
      /hears from the trainer: succeeded, version 2/,
      /sees version 2: accuracy 0\.9.*; recovered/,
      /closes the episode of version 1: replaced/,
      /All seen in \d+ s: drift, exactly one retrain request, success, recovery\./,
    ];
    expect(demo.output).toMatch(new RegExp(story.map(({ source }) => source).join('[\\s\\S]*')));
    expect(demo.output.match(/asks for one retrain/g)).toHaveLength(1);
    expect(demo.output, 'nothing for a terminal where there is none').not.toContain('\x1b');
  });

  it('ends everybody at Ctrl-C, and leaves nothing behind', async () => {
    await using demo = new Demo([], WITHOUT_PROMETHEUS);
    const config = (await demo.said(/config +(\S+)/))[1]!;
    await demo.said(/sees version 1/);
    const urls = demo.output.match(/http:[^\s']+/g)!;
    expect(urls).toHaveLength(5);
    expect(demo.output).toMatch(/prometheus +not installed \(Debian package prometheus\), so no graph\n/);
    const [, page] = /page +(\S+)/.exec(demo.output)!;
    expect(await (await fetch(page!)).text()).toContain('fraud');
    expect(readFileSync(config, 'utf8')).toContain('scrape_configs:');

    const toldAt = performance.now();
    demo.child.kill('SIGINT');
    expect(await demo.exited, demo.output).toBe(0);
    expect(
      performance.now() - toldAt,
      'at once, as nothing waits for a Prometheus that is not there',
    ).toBeLessThan(8000);
    for (const url of urls) await expect(fetch(url), url).rejects.toThrow('fetch failed');
    expect(existsSync(dirname(config))).toBe(false);
  });

  it.skipIf(!existsSync('/proc/self/task'))(
    'shows the last words of a program that dies, and fails',
    async () => {
      await using demo = new Demo(['--once'], WITHOUT_PROMETHEUS);
      await demo.said(/sees version 1/);
      const { pid } = demo.child;
      process.kill(Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()), 'SIGKILL');
      expect(await demo.exited).toBe(1);
      expect(demo.output).toMatch(
        /the program ended by itself \(SIGKILL\)\. Its last words:\n[\s\S]*"msg":"ready"/,
      );
    },
  );

  it('explains itself to who mistypes a flag', async () => {
    await using demo = new Demo(['--onse']);
    expect(await demo.exited).toBe(2);
    expect(demo.output).toContain('npm run demo [-- --once]');
  });
});

describeWith(['prometheus'], 'npm run demo where Prometheus is installed', () => {
  it('links to a graph of average, threshold and flag, and ends Prometheus too', async () => {
    await using demo = new Demo();
    const link = new URL((await demo.said(/(http:\S+\/graph\S+)\n/))[1]!);
    expect(link.pathname).toBe('/graph');
    const query = `${link.origin}/api/v1/query?${new URLSearchParams({ query: link.searchParams.get('g0.expr')! })}`;
    const names = async () => {
      const { data } = (await (await fetch(query)).json()) as {
        data: { result: { metric: Record<string, string> }[] };
      };
      return data.result.map(({ metric }) => metric['__name__']).sort();
    };
    while ((await names()).length < 3) await demo.said(/./);
    expect(await names()).toEqual([
      'driftgauge_drift',
      'driftgauge_signal_ema',
      'driftgauge_signal_threshold',
    ]);
    demo.child.kill('SIGINT');
    expect(await demo.exited, demo.output).toBe(0);
    await expect(fetch(query)).rejects.toThrow('fetch failed');
  });
});

describe('--once fails with a sentence', () => {
  const signal = (version: string, state: SignalView['state']): SignalView => ({
    model: { name: 'fraud', version },
    metric: 'accuracy',
    state,
    value: 0.9,
    ema: 0.9,
    bound: 'below',
    threshold: 0.85,
    since: '2026-01-01T00:00:00.000Z',
    last_sample_at: '2026-01-01T00:00:00.000Z',
  });
  const retrain = (status: string, version: string | null): RetrainView => ({
    id: 'rt_1',
    model: { name: 'fraud', version: '1' },
    status,
    reason: '',
    requested_at: '2026-01-01T00:00:00.000Z',
    ended_at: null,
    outcome: version === null ? null : { status, version, at: '2026-01-01T00:00:00.000Z' },
  });
  const episode = (cause: string | null): EpisodeView => ({
    id: 'ep_1',
    model: { name: 'fraud', version: '1' },
    started_at: '2026-01-01T00:00:00.000Z',
    ended_at: null,
    cause,
    request: 'rt_1',
    reason: null,
  });
  const evidence = (
    change: Partial<Evidence['snapshot']> & Partial<Omit<Evidence, 'snapshot'>> = {},
  ): Evidence => {
    const { sawDrift = true, trainerRequests = 1, ...snapshot } = change;
    return {
      sawDrift,
      trainerRequests,
      snapshot: {
        atMs: 0,
        signals: [signal('1', 'drifting'), signal('2', 'ok')],
        episodes: [episode('replaced')],
        retrains: [retrain('succeeded', '2')],
        explained: [],
        ...snapshot,
      },
    };
  };

  it('unless all is as it should be', () => {
    expect(unmetExpectation(evidence())).toBeNull();
    expect(unmetExpectation(evidence({ episodes: [episode('recovered')] }))).toBeNull();
  });

  it.each<[string, Evidence, string]>([
    ['without drift', evidence({ sawDrift: false, signals: [signal('1', 'ok')] }), 'should drift, but is ok'],
    ['without a request', evidence({ retrains: [], trainerRequests: 0 }), 'knows 0 and the trainer got 0'],
    [
      'with a second request',
      evidence({ retrains: [retrain('requested', null), retrain('succeeded', '2')] }),
      'knows 2 and the trainer got 1',
    ],
    ['with a second delivery', evidence({ trainerRequests: 2 }), 'knows 1 and the trainer got 2'],
    ['while it trains', evidence({ retrains: [retrain('running', null)] }), 'should succeed, but is running'],
    ['where nothing new was made', evidence({ retrains: [retrain('succeeded', '1')] }), 'but made 1'],
    ['while the episode is open', evidence({ episodes: [episode(null)] }), 'but is open'],
    ['where it expired', evidence({ episodes: [episode('expired')] }), 'but is closed: expired'],
    [
      'without samples of the new version',
      evidence({ signals: [signal('1', 'drifting')] }),
      'but is unknown',
    ],
    ['where the new version drifts', evidence({ signals: [signal('2', 'drifting')] }), 'but is drifting'],
  ])('%s', (_, found, sentence) => {
    expect(unmetExpectation(found)).toContain(sentence);
  });
});

describe('an average just beyond its threshold looks so', () => {
  const signal = (state: SignalView['state'], ema: number, threshold: number): SignalView => ({
    model: { name: 'fraud', version: '1' },
    metric: 'f1_score',
    state,
    value: 0.75,
    ema,
    bound: ema <= threshold ? 'below' : 'above',
    threshold,
    since: '2026-01-01T00:00:00.000Z',
    last_sample_at: '2026-01-01T00:00:00.000Z',
  });
  const told = (state: SignalView['state'], ema: number, threshold: number) =>
    whatHappened(
      { ...EMPTY, signals: [signal('ok', threshold, threshold)] },
      { ...EMPTY, signals: [signal(state, ema, threshold)] },
    ).map(({ text }) => text);

  it('in the story', () => {
    expect(told('pending', 0.612, 0.8)).toEqual(['f1_score fell: EMA 0.612 is below 0.800, pending']);
    expect(told('pending', 0.79996, 0.8)).toEqual(['f1_score fell: EMA 0.79996 is below 0.80000, pending']);
    expect(told('pending', 150.04, 150)).toEqual(['f1_score rose: EMA 150.04 is above 150.00, pending']);
    expect(told('drifting', 0.7996, 0.8)).toEqual(['f1_score is drifting: EMA 0.7996, below 0.8000']);
  });

  it('in the picture', () => {
    const point = signal('pending', 0.7996, 0.8);
    expect(drawSparkline([point])).toContain('EMA 0.7996, drifts below 0.8000, pending');
    const [header] = drawPicture([point], { columns: 100, paint: (_style, text) => text, note: '' });
    expect(header).toContain('EMA 0.7996   ╌ below 0.8000');
    expect(drawSparkline([signal('ok', 0.8, 0.8)])).toContain('EMA 0.800, drifts below 0.800, ok');
  });
});

describe('the picture', () => {
  const point = (ema: number, state: Point['state'], version = '1'): Point => ({
    model: { name: 'fraud', version },
    value: ema,
    ema,
    state,
    bound: 'below',
    threshold: 0.85,
  });
  const plain = (_style: string, text: string) => text;
  const note = 'retrain held by cooldown for 90 s more';

  it('shows a fall below the threshold, and another version as a line of its own', () => {
    const points = [
      ...Array.from({ length: 8 }, () => point(0.95, 'ok')),
      ...Array.from({ length: 8 }, (_, index) =>
        point(0.9 - 0.025 * index, index < 4 ? 'pending' : 'drifting'),
      ),
      ...Array.from({ length: 8 }, () => point(0.95, 'ok', '2')),
    ];
    expect(drawPicture(points, { columns: 40, paint: plain, note })).toMatchInlineSnapshot(`
      [
        "        accuracy of fraud 2",
        "  1.00 │                              ",
        "       │⠉⠉⠉⠉⡆   ⠉⠉⠉⠉                  ",
        "       │    ⠱⡀                        ",
        "  0.85 │╌╌╌╌╌⠱⡀╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌",
        "       │      ⠘⡄                      ",
        "       │       ⠘                      ",
        "  0.65 │                              ",
        "   state ▁▁▁▁▄▄██▁▁▁▁",
        "        ok  retrain held by cooldown …",
      ]
    `);
  });

  it('is never wider than the terminal, and absent where it is too narrow', () => {
    const points = Array.from({ length: 200 }, (_, index) => point(1.5 - index / 100, 'drifting'));
    for (let columns = 1; columns <= 200; columns++) {
      const lines = drawPicture(points, { columns, paint: plain, note });
      expect(Math.max(0, ...lines.map((line) => line.length))).toBeLessThan(columns);
      expect(lines.length).toBe(columns < 26 ? 0 : 10);
    }
  });
});
