/** From pages of 10,000 series to updated EMAs, against an npm parser that only parses: what the figures on it share. */
import parsePrometheusTextFormat from 'parse-prometheus-text-format';
import type { Figure, MeasureOptions } from './figure.ts';
import type { ScrapedPages } from './scraped-pages.ts';
import { createScrapedPages } from './scraped-pages.ts';
import { createParser, ScrapedTarget } from './scraped-target.ts';
import type { ShippedPath } from './shipped-path.ts';
import { loadShippedPath } from './shipped-path.ts';
import type { Variant } from './stats.ts';
import { median, ratioOf, takeTurns } from './stats.ts';
import { detectorIntake, engineIntake } from './timed-intake.ts';

/** Calls after a forced collection until all is compiled again, as it is in a program that runs. */
const SETTLE = 12;

/** `text`: the name of the pages as text; they are measured in every format. */
export async function measurePages(text: string, { quick }: MeasureOptions): Promise<Figure> {
  const path = await loadShippedPath();
  const repeat = quick ? 5 : 10;
  // Each measurement is so many calls that are not timed, and `repeat` that are: counters begin anew only where nobody looks.
  const kinds = (await createScrapedPages(SETTLE + repeat)).filter((pages) => pages.text === text);
  for (const pages of kinds) checkParsers(path, pages);
  const texts = kinds.filter(({ name, text }) => name === text);

  const checks: (() => void)[] = [];
  const variants = [
    ...texts.flatMap(({ name, bodies }): Variant[] => [
      {
        name: `${name}: npm`,
        repeat: 2,
        settle: 6,
        run: (call) => parsePrometheusTextFormat(at(bodies, call).toString()),
      },
      { name: `${name}: lines`, repeat: repeat * 4, run: (call) => countLines(at(bodies, call)) },
    ]),
    ...kinds.flatMap((pages): Variant[] => {
      const { name, bodies, config, contentType, signals } = pages;
      const create = (makeIntake: typeof detectorIntake) =>
        new ScrapedTarget(path, { config, contentType, intake: makeIntake(path, config) });
      const parser = createParser(path, pages);
      const warm = create(detectorIntake);
      const stored = create(engineIntake);
      let cold = warm;
      checks.push(() => {
        for (const target of [warm, stored, cold]) target.check(signals);
      });
      return [
        { name: `${name}: parser`, repeat, settle: SETTLE, run: (call) => parser.parse(at(bodies, call)) },
        { name: `${name}: emas`, repeat, settle: SETTLE, run: (call) => warm.take(at(bodies, call)) },
        { name: `${name}: stored`, repeat, settle: SETTLE, run: (call) => stored.take(at(bodies, call)) },
        {
          name: `${name}: first`,
          repeat: 1,
          prepare: () => {
            cold = create(detectorIntake);
          },
          run: (call) => cold.take(at(bodies, call)),
        },
      ];
    }),
  ];
  const times = await takeTurns(variants, quick ? { rounds: 10, warmUp: 5 } : { rounds: 30, warmUp: 8 });
  for (const check of checks) check();

  const row = (what: string, nameOf: (pages: ScrapedPages) => string) => ({
    what,
    cells: Object.fromEntries(kinds.map((pages) => [`${pages.name}, ms`, median(times.get(nameOf(pages))!)])),
  });
  const ratio = (what: string, variant: string, { name, text, goal }: ScrapedPages) => ({
    what: `${name}: ${what}`,
    ...ratioOf(times.get(`${text}: npm`)!, times.get(`${name}: ${variant}`)!),
    ...(goal !== undefined && { goal }),
  });
  return {
    rows: [
      row(
        'parse-prometheus-text-format: the page as text, parsed only, values left as text',
        ({ text }) => `${text}: npm`,
      ),
      row('Driftgauge: parsed to updated EMAs', ({ name }) => `${name}: emas`),
      row('Driftgauge: the same, and committed to a store in memory', ({ name }) => `${name}: stored`),
      row('Driftgauge: parsed only', ({ name }) => `${name}: parser`),
      row(
        'Driftgauge: first page of a target, every series and signal new, to EMAs',
        ({ name }) => `${name}: first`,
      ),
      row(
        'floor: finding the ends of the lines of the page as text (Buffer.indexOf)',
        ({ text }) => `${text}: lines`,
      ),
    ],
    ratios: [
      ...kinds.map((pages) => ratio('parsed to updated EMAs, against the npm parser', 'emas', pages)),
      ...kinds.map(({ goal: _, ...pages }) =>
        ratio('the same and committed to a store in memory', 'stored', pages),
      ),
      ...kinds.map(({ goal: _, ...pages }, index) =>
        ratio('parser alone', 'parser', index === 0 ? { ...pages, goal: 12 } : pages),
      ),
      ...kinds.map(({ goal: _, ...pages }) => ratio('first page, everything new', 'first', pages)),
    ],
    remarks: kinds.map(({ name, bodies, samples, signals }) => ({
      text: `${name}: ${samples.toLocaleString('en-US')} samples for ${signals.toLocaleString('en-US')} signals in ${bodies[0]!.length.toLocaleString('en-US')} bytes.`,
    })),
  };
}

/** Every parser sees the same values, or the comparison means nothing. */
function checkParsers(path: ShippedPath, pages: ScrapedPages): void {
  const { name, text, samples, bodies } = pages;
  const { samples: own, parse } = createParser(path, pages);
  parse(bodies[0]!);
  if (own.length !== samples) throw new Error(`${name}: ${own.length} samples, not ${samples}`);
  if (name !== text) return;
  // By the type of a histogram the peer would put those that differ only in their labels together.
  const untyped = bodies[0]!.toString().replaceAll(/^# TYPE .*\n/gm, '');
  const peer = parsePrometheusTextFormat(untyped).flatMap(({ metrics }) =>
    metrics.map(({ value }) => Number(value)),
  );
  const differs = peer.some((value, row) => value !== own.value[row]);
  if (peer.length !== samples || differs) throw new Error(`${name}: the parsers do not agree`);
}

/** Of the page that comes with a call. */
function at(bodies: readonly Buffer[], call: number): Buffer {
  return bodies[call % bodies.length]!;
}

function countLines(body: Buffer): number {
  let lines = 0;
  for (let at = body.indexOf(10); at >= 0; at = body.indexOf(10, at + 1)) lines++;
  return lines;
}

/** What holds for all of these pages. */
export const METHOD = `Consecutive pages of one target follow each other: of equal shape, with other gauges and grown counters, which begin anew only
in calls that are not timed: after each forced collection some are made until all is compiled again, for the peer too. The Driftgauge variants start at the bytes as they came from the socket and go through the shipped
modules as the scrape loop does: parser, series table, routing to the entries of \`metrics\`, derivation, and the core's step (EMA, judgement,
drift state). The peer reads text only, so it gets the text of the page whatever Driftgauge reads, and only parses it; it returns label objects
and leaves values as text, and it puts histograms that differ only in their labels into one. All were checked to find the same values. "First
page" is a target that was never seen before: all series are parsed in full, matched against the selectors and made into signals.
That happens once per target.`;
