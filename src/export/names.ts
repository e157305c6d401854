/** Names of recording rules, alerts and groups: made of metric names, which may hold anything, and unique. */

export interface RuleNames {
  readonly group: string;
  readonly value: string;
  readonly ema: string;
  readonly samples: string;
  readonly alert: string;
}

const MAX_LENGTH = 100;

/** Call it once per file, then for each entry in order: a name that is there already gets a number. */
export function nameGiver(): (metric: string) => RuleNames {
  const unusedSlug = unusedOf('_');
  const unusedAlert = unusedOf('');
  return (metric) => {
    const words = metric.split(/[^a-zA-Z0-9]+/).filter((word) => word !== '');
    const slug = unusedSlug(words.join('_').slice(0, MAX_LENGTH) || 'metric');
    const camel = slug.replace(/(?:^|_)([a-zA-Z0-9]?)/g, (_, first: string) => first.toUpperCase());
    return {
      group: `driftgauge:${slug}`,
      value: `model_version:${slug}:value`,
      ema: `model_version:${slug}:ema`,
      samples: `model_version:${slug}:samples`,
      alert: unusedAlert(`Model${camel}Drift`),
    };
  };
}

function unusedOf(separator: string): (name: string) => string {
  const used = new Set<string>();
  const last = new Map<string, number>();
  return (name) => {
    let unused = name;
    for (let number = last.get(name) ?? 1; used.has(unused); unused = `${name}${separator}${number}`) {
      number++;
      last.set(name, number);
    }
    used.add(unused);
    return unused;
  };
}
