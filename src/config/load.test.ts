// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a config writes environment variables
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument, stringify } from 'yaml';
import { FAULTS } from './bad-configs.testing.ts';
import { loadConfig, MAX_CONFIG_BYTES, readConfig } from './load.ts';
import { formatProblem } from './problem.ts';

const FOLDER = 'test/data/config';

/** The problems of a file, as they are printed but for the name of the file. */
async function problemsOf(file: string, env: Record<string, string> = {}): Promise<string[]> {
  const path = `${FOLDER}/${file}`;
  const result = await readConfig(path, env);
  return result.ok ? [] : result.problems.map((problem) => formatProblem(problem).slice(path.length + 1));
}

function problemsIn(text: string, env: Record<string, string> = {}): string[] {
  const result = loadConfig({ text, file: 'c.yaml', env });
  return result.ok ? [] : result.problems.map((problem) => formatProblem(problem).slice('c.yaml:'.length));
}

describe('a bad config', () => {
  it('has a row in the table above, whatever its fault', () => {
    const files = readdirSync(FOLDER).filter((file) => file.startsWith('bad-'));
    expect(files.sort()).toEqual(
      Object.keys(FAULTS)
        .map((fault) => `bad-${fault}.yaml`)
        .sort(),
    );
  });

  it.each(Object.entries(FAULTS))('%s', async (fault, problems) => {
    expect((await problemsOf(`bad-${fault}.yaml`)).join('\n')).toBe(problems);
  });

  it('with ten faults has ten problems, in the order of its lines', async () => {
    expect(await problemsOf('ten-faults.yaml')).toEqual([
      '3:20: global.scrape_interval: expected a duration above 0, such as 30s or 5m, found "15" (its unit is missing)',
      '6:5: scrape_configs[0].metric_path: unknown key "metric_path", did you mean "metrics_path"?',
      '8:19: scrape_configs[0].static_configs[0].targets[0]: expected a target as host:port, found "http://localhost:8000" (the scheme is written as `scheme`, the path as `metrics_path`)',
      '11:5: metrics[0].warm_up: unknown key "warm_up", did you mean smoothing.warm_up?',
      '12:19: metrics[0].from.gauge: expected a PromQL selector such as model_accuracy{stage="prod"}, found "model_accuracy{stage=prod}" (expected a label value in quotes, found "p" at character 22)',
      '13:26: metrics[0].drift.above: expected exactly one of below, above, found below and above',
      '15:20: metrics[1].drift.below: expected a finite number, found "low"',
      '16:5: metrics[1].drift: duplicate key "drift", expected it once, found it on line 15 too',
      '18:13: retrain.cooldown: expected a duration such as 30s, 5m or 1h30m, found "6 hours"',
      '22:7: retrain.triggers[1]: expected models that no earlier trigger takes, found that retrain.triggers[0] takes them all: it can never be reached',
    ]);
  });

  it('never shows a secret', async () => {
    for (const problems of Object.values(FAULTS)) expect(problems).not.toContain('planted');
  });

  it('is refused whole: no part of it is used', async () => {
    expect(await readConfig(`${FOLDER}/ten-faults.yaml`, {})).not.toHaveProperty('config');
  });

  it('that is missing, or no file, is a problem too', async () => {
    expect(await problemsOf('missing.yaml')).toEqual([' cannot be read: ENOENT: no such file or directory']);
    expect(await problemsOf('.')).toEqual([' cannot be read: EISDIR: illegal operation on a directory']);
  });

  it('that is too large is not read', () => {
    expect(problemsIn('#'.repeat(MAX_CONFIG_BYTES + 1))).toEqual([
      ' expected at most 1 MiB, found a larger file',
    ]);
  });

  it('names the problems beside a syntax error, but not what only follows from it', () => {
    const text = `
metrics:
  - name: accuracy
    drift: {below: 0.85, clear: 0.8}
    models: [a
  - name: f1_score
    drift: {above: 1}
limits: {max_signals: many}
`;
    expect(problemsIn(text)).toEqual([
      '4:33: metrics[0].drift.clear: expected 0.85 or more, on the good side of below, found 0.8',
      '6:3: the indentation does not fit the lines before',
      '8:23: limits.max_signals: expected an integer from 1 to 10000000, found "many"',
    ]);
  });

  it('finds what spans keys in whatever could be read', () => {
    const text = `
metrics:
  - name: accuracy
    drift: {below: 0.85, clear: 0.8, for: long}
  - name: accuracy
    drift: nothing
  - models: [a]
    drift: {above: 1}
retrain:
  triggers:
    - {name: one, webhook: {url: nowhere}}
    - {name: one, log: {}}
`;
    expect(problemsIn(text).map((line) => line.replace(/,? found .*| \(.*/, ''))).toEqual([
      '4:33: metrics[0].drift.clear: expected 0.85 or more, on the good side of below',
      '4:43: metrics[0].drift.for: expected a duration such as 30s, 5m or 1h30m',
      '5:5: metrics[1]: expected models that no earlier entry of its name takes',
      '6:12: metrics[1].drift: expected a mapping with one of below, above',
      '7:5: metrics[2].name: expected a name of 1 to 1024 bytes',
      '11:34: retrain.triggers[0].webhook.url: expected an http or https URL',
      '12:7: retrain.triggers[1]: expected models that no earlier trigger takes',
      '12:14: retrain.triggers[1].name: expected a name of its own',
    ]);
  });

  it('is not blamed for what follows from a part that could not be read', () => {
    const text = `
global: {scrape_interval: often, scrape_timeout: 1m}
scrape_configs: nothing
metrics:
  - name: accuracy
    models: fraud
    from: {gauge: accuracy}
    drift: {belw: 0.85}
  - name: accuracy
    models: [fraud]
    drift: {below: low}
retrain:
  triggers: [{nmae: a, webhok: {}}]
`;
    expect(problemsIn(text).map((line) => line.replace(/,? found .*| \(.*/, ''))).toEqual([
      '2:27: global.scrape_interval: expected a duration above 0, such as 30s or 5m',
      '3:17: scrape_configs: expected a list',
      '6:13: metrics[0].models: expected a list of at least one glob',
      '8:13: metrics[0].drift.belw: unknown key "belw", did you mean "below"?',
      '11:20: metrics[1].drift.below: expected a finite number',
      '13:15: retrain.triggers[0].nmae: unknown key "nmae", did you mean "name"?',
      '13:24: retrain.triggers[0].webhok: unknown key "webhok", did you mean "webhook"?',
    ]);
  });

  it('says once that an alias leads nowhere', () => {
    expect(problemsIn('metrics: [{name: *a, drift: *b}, *c]')).toEqual([
      '1:18: metrics[0].name: expected an anchor before its alias, found none of that name',
      '1:29: metrics[0].drift: expected an anchor before its alias, found none of that name',
      '1:34: metrics[1]: expected an anchor before its alias, found none of that name',
    ]);
  });

  it('prints no more than a thousand problems', () => {
    const lines = problemsIn(`metrics: [${'{}, '.repeat(2000)}]`);
    expect(lines).toHaveLength(1001);
    expect(lines.at(-1)).toMatch(/: and 3000 more problems from here on$/);
  });

  it('cannot reshape the terminal', () => {
    const [line] = problemsIn('"\\u202e\\x1b[2J\\n": 1\nmetrics: [{name: a, drift: {below: 1}}]');
    expect(line).toMatch(
      /^1:1: \["\\u202e\\u001b\[2J\\n"\]: unknown key "\\u202e\\u001b\[2J\\n", expected one of /,
    );
  });
});

describe('environment variables', () => {
  const label = (value: string) =>
    `global: {external_labels: {env: '${value}'}}\nmetrics: [{name: a, drift: {below: 1}}]`;
  const labelOf = (value: string, env: Record<string, string>) => {
    const result = loadConfig({ text: label(value), file: null, env });
    return result.ok
      ? result.config.externalLabels.get('env')
      : result.problems.map(({ message }) => message);
  };

  it.each([
    ['${STAGE}', 'prod'],
    ['a-${STAGE}-${EMPTY}b', 'a-prod-b'],
    ['$${STAGE}', '${STAGE}'],
    ['$$${STAGE}', '$${STAGE}'],
    ['$STAGE', '$STAGE'],
    ['a$$b', 'a$$b'],
  ])('%s is %s', (value, expected) => {
    expect(labelOf(value, { STAGE: 'prod', EMPTY: '' })).toBe(expected);
  });

  it.each(['${STAGE', '${}', '${A-B}', '${1}'])('%s is no name of one', (value) => {
    expect(labelOf(value, { STAGE: 'prod' })).toEqual([
      'expected ${NAME} of an environment variable, found "${" and something else ($${ stands for ${ itself)',
    ]);
  });

  it.each(['__proto__', 'constructor', 'NOT_SET'])('%s is not set', (name) => {
    expect(labelOf(`\${${name}}`, {})).toEqual([
      `expected the environment variable ${name}, found that it is not set`,
    ]);
  });

  it('stand in label values and secrets only', () => {
    expect(problemsIn('metrics: [{name: "${STAGE}", drift: {below: 1}}]')).toEqual([]);
    expect(problemsIn('metrics: [{name: a, drift: {below: "${STAGE}"}}]', { STAGE: '1' })).toHaveLength(1);
  });

  it('bring a secret that is held against what its place can take', async () => {
    const file = 'good-secrets.yaml';
    expect(await problemsOf(file, { STAGE: 'prod', PASSWORD: 'planted' })).toEqual([]);
    expect(await problemsOf(file, { STAGE: 'prod', PASSWORD: 'planted\nline' })).toEqual([
      '22:26: retrain.triggers[0].webhook.headers.X-Key: expected a value that a header can carry, found a line break or the like in it',
    ]);
  });
});

describe('a text that somebody broke', () => {
  const good = async () => {
    const files = [
      `${FOLDER}/good-habits.yaml`,
      `${FOLDER}/good-secrets.yaml`,
      'config/driftgauge.example.yaml',
    ];
    return await Promise.all(files.map((file) => readFile(file, 'utf8')));
  };
  const env = { STAGE: 'prod', PASSWORD: 'planted' };

  it('is refused with problems that lie within it, and never throws', async () => {
    const junk = fc.oneof(
      fc.constantFrom(
        '\t',
        '\n',
        '  ',
        '"',
        "'",
        '[',
        '{',
        '}',
        ': ',
        '- ',
        '&a ',
        '*a',
        '<<: ',
        '!x ',
        '? ',
        '|',
        '\0',
        '${',
        '---\n',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    );
    const edit = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), drop: fc.nat(12), add: junk });
    fc.assert(
      fc.property(
        fc.constantFrom(...(await good())),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        (text, edits) => {
          let broken = text;
          for (const { at, drop, add } of edits) {
            const start = Math.floor(at * broken.length);
            broken = broken.slice(0, start) + add + broken.slice(start + drop);
          }
          const result = loadConfig({ text: broken, file: 'c.yaml', env });
          if (result.ok) return;
          expect(result.problems.length).toBeGreaterThan(0);
          const lines = broken.split(/\r?\n/);
          for (const { line, column, message } of result.problems) {
            expect(line).toBeGreaterThanOrEqual(1);
            expect(line).toBeLessThanOrEqual(lines.length);
            expect(column).toBeGreaterThanOrEqual(1);
            expect(message).not.toBe('');
          }
        },
      ),
      { numRuns: 800 },
    );
  });

  it('shows no secret, whatever stands in the place of what was meant', async () => {
    const text = (await good())[1]!;
    const junk = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom(0, -1, 'x', '${X}', '5m', [], {}, null, true),
    );
    const step = fc.nat(1000);
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 6 }),
        junk,
        fc.boolean(),
        (steps, value, rename) => {
          const tree = parseDocument(text).toJS() as Record<string, unknown>;
          replaceSomewhere(tree, { steps, value, rename });
          const result = loadConfig({ text: stringify(tree), file: 'c.yaml', env });
          const shown = result.ok
            ? result.config.redactedYaml
            : result.problems.map(formatProblem).join('\n');
          expect(shown).not.toMatch(/planted|cGxhbnRlZA/);
        },
      ),
      { numRuns: 800 },
    );
  });
});

/** Walks into a tree by chance, and puts something else where it ends. */
function replaceSomewhere(
  tree: object,
  how: { steps: readonly number[]; value: unknown; rename: boolean },
): void {
  let at = tree as Record<string, unknown>;
  for (const [index, step] of how.steps.entries()) {
    const keys = Object.keys(at);
    const key = keys[step % Math.max(keys.length, 1)];
    if (key === undefined) return;
    const next = at[key];
    if (index < how.steps.length - 1 && typeof next === 'object' && next !== null) {
      at = next as Record<string, unknown>;
      continue;
    }
    if (how.rename && !Array.isArray(at)) {
      delete at[key];
      at[`${key}x`] = next;
    } else {
      at[key] = how.value;
    }
    return;
  }
}
