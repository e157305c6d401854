import { describe, expect, it } from 'vitest';
import type { ScrapeConfig } from '../config/config.ts';
import { selectorOf } from '../config/from/series.ts';
import { namingsOf } from './identity.ts';
import { selectorText } from './promql.ts';

const target = (labels: Readonly<Record<string, string>> = {}) => ({
  address: 'a:80',
  labels: new Map(Object.entries(labels)),
});

function job(jobName: string, rest: Partial<ScrapeConfig> = {}): ScrapeConfig {
  const identity = { model: 'model', version: 'version' };
  return { jobName, identity, targets: [target()], ...rest } as ScrapeConfig;
}

const STRANGE = { identity: { model: 'name', version: 'version' } };

describe('the jobs whose series a selector may take', () => {
  it.each<[sentence: string, selector: string, jobs: ScrapeConfig[], matchers: string[]]>([
    ['are named', 'm', [job('a')], ['{job="a"}']],
    ['are all of the config', 'm', [job('a.b'), job('c')], ['{job=~"a\\\\.b|c"}']],
    [
      'are apart where they name models by different labels',
      'm',
      [job('a'), job('b', STRANGE)],
      ['{job="a"}', '{job="b"}'],
    ],
    ['need no word where the selector names one', 'm{job="b"}', [job('a'), job('b', STRANGE)], ['']],
    [
      'are those that the selector leaves',
      'm{job=~"a.*",job!="ab"}',
      [job('a'), job('ab'), job('b')],
      ['{job="a"}'],
    ],
    ['are unknown where none is of the config', 'm{job=~"x|y"}', [job('a'), job('b')], ['']],
    ['are all where the selector leaves none', 'm{job!="a"}', [job('a')], ['{job="a"}']],
    [
      'may be those of single targets',
      'm',
      [job('a', { targets: [target(), target({ job: 'x' }), target()] })],
      ['{job=~"a|x"}'],
    ],
    ['are named once', 'm', [job('a'), job('b', { targets: [target({ job: 'a' })] })], ['{job="a"}']],
  ])('%s', (_, selector, jobs, matchers) => {
    const namings = namingsOf(selectorOf(selector), jobs);
    expect(namings.map((naming) => selectorText(naming.matchers))).toEqual(matchers);
  });
});
