import { describe, expect, it } from 'vitest';
import { job } from './loading.testing.ts';

const parsed = (...metric_relabel_configs: object[]) => job({ metric_relabel_configs }).metricRelabelConfigs;

describe('metric_relabel_configs', () => {
  it('has the defaults of Prometheus', () => {
    expect(parsed({ target_label: 'a' })).toEqual([
      {
        action: 'replace',
        sourceLabels: [],
        separator: ';',
        regex: '(.*)',
        targetLabel: 'a',
        replacement: '$1',
      },
    ]);
  });

  it('keeps the order of its rules', () => {
    const rules = ['labelmap', 'labeldrop', 'keep'].map((action) => ({ action, regex: `${action}_.*` }));
    expect(parsed(...rules).map(({ action }) => action)).toEqual(['labelmap', 'labeldrop', 'keep']);
  });

  it('reads what is written: empty texts, numbers without quotes, actions in any case', () => {
    expect(
      parsed({
        source_labels: ['__name__', 'a'],
        separator: '',
        regex: 5,
        target_label: 'b',
        replacement: true,
        action: 'Replace',
      }),
    ).toEqual([
      {
        action: 'replace',
        sourceLabels: ['__name__', 'a'],
        separator: '',
        regex: '5',
        targetLabel: 'b',
        replacement: 'true',
      },
    ]);
  });

  it('keeps of each rule what its action uses', () => {
    const all = { source_labels: ['a'], separator: '-', regex: 'x', target_label: 'b', modulus: 8 };
    const source = { sourceLabels: ['a'], separator: '-' };
    expect(
      parsed(
        { ...all, action: 'keep' },
        { ...all, action: 'lowercase' },
        { ...all, action: 'hashmod' },
        { ...all, action: 'labelmap' },
      ),
    ).toEqual([
      { action: 'keep', ...source, regex: 'x' },
      { action: 'lowercase', ...source, targetLabel: 'b' },
      { action: 'hashmod', ...source, targetLabel: 'b', modulus: 8 },
      { action: 'labelmap', regex: 'x', replacement: '$1' },
    ]);
  });

  it('takes defaults that are written out, as Prometheus prints them, where no other value may stand', () => {
    const printed = { separator: ';', regex: '(.*)', replacement: '$1' };
    expect(
      parsed(
        { ...printed, action: 'labeldrop' },
        { ...printed, source_labels: ['a'], target_label: 'b', action: 'keepequal' },
        { ...printed, source_labels: ['a'], target_label: 'b', action: 'uppercase' },
      ),
    ).toEqual([
      { action: 'labeldrop', regex: '(.*)' },
      { action: 'keepequal', sourceLabels: ['a'], separator: ';', targetLabel: 'b' },
      { action: 'uppercase', sourceLabels: ['a'], separator: ';', targetLabel: 'b' },
    ]);
  });
});
