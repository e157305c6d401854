/** From a page of 10,000 gauges to updated EMAs, against an npm parser that only parses. */
import parsePrometheusTextFormat from 'parse-prometheus-text-format';
import type { Clock } from '../../src/clock.ts';
import type { Config } from '../../src/config/config.ts';
import type { Batch } from '../../src/core/world.ts';
import type { Intake } from '../../src/sources/intake.ts';
import type { Figure, FigureModule, MeasureOptions } from '../figure.ts';
import { GAUGE_FAMILIES, GaugePage, gaugeConfigYaml } from '../pages.ts';
import { loadShippedConfig, shipped } from '../shipped.ts';
import type { Variant } from '../stats.ts';
import { median, ratioOf, takeTurns } from '../stats.ts';

const SERIES = 10_000;
const SECOND_MS = 1000;

async function measure({ quick }: MeasureOptions): Promise<Figure> {
  const config = await loadShippedConfig(gaugeConfigYaml({ target: '127.0.0.1:1', interval: '1s' }));
  const program = await loadProgram();
  const generator = new GaugePage(SERIES);
  const texts = [generator.render(1), generator.render(2)] as const;
  const bodies = texts.map((text) => Buffer.from(text));
  checkParsers(program, texts[0]);

  const parser = new Target(program, config, program.detectorIntake(config));
  const warm = new Target(program, config, program.detectorIntake(config));
  const stored = new Target(program, config, program.engineIntake(config));
  let cold = warm;
  const repeat = quick ? 5 : 10;
  const variants: readonly Variant[] = [
    {
      name: 'npm',
      repeat: 2,
      run: (call) => parsePrometheusTextFormat(bodies[call % 2]!.toString()),
    },
    { name: 'parser', repeat, run: (call) => parser.parse(bodies[call % 2]!) },
    { name: 'emas', repeat, run: (call) => warm.take(bodies[call % 2]!) },
    { name: 'stored', repeat, run: (call) => stored.take(bodies[call % 2]!) },
    {
      name: 'cold',
      repeat: 1,
      prepare: () => {
        cold = new Target(program, config, program.detectorIntake(config));
      },
      run: (call) => cold.take(bodies[call % 2]!),
    },
    { name: 'newlines', repeat: repeat * 4, run: (call) => countLines(bodies[call % 2]!) },
  ];
  const times = await takeTurns(variants, quick ? { rounds: 10, warmUp: 5 } : { rounds: 40, warmUp: 10 });
  for (const target of [warm, stored, cold]) target.check();

  const bytes = bodies[0]!.length;
  const row = (what: string, name: string) => {
    const ms = median(times.get(name)!);
    return { what, cells: { ms, 'MB/s': bytes / ms / 1000, 'million samples/s': SERIES / ms / 1000 } };
  };
  const ratio = (what: string, name: string, goal?: number) => ({
    what,
    ...ratioOf(times.get('npm')!, times.get(name)!),
    ...(goal !== undefined && { goal }),
  });
  return {
    rows: [
      row('parse-prometheus-text-format: parsed only, values left as text', 'npm'),
      row('Driftgauge: parsed to updated EMAs', 'emas'),
      row('Driftgauge: the same, and committed to a store in memory', 'stored'),
      row('Driftgauge: parsed only', 'parser'),
      row('Driftgauge: first page of a target, every series and signal new, to EMAs', 'cold'),
      row('floor: finding the ends of the lines (Buffer.indexOf)', 'newlines'),
    ],
    ratios: [
      ratio('parsed to updated EMAs, against the npm parser', 'emas', 6),
      ratio('the same and committed to a store in memory', 'stored'),
      ratio('parser alone', 'parser', 12),
      ratio('first page, everything new', 'cold'),
    ],
    remarks: [
      {
        text: `A page has ${SERIES.toLocaleString('en-US')} series in ${GAUGE_FAMILIES.length} families, ${bytes.toLocaleString('en-US')} bytes in all.`,
      },
    ],
  };
}

type Program = Awaited<ReturnType<typeof loadProgram>>;

/** The parts of the shipped program that a scraped page goes through. */
async function loadProgram() {
  const { Page } =
    await shipped<typeof import('../../src/sources/formats/page.ts')>('sources/formats/page.js');
  const { textFormat } =
    await shipped<typeof import('../../src/sources/formats/text.ts')>('sources/formats/text.js');
  const { SeriesTable } =
    await shipped<typeof import('../../src/sources/series-table.ts')>('sources/series-table.js');
  const { Router } = await shipped<typeof import('../../src/sources/route.ts')>('sources/route.js');
  const { compileEntries } =
    await shipped<typeof import('../../src/sources/entries.ts')>('sources/entries.js');
  const { createSamples } =
    await shipped<typeof import('../../src/core/derive/derivation.ts')>('core/derive/derivation.js');
  const { createBatch } = await shipped<typeof import('../../src/core/batch.ts')>('core/batch.js');
  const { countDrop } = await shipped<typeof import('../../src/core/world.ts')>('core/world.js');
  const { SAMPLES } = await shipped<typeof import('../../src/core/signal.ts')>('core/signal.js');
  const { DriftDetector } = await shipped<typeof import('../../src/detector.ts')>('detector.js');
  const { Engine } = await shipped<typeof import('../../src/engine.ts')>('engine.js');
  const { MetricBus } = await shipped<typeof import('../../src/bus.ts')>('bus.js');
  const { silentLogger } = await shipped<typeof import('../../src/log.ts')>('log.js');
  const { openMemoryStore } = await shipped<typeof import('../../src/store/open.ts')>('store/open.js');

  return {
    Page,
    textFormat,
    SeriesTable,
    Router,
    compileEntries,
    createSamples,
    createBatch,
    samplesOf: (signal: { readonly record: Float64Array }) => signal.record[SAMPLES]!,

    /** Core and detector without a store. */
    detectorIntake(config: Config): TimedIntake {
      const detector = DriftDetector.create(config.judge, { at: Date.now() });
      let now = Date.now();
      return {
        epoch: 0,
        now: () => now,
        advance: (ms) => {
          now += ms;
        },
        signals: () => detector.world.signals,
        settle: () => now,
        resolve: (entry, model) => detector.resolve(config.judge.rules[entry]!, model),
        submit: (source, batch, at) => void detector.take(source, batch, at),
        synced: async () => undefined,
        countDropped: (source, reason, count) => countDrop(detector.world, source, reason, count),
      };
    },

    /** The engine as the program wires it, but for the disk. */
    engineIntake(config: Config): TimedIntake {
      let now = Date.now();
      const clock: Clock = {
        wall: () => now,
        monotonic: () => now,
        after: (delayMs, run) => {
          const timer = setTimeout(run, delayMs);
          timer.unref();
          return { [Symbol.dispose]: () => clearTimeout(timer) };
        },
      };
      const fail = (error: unknown): never => {
        throw error;
      };
      const engine = new Engine({
        store: openMemoryStore({ now, onFatal: fail }),
        config: config.judge,
        clock,
        bus: new MetricBus(fail),
        log: silentLogger,
        composeBody: () => Buffer.alloc(0),
      });
      engine.start();
      return {
        get epoch() {
          return engine.epoch;
        },
        now: () => engine.now(),
        advance: (ms) => {
          now += ms;
        },
        signals: () => engine.world.signals,
        settle: () => engine.settle(),
        resolve: (entry, model) => engine.resolve(entry, model),
        submit: (source, batch, at) => engine.submit(source, batch, at),
        synced: () => engine.synced(),
        countDropped: (source, reason, count) => engine.countDropped(source, reason, count),
      };
    },
  };
}

interface TimedIntake extends Intake {
  advance(ms: number): void;
  signals(): readonly ({ readonly record: Float64Array } | undefined)[];
}

/** What the program keeps of one target, and what it does with a page once it was fetched. */
class Target {
  readonly #program: Program;
  readonly #config: Config;
  readonly #intake: TimedIntake;
  readonly #page;
  readonly #table;
  readonly #router;
  readonly #samples;
  readonly #batch: Batch;
  #taken = 0;

  constructor(program: Program, config: Config, intake: TimedIntake) {
    const { textFormat, Page, SeriesTable, Router, compileEntries, createSamples, createBatch } = program;
    const [scrape] = config.scrapes;
    this.#program = program;
    this.#config = config;
    this.#intake = intake;
    this.#page = new Page(2_000_000);
    this.#table = new SeriesTable({ limit: config.limits.maxSeries, used: 0 });
    this.#samples = createSamples();
    this.#batch = createBatch();
    this.#router = new Router({
      entries: compileEntries(config.inputs, config.judge.rules),
      intake,
      format: textFormat,
      config: scrape!,
      target: scrape!.targets[0]!,
    });
  }

  parse(body: Uint8Array): void {
    this.#parse(body);
    this.#table.commit(this.#samples);
  }

  take(body: Uint8Array): void {
    const intake = this.#intake;
    intake.advance(SECOND_MS);
    this.#parse(body);
    this.#batch.length = 0;
    const at = intake.settle();
    this.#router.derive(this.#samples, this.#table, { at, into: this.#batch });
    this.#router.forget(this.#table.commit(this.#samples));
    intake.submit('scrape', this.#batch, at);
    this.#taken++;
  }

  /** Every sample of every page entered its signal. */
  check(): void {
    const signals = this.#intake.signals().filter((signal) => signal !== undefined);
    const short = signals.filter((signal) => this.#program.samplesOf(signal) !== this.#taken);
    if (signals.length !== SERIES || short.length > 0) {
      throw new Error(
        `${signals.length} signals, ${short.length} of them without all ${this.#taken} samples`,
      );
    }
  }

  #parse(body: Uint8Array): void {
    this.#page.clear();
    this.#page.append(body);
    const { sampleLimit } = this.#config.scrapes[0]!;
    const parsed = this.#program.textFormat.parse({
      page: this.#page,
      table: this.#table,
      into: this.#samples,
      sampleLimit,
    });
    if (!parsed.ok) throw new Error(parsed.message);
  }
}

/** Both parsers see the same values, or the comparison means nothing. */
function checkParsers({ Page, SeriesTable, createSamples, textFormat }: Program, text: string): void {
  const samples = createSamples();
  const table = new SeriesTable({ limit: SERIES, used: 0 });
  const parsed = textFormat.parse({ page: Page.of(text), table, into: samples, sampleLimit: SERIES });
  const peer = parsePrometheusTextFormat(text).flatMap(({ metrics }) =>
    metrics.map(({ value }) => Number(value)),
  );
  const differs = peer.some((value, row) => value !== samples.value[row]);
  if (!parsed.ok || samples.length !== SERIES || peer.length !== SERIES || differs) {
    throw new Error('the parsers do not agree');
  }
}

function countLines(body: Buffer): number {
  let lines = 0;
  for (let at = body.indexOf(10); at >= 0; at = body.indexOf(10, at + 1)) lines++;
  return lines;
}

export default {
  title: 'A scraped page to updated EMAs',
  method: `A page of 10,000 gauges in the Prometheus text format, with HELP and TYPE, five to seven labels, half of the values with
up to 17 digits and half with 6. Two pages of equal shape and different values take turns, as consecutive scrapes of one target do.
The Driftgauge variants start at the bytes as they came from the socket and go through the shipped modules in the order in which the
scrape loop calls them: parser, series table, routing to the entries of \`metrics\`, derivation, and the core's step (EMA, judgement,
drift state). The peer gets the same text and only parses it; it returns label objects and leaves values as text. Both were checked
to find the same values. "First page" is a target that was never seen before: all 10,000 series are parsed in full, matched against the
selectors and made into signals. That happens once per target, and takes longer than the peer's parsing.`,
  measure,
} satisfies FigureModule;
