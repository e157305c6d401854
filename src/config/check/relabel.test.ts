import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { JOB, PUSHED } from '../build/loading.testing.ts';
import { loadConfig } from '../load.ts';

/** Each problem as its key within the rule, and what was expected there. */
function problemsOf(rule: object): string[] {
  const text = stringify({
    scrape_configs: [{ ...JOB, metric_relabel_configs: [rule] }],
    metrics: [PUSHED],
  });
  const result = loadConfig({ text, file: 'c.yaml', env: {} });
  const prefix = 'scrape_configs[0].metric_relabel_configs[0].';
  return result.ok
    ? []
    : result.problems.map(({ path, message }) => `${path.replace(prefix, '')}: ${message.split(',')[0]}`);
}

const VALUES = {
  source_labels: ['a'],
  separator: '-',
  target_label: 'b',
  regex: 'x',
  modulus: 8,
  replacement: 'c',
};
const others = (...keys: (keyof typeof VALUES)[]) =>
  Object.entries(VALUES).filter(([key]) => !keys.some((used) => used === key));

describe('a rule of metric_relabel_configs', () => {
  it.each(['replace', 'hashmod', 'lowercase', 'uppercase', 'keepequal', 'dropequal'])(
    'needs a target_label to %s',
    (action) => {
      expect(problemsOf({ action, modulus: action === 'hashmod' ? 1 : undefined })).toEqual([
        `target_label: expected a label name for the action ${action}`,
      ]);
    },
  );

  it.each(['hashmod', 'lowercase', 'uppercase', 'keepequal', 'dropequal'])(
    'takes no template as the target_label to %s',
    (action) => {
      const rule = { target_label: '$1', action, modulus: action === 'hashmod' ? 1 : undefined };
      expect(problemsOf(rule)).toEqual(['target_label: expected a label name of letters']);
    },
  );

  it.each(['keep', 'drop', 'labelmap', 'labeldrop', 'labelkeep'])('needs no other key to %s', (action) => {
    expect(problemsOf({ action })).toEqual([]);
  });

  it.each(['keep', 'drop', 'replace', 'hashmod'])('may have any key to %s, as in Prometheus', (action) => {
    expect(problemsOf({ ...VALUES, action })).toEqual([]);
  });

  it.each(['labeldrop', 'labelkeep'])('has a regex only to %s', (action) => {
    for (const [key, value] of others('regex')) {
      expect(problemsOf({ action, [key]: value })).toEqual([
        `${key}: expected regex only for the action ${action}`,
      ]);
    }
  });

  it.each(['keepequal', 'dropequal'])('has source_labels and target_label only to %s', (action) => {
    for (const [key, value] of others('source_labels', 'target_label')) {
      expect(problemsOf({ action, target_label: 'b', [key]: value })).toEqual([
        `${key}: expected source_labels and target_label only for the action ${action}`,
      ]);
    }
  });

  it.each(['lowercase', 'uppercase'])('has no replacement to %s', (action) => {
    expect(problemsOf({ ...VALUES, action })).toEqual([
      `replacement: expected no replacement for the action ${action}`,
    ]);
  });

  it('is not blamed for what follows from a key that could not be read', () => {
    expect(problemsOf({ action: 'rename' })).toHaveLength(1);
    expect(problemsOf({ target_label: ['a'] })).toEqual(['target_label: expected a label name']);
    expect(problemsOf({ target_label: 'a', modulus: 'many', action: 'hashmod' })).toHaveLength(1);
    expect(problemsOf({ replacement: ['a'], action: 'labelmap' })).toEqual(['replacement: expected a text']);
  });
});
