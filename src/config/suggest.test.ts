import { describe, expect, it } from 'vitest';
import type { Path } from './problem.ts';
import { everyKey, keysOf, schemaAt } from './schema/walk.ts';
import { configSchema } from './schema.ts';
import { editDistance, suggestKey } from './suggest.ts';

const METRIC: Path = ['metrics', 0];
const JOB: Path = ['scrape_configs', 0];
const TRIGGER: Path = ['retrain', 'triggers', 0];

const SUGGESTIONS: Record<string, [Path, string, string | null]> = {
  'a letter is wrong': [METRIC, 'actoin', 'action'],
  'a letter is missing': [METRIC, 'drft', 'drift'],
  'two letters are too many': [METRIC, 'smoothingss', 'smoothing'],
  'another spelling': [JOB, 'scrapeTimeout', 'scrape_timeout'],
  'a hyphen': [JOB, 'basic-auth', 'basic_auth'],
  'a word is missing': [JOB, 'interval', 'scrape_interval'],
  'it belongs into a part': [METRIC, 'warm_up', 'smoothing.warm_up'],
  'it belongs into a part of a part': [JOB, 'labels', 'static_configs[].labels'],
  'it belongs into a part, though a letter would make it fit': [METRIC, 'for', 'drift.for'],
  'it belongs to the whole': [['metrics', 0, 'drift'], 'action', 'metrics[].action'],
  'it belongs to the section around': [TRIGGER, 'cooldown', 'retrain.cooldown'],
  'it belongs to another section': [[], 'max_per_day', 'retrain.max_per_day'],
  'of two places, the one that is nearer to the top': [[], 'scrape_interval', 'global.scrape_interval'],
  'it has nothing to do with any': [METRIC, 'fleet', null],
  'it is empty': [METRIC, '', null],
  'it is what objects inherit': [METRIC, 'constructor', null],
  'it is very long': [METRIC, 'drift'.repeat(100), null],
};

describe('a key that is not known', () => {
  it.each(Object.entries(SUGGESTIONS))('%s', (_name, [place, key, expected]) => {
    const allowed = keysOf(schemaAt(configSchema, place));
    const suggestion = suggestKey({ key, place, allowed, everywhere: everyKey(configSchema) });
    expect(suggestion && (suggestion.kind === 'here' ? suggestion.key : suggestion.path)).toBe(expected);
  });
});

describe('the edit distance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', 'abc', 0],
    ['abc', 'abd', 1],
    ['abc', 'acb', 1],
    ['abc', 'ab', 1],
    ['kitten', 'sitting', 3],
  ])('of %j and %j is %d', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });
});
