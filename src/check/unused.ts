/** Metrics of a page that look as if they were about a model and that no entry takes, each with a `from` to begin with. */
import type { Family } from './families.ts';
import { selectorYaml } from './spelling.ts';

const WORDS =
  /accuracy|f1|precision|recall|auc|loss|drift|score|latency|duration|prediction|inference|requests|errors/i;
const RUNTIME = /^(?:go|process|python|nodejs|jvm|prometheus|promhttp|scrape)_/;

export interface Unused {
  readonly family: Family;
  /** YAML. */
  readonly from: string;
}

export interface UnusedOptions {
  /** The label that names the model. */
  readonly modelLabel: string;
  /** What the target's own label of that name says; undefined: it has none. */
  readonly targetModel: string | undefined;
}

/** Those that name a model come first, then by name. */
export function unusedOf(families: readonly Family[], { modelLabel, targetModel }: UnusedOptions): Unused[] {
  const counters = new Set(families.filter(({ type }) => type === 'counter').map(({ name }) => name));
  const namesModel = ({ series }: Family) =>
    series.some(
      ({ own, labels }) => own.has(modelLabel) || (labels?.get(modelLabel) ?? targetModel) !== targetModel,
    );
  const found = families.filter(
    (family) =>
      !RUNTIME.test(family.name) &&
      family.type !== 'info' &&
      family.type !== 'stateset' &&
      (WORDS.test(family.name) || namesModel(family)) &&
      family.series.every(({ destination }) => destination.kind === 'nowhere'),
  );
  const [first, second] = [found.filter(namesModel), found.filter((family) => !namesModel(family))];
  return [...first, ...second].map((family) => ({ family, from: suggestionFor(family, counters) }));
}

function suggestionFor({ name, type }: Family, counters: ReadonlySet<string>): string {
  const yaml = selectorYaml(name);
  switch (type) {
    case 'counter': {
      const whole = wholeOf(name, counters);
      if (whole === undefined) return `from: {rate: ${yaml}}`;
      return `from: {ratio: {numerator: ${yaml}, denominator: ${selectorYaml(whole)}}}`;
    }
    case 'histogram':
      return `from: {histogram_quantile: {quantile: 0.95, of: ${yaml}}}`;
    case 'summary':
      return `from: {mean: ${yaml}}`;
    default:
      return `from: {gauge: ${yaml}}`;
  }
}

const PART = /errors?|failures?|failed/;
const WHOLES = ['requests', 'request', 'predictions', 'prediction', 'inferences', 'inference', 'calls'];

/** The counter that another is a part of: the requests of the errors. */
function wholeOf(name: string, counters: ReadonlySet<string>): string | undefined {
  if (!PART.test(name)) return undefined;
  return WHOLES.map((word) => name.replace(PART, word)).find((whole) => counters.has(whole));
}
