import { describe, expect, it } from 'vitest';
import { configSchema } from '../schema.ts';
import { readYaml } from './source.ts';

const read = (text: string) => readYaml(text, configSchema);
const messages = (text: string) =>
  read(text).problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
const plain = (value: unknown) => JSON.parse(JSON.stringify(value ?? null));

const VALUES: Record<string, [string, unknown]> = {
  'nothing is no value': ['', null],
  'a comment is no value': ['# a', null],
  'an unquoted number is a text where one is expected': [
    'global: {external_labels: {v: 1.10}}',
    { global: { external_labels: { v: '1.10' } } },
  ],
  'and so is a word': [
    'global: {external_labels: {v: yes, w: true, x: 0x1F}}',
    { global: { external_labels: { v: 'yes', w: 'true', x: '0x1F' } } },
  ],
  'elsewhere it is a number': ['limits: {max_signals: 017}', { limits: { max_signals: 17 } }],
  'a text in quotes is one': ["limits: {max_signals: '17'}", { limits: { max_signals: '17' } }],
  'a key without a value is left out': ['global:\nlimits: {}', { limits: {} }],
  'an entry without a value stays': ['metrics: [a, ~]', { metrics: ['a', null] }],
  'a mapping that can hold nothing needs no value': [
    'retrain: {triggers: [{log: }]}',
    { retrain: { triggers: [{ log: {} }] } },
  ],
  'an alias is what its anchor names': ['metrics: [&a {x: 1}, *a]', { metrics: [{ x: 1 }, { x: 1 }] }],
  'an anchor may be used again': ['metrics: [&a 1, *a, &a 2, *a]', { metrics: [1, 1, 2, 2] }],
  'an own key wins over a merged one': [
    'metrics: [&a {x: 1, y: 2}, {<<: *a, x: 3}]',
    {
      metrics: [
        { x: 1, y: 2 },
        { x: 3, y: 2 },
      ],
    },
  ],
  'an own key without a value wins too': [
    'metrics: [&a {x: 1, y: 2}, {x: , <<: *a}]',
    { metrics: [{ x: 1, y: 2 }, { y: 2 }] },
  ],
  'of several merged ones the first wins': [
    'metrics: [&a {x: 1}, &b {x: 2, y: 2}, {<<: [*a, *b]}]',
    { metrics: [{ x: 1 }, { x: 2, y: 2 }, { x: 1, y: 2 }] },
  ],
  'a << in quotes is a key like others': ["metrics: [{'<<': 1}]", { metrics: [{ '<<': 1 }] }],
  'an old version of YAML makes no difference': [
    '%YAML 1.1\n---\nlimits: {max_signals: yes}',
    { limits: { max_signals: 'yes' } },
  ],
  'Windows line ends are line ends': ['metrics:\r\n  - a\r\n', { metrics: ['a'] }],
  'a byte order mark is skipped': ['\ufeffmetrics: [a]', { metrics: ['a'] }],
};

const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
for (const [index, name] of [...'bcdefgh'].entries()) {
  const alias = `*${'abcdefgh'[index]}`;
  bomb.push(`${name}: &${name} [${Array(9).fill(alias).join(', ')}]`);
}

const PROBLEMS: Record<string, [string, string[]]> = {
  'an alias without an anchor': [
    'metrics: *a',
    ['1:10: expected an anchor before its alias, found none of that name'],
  ],
  'an alias to what it stands in': [
    'metrics: &a [*a, *a]',
    [
      '1:14: expected an alias to something else, found one to what it stands in',
      '1:18: expected an alias to something else, found one to what it stands in',
    ],
  ],
  'a mapping that is merged into itself': [
    'metrics: &a {<<: *a}',
    ['1:14: expected an alias to something else, found one to what it stands in'],
  ],
  'a bomb of aliases': [bomb.join('\n'), ['5:12: aliases expand to more than 20000 values']],
  'lists in lists': [`${'['.repeat(70)}${']'.repeat(70)}`, ['1:66: nested deeper than 64 levels']],
  'lists in lists without end': [
    '['.repeat(50_000),
    ['1:807: nested too deeply', '1:66: nested deeper than 64 levels'],
  ],
  'a key that a prototype has': [
    'limits: {__proto__: {max_signals: 1}}',
    ['1:10: expected another key, found "__proto__"'],
  ],
  'a key twice': [
    'limits: {}\nlimits: {}',
    ['2:1: duplicate key "limits", expected it once, found it on line 1 too'],
  ],
  'many documents': ['a: 1\n---\nb: 2', ['2:1: expected one YAML document, found a second one']],
  'a tag of a program': ['a: !!js/function x', ['1:4: the tag is not supported']],
  'a tag of another version': ['a: !!binary aGk=', ['1:4: the tag is not supported']],
  'control characters': [
    'a: "\u0007\ud800"\nb: \u0000',
    ['1:5: expected printable characters, found U+0007', '2:4: expected printable characters, found U+0000'],
  ],
};

describe('a YAML text', () => {
  it.each(Object.entries(VALUES))('%s', (_name, [text, value]) => {
    expect(messages(text)).toEqual([]);
    expect(plain(read(text).value)).toEqual(value);
  });

  it.each(Object.entries(PROBLEMS))('is refused: %s', (_name, [text, problems]) => {
    expect(messages(text).map((line) => line.replace(/^1:\d+: nested too/, '1:807: nested too'))).toEqual(
      problems,
    );
  });

  it('never reaches a prototype', () => {
    const { value } = read(
      '{__proto__: {polluted: 1}, constructor: {prototype: {polluted: 1}}, <<: {__proto__: {polluted: 1}}}',
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf(value)).toBeNull();
  });

  it('says where things are: scalars at themselves, mappings and lists at their key, what is missing at its parent', () => {
    const source = read('global:\n  external_labels: {env: prod}\nmetrics:\n  - name: a\n  - models: [b]\n');
    const at = (path: (string | number)[], atKey = false) => {
      const { line, column } = source.locate(path, { atKey });
      return `${line}:${column}`;
    };
    expect(at(['global', 'external_labels', 'env'])).toBe('2:26');
    expect(at(['global', 'external_labels', 'env'], true)).toBe('2:21');
    expect(at(['global', 'external_labels'])).toBe('2:3');
    expect(at(['global', 'scrape_interval'])).toBe('1:1');
    expect(at(['metrics', 1])).toBe('5:5');
    expect(at(['metrics', 1, 'name'])).toBe('5:5');
    expect(at(['metrics', 1, 'models', 0])).toBe('5:14');
    expect(at(['limits', 'max_signals'])).toBe('1:1');
  });

  it.each([
    ['brackets', '}\n'.repeat(50_000)],
    ['quotes', '"'.repeat(100_000)],
    ['aliases', `a: [&a x${', *a'.repeat(100_000)}]`],
    ['keys', `{${Array.from({ length: 50_000 }, (_, index) => `k${index}: 1`).join(', ')}}`],
    ['question marks', '? '.repeat(50_000)],
  ])('of nothing but %s is read in reasonable time', (_name, text) => {
    const start = performance.now();
    read(text);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
