/** The judge of bad pages: what a target may do with them, and what must be as if they had never come. */
import { isDeepStrictEqual } from 'node:util';
import { EMA, SAMPLES, VALUE } from '../../src/core/signal.ts';
import { formatOf } from '../../src/sources/formats/index.ts';
import { Page } from '../../src/sources/formats/page.ts';
import type { PageOutcome } from '../../src/sources/target-page.ts';
import type { FormatName } from './good-pages.ts';
import { CONTENT_TYPES, goodPage } from './good-pages.ts';
import type { HostilePage, HostileScrapes } from './hostile-pages.ts';
import type { Limits } from './hostile-target.ts';
import { HostileTarget, TIGHT } from './hostile-target.ts';
import { PageReader } from './page-reader.ts';

/** Of the words that the contract has, those that a page can earn. */
const REASONS = ['parse', 'sample_limit'];
/** No control character, no line break of any kind, nothing that turns a line around. */
const PRINTABLE = /^[^\p{C}\p{Zl}\p{Zp}]{1,400}$/u;
/** Of computing: nothing that a page of a megabyte can hold may take longer, on the slowest machine. */
const MAX_SECONDS = 5;

const PROTOTYPES = [Object, Array, Map, Function, String, Number].map(({ prototype }) => prototype as object);
const ownKeys = () => PROTOTYPES.map((prototype) => Reflect.ownKeys(prototype).length).join();
const CLEAN = ownKeys();

/** Lets them come to a target; answers how each fared. Throws what is wrong with that. */
export function judge({ before, pages }: HostileScrapes, limits: Limits = TIGHT): readonly PageOutcome[] {
  const target = HostileTarget.after(before, limits);
  const readers = new Readers(before, limits);
  const scrapes = pages.map((page) => {
    const unfit = new Set(target.unfit);
    const outcome = judgePage(page, target, readers);
    target.endScrape(outcome.ok);
    return { ...page, outcome, unfit };
  });
  check(ownKeys() === CLEAN, 'a prototype was changed');

  const twin = HostileTarget.after(before, limits);
  for (const { contentType, content, outcome, unfit } of scrapes) {
    for (const format of unfit) twin.unfit.add(format);
    // What was refused is to it a scrape that brought nothing.
    if (outcome.ok) twin.take(contentType, content);
    twin.endScrape(outcome.ok);
  }
  const number = 6;
  const [outcome, expected] = [target.takeGood(before, number), twin.takeGood(before, number)];
  check(outcome.ok, `a good page was refused afterwards: ${JSON.stringify(outcome)}`);
  check(
    isDeepStrictEqual(outcome, expected),
    'a good page had another outcome than without the refused pages',
  );
  check(target.memory === twin.memory, 'a good page was taken in another way than without the refused pages');
  checkSignals(target);
  return scrapes.map((scrape) => scrape.outcome);
}

function judgePage(page: HostilePage, target: HostileTarget, readers: Readers): PageOutcome {
  const { contentType, content } = page;
  const { memory } = target;
  const format = formatOf(contentType, Page.of(content), target.unfit);
  const before = process.cpuUsage();
  const outcome = target.take(contentType, content);
  const seconds = process.cpuUsage(before).user / 1e6;
  check(seconds < MAX_SECONDS, `it took ${seconds} s`);
  if ('refusal' in format) check(!outcome.ok, 'a content type was refused, and the page taken');
  else checkReading(readers.of(format), content, outcome);

  if (outcome.ok) {
    check(outcome.samples <= readers.limits.sampleLimit, `there were ${outcome.samples} samples`);
    checkSignals(target);
    return outcome;
  }
  check(REASONS.includes(outcome.reason), `the reason was ${outcome.reason}`);
  check(PRINTABLE.test(outcome.message), `the message was ${JSON.stringify(outcome.message)}`);
  check(target.memory === memory, 'it was refused, and something was changed');
  return outcome;
}

/** A target that has a memory must read a page as one that has none, and forget a refused one. */
function checkReading([reader, fresh]: readonly PageReader[], content: Buffer, outcome: PageOutcome): void {
  const { series } = reader!;
  const reading = reader!.read(content);
  const { result } = reading;
  check(isDeepStrictEqual(reading, fresh!.read(content)), 'it was read differently after other pages');
  check(result.ok === outcome.ok, 'it was taken and refused');
  if (result.ok) return;
  check(isDeepStrictEqual(reader!.series, series), 'it was refused, and the series are others');
  check(isDeepStrictEqual(reader!.held, [0, 0]), `it was refused, and left ${reader!.held} rows behind`);
}

function checkSignals({ signals }: HostileTarget): void {
  for (const { metric, record } of signals) {
    const [value, ema] = [record[VALUE]!, record[EMA]!];
    check(
      record[SAMPLES] === 0 || (Number.isFinite(value) && Number.isFinite(ema)),
      `${metric} is ${value}, on average ${ema}`,
    );
  }
}

class Readers {
  readonly limits: Limits;
  readonly #byFormat = new Map<string, PageReader>();

  constructor(before: FormatName, limits: Limits) {
    this.limits = limits;
    for (const number of [0, 1]) {
      const content = goodPage(before, number);
      const format = formatOf(CONTENT_TYPES[before], Page.of(content));
      if ('refusal' in format) throw new Error(format.refusal);
      this.of(format)[0]!.read(content);
    }
  }

  /** One that has read what came in this format, and one that has read nothing. */
  of(format: ConstructorParameters<typeof PageReader>[0]): readonly PageReader[] {
    const { sampleLimit } = this.limits;
    let known = this.#byFormat.get(format.name);
    if (!known) {
      known = new PageReader(format, sampleLimit);
      this.#byFormat.set(format.name, known);
    }
    return [known, new PageReader(format, sampleLimit)];
  }
}

function check(fine: boolean, fault: string): void {
  if (!fine) throw new Error(fault);
}
