// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a rule names the groups of its regex
/** What every action but `replace` does to a series. */
import type { RelabelRow } from './relabel-cases.testing.ts';

const INVALID = 'it refuses the whole page where a label name is not valid';
const NAMELESS = 'it refuses the whole page where a series has no name';
const OLD_ORDER = 'version 2.42 puts the labels in order after each rule';

const keepAndDrop: Readonly<Record<string, RelabelRow>> = {
  'keep lets a series pass that matches': {
    labels: { a: 'x', b: 'y' },
    rules: [{ source_labels: ['a', 'b'], regex: 'x;(y|z)', action: 'keep' }],
    changes: {},
  },
  'keep drops any other': {
    labels: { a: 'xx' },
    rules: [{ source_labels: ['a'], regex: 'x', action: 'keep' }],
    changes: null,
  },
  'keep takes an absent label as an empty one': {
    rules: [{ source_labels: ['nothing'], regex: '', action: 'keep' }],
    changes: {},
  },
  'keep with the default regex keeps everything': { rules: [{ action: 'keep' }], changes: {} },
  'keep by the name of the metric': {
    rules: [{ source_labels: ['__name__'], regex: 'acc.*', action: 'keep' }],
    changes: {},
  },
  'drop drops a series that matches': {
    labels: { a: 'x' },
    rules: [{ source_labels: ['a'], regex: 'x|y', action: 'drop' }],
    changes: null,
  },
  'drop lets any other pass': {
    labels: { a: 'xx' },
    rules: [{ source_labels: ['a'], regex: 'x', action: 'drop' }],
    changes: {},
  },
  'drop with the default regex drops everything': { rules: [{ action: 'drop' }], changes: null },
  'a rule after the one that drops changes nothing': {
    rules: [{ action: 'drop' }, { target_label: 'a', replacement: 'x' }],
    changes: null,
  },
  'the action may be written in any case': {
    labels: { a: 'x' },
    rules: [{ source_labels: ['a'], regex: 'x', action: 'Drop' }],
    changes: null,
  },
};

const equal: Readonly<Record<string, RelabelRow>> = {
  'keepequal lets a series pass whose value is that of the target label': {
    labels: { a: 'x', b: 'x' },
    rules: [{ source_labels: ['a'], target_label: 'b', action: 'keepequal' }],
    changes: {},
  },
  'keepequal drops any other': {
    labels: { a: 'x', b: 'X' },
    rules: [{ source_labels: ['a'], target_label: 'b', action: 'keepequal' }],
    changes: null,
  },
  'keepequal joins values with a semicolon': {
    labels: { a: 'x', b: 'y', c: 'x;y' },
    rules: [{ source_labels: ['a', 'b'], target_label: 'c', action: 'keepequal' }],
    changes: {},
  },
  'keepequal takes absent labels as empty ones': {
    rules: [{ source_labels: ['nothing'], target_label: 'neither', action: 'keepequal' }],
    changes: {},
  },
  'dropequal drops a series whose value is that of the target label': {
    labels: { a: 'x', b: 'x' },
    rules: [{ source_labels: ['a'], target_label: 'b', action: 'dropequal' }],
    changes: null,
  },
  'dropequal lets any other pass': {
    labels: { a: 'x', b: 'y' },
    rules: [{ source_labels: ['a'], target_label: 'b', action: 'dropequal' }],
    changes: {},
  },
  'dropequal takes absent labels as empty ones': {
    rules: [{ target_label: 'nothing', action: 'dropequal' }],
    changes: null,
  },
};

const written: Readonly<Record<string, RelabelRow>> = {
  'lowercase writes the joined values in lower case, a letter for a letter': {
    labels: { a: 'ABC-é', b: 'ÉΣΑΣẞİǅ' },
    rules: [{ source_labels: ['a', 'b'], separator: '|', target_label: 'c', action: 'lowercase' }],
    changes: { c: 'abc-é|éσασßiǆ' },
  },
  'uppercase writes the joined values in upper case, a letter for a letter': {
    labels: { a: 'abc-É', b: 'éßŉǰΐﬁᾀᾳᾈᾲǅςა𐐨' },
    rules: [{ source_labels: ['a', 'b'], target_label: 'a', action: 'uppercase' }],
    changes: { a: 'ABC-É;ÉßŉǰΐﬁᾈᾼᾈᾲǄΣᲐ𐐀' },
  },
  'lowercase of an absent label takes the target label away': {
    labels: { a: 'X' },
    rules: [{ source_labels: ['nothing'], target_label: 'a', action: 'lowercase' }],
    changes: { a: null },
  },
  'uppercase looks at no regex': {
    labels: { a: 'x' },
    rules: [{ source_labels: ['a'], regex: 'y', target_label: 'a', action: 'uppercase' }],
    changes: { a: 'X' },
  },
  'hashmod writes the hash of the joined values, modulo the modulus': {
    labels: { a: 'x', b: 'é' },
    rules: [{ source_labels: ['a', 'b'], target_label: 'c', modulus: 1000, action: 'hashmod' }],
    changes: { c: '395' },
  },
  'hashmod takes a modulus beyond 32 bits': {
    labels: { a: 'x' },
    rules: [{ source_labels: ['a'], target_label: 'c', modulus: Number.MAX_SAFE_INTEGER, action: 'hashmod' }],
    changes: { c: '2346693179502420' },
  },
  'hashmod of nothing is that of the empty text': {
    rules: [{ target_label: 'c', modulus: 1_000_000, action: 'hashmod' }],
    changes: { c: '544958' },
  },
  'hashmod with modulus 1 is 0, and looks at no regex': {
    labels: { a: 'x' },
    rules: [{ source_labels: ['a'], regex: 'y', target_label: 'c', modulus: 1, action: 'hashmod' }],
    changes: { c: '0' },
  },
};

const names: Readonly<Record<string, RelabelRow>> = {
  'labelmap copies labels whose names match to what is made of them': {
    labels: { meta_zone: 'eu', meta_rack: '7', zone_meta: 'no' },
    rules: [{ regex: 'meta_(.+)', action: 'labelmap' }],
    changes: { zone: 'eu', rack: '7' },
  },
  'labelmap makes names of a template': {
    labels: { zone_meta: 'eu' },
    rules: [{ regex: '(?P<what>[a-z]+)_(meta)', replacement: '${2}_$what', action: 'labelmap' }],
    changes: { meta_zone: 'eu' },
  },
  'labelmap copies the name of the metric too': {
    rules: [{ regex: '__(name)__', replacement: 'old_$1', action: 'labelmap' }],
    changes: { old_name: 'accuracy' },
  },
  'labelmap overwrites a label that is there': {
    labels: { meta_job: 'ranking' },
    rules: [{ regex: 'meta_(.+)', action: 'labelmap' }],
    changes: { job: 'ranking' },
  },
  'labelmap does not map what it has just written': {
    labels: { x_x_a: 'v' },
    rules: [{ regex: 'x_(.+)', action: 'labelmap' }],
    changes: { x_a: 'v' },
  },
  'labelmap gives a name that several ask for to the last by name': {
    labels: { c_zone: 'of c', a_zone: 'of a', b_zone: 'of b', zone_a: 'other' },
    rules: [{ regex: '[a-c]_(zone)', action: 'labelmap' }],
    changes: { zone: 'of c' },
  },
  'labelmap gives a name that several ask for to the one that was written last': {
    labels: { b_zone: 'of b', c_zone: 'of c' },
    rules: [
      { target_label: 'a_zone', replacement: 'of a' },
      { regex: '[a-c]_(zone)', action: 'labelmap' },
    ],
    changes: { a_zone: 'of a', zone: 'of a' },
    notShown: OLD_ORDER,
  },
  'labelmap takes a label that was written anew for one that was written': {
    labels: { a_zone: 'of a', b_zone: 'of b' },
    rules: [
      { source_labels: ['a_zone'], target_label: 'a_zone', replacement: 'still $1' },
      { regex: '[ab]_(zone)', action: 'labelmap' },
    ],
    changes: { a_zone: 'still of a', zone: 'still of a' },
    notShown: OLD_ORDER,
  },
  'labelmap takes a label that was written twice where it was written first': {
    labels: { a: 'x' },
    rules: [
      { target_label: 'b_zone', replacement: 'of b' },
      { target_label: 'a_zone', replacement: 'of a' },
      { target_label: 'b_zone', replacement: 'of b' },
      { regex: '[ab]_(zone)', action: 'labelmap' },
    ],
    changes: { a_zone: 'of a', b_zone: 'of b', zone: 'of a' },
    notShown: OLD_ORDER,
  },
  'labelmap may make names that are none': {
    labels: { x_1: 'v' },
    rules: [{ regex: 'x_(.+)', action: 'labelmap' }],
    changes: { '1': 'v' },
    notShown: INVALID,
  },
  'labeldrop takes labels away whose names match': {
    labels: { a1: 'x', a2: 'y', b1: 'z' },
    rules: [{ regex: 'a.', action: 'labeldrop' }],
    changes: { a1: null, a2: null },
  },
  'labeldrop is anchored at both ends': {
    labels: { abc: 'x' },
    rules: [{ regex: 'a|b|c', action: 'labeldrop' }],
    changes: {},
  },
  'labeldrop takes a label away that a rule has written': {
    labels: { a: 'x' },
    rules: [
      { source_labels: ['a'], target_label: 'tmp_a' },
      { source_labels: ['tmp_a'], target_label: 'b' },
      { regex: 'tmp_.*', action: 'labeldrop' },
    ],
    changes: { b: 'x' },
  },
  'labeldrop may take the name of the metric away': {
    rules: [{ regex: '__name__', action: 'labeldrop' }],
    changes: { __name__: null },
    notShown: NAMELESS,
  },
  'labeldrop that leaves no label drops the series': {
    labels: { a: 'x' },
    rules: [{ action: 'labeldrop' }],
    changes: null,
  },
  'labelkeep takes all other labels away': {
    labels: { only: 'labelkeep', b: 'y' },
    rules: [{ regex: '__name__|only', action: 'labelkeep' }],
    changes: { b: null, job: null, instance: null },
  },
  'labelkeep with the default regex keeps all': {
    labels: { a: 'x' },
    rules: [{ action: 'labelkeep' }],
    changes: {},
  },
  'a label that was taken away and written again is there': {
    labels: { a: 'x', b: 'y' },
    rules: [
      { target_label: 'a', replacement: '' },
      { source_labels: ['b'], target_label: 'a' },
    ],
    changes: { a: 'y' },
  },
  'a label with an empty value is as good as none': {
    labels: { x_a: '', a: 'there' },
    rules: [
      { regex: 'x_(.+)', action: 'labelmap' },
      { source_labels: ['x_a'], regex: '', target_label: 'b', replacement: 'empty' },
    ],
    changes: { x_a: null, b: 'empty' },
  },
  'names that objects inherit are labels like any other': {
    labels: { constructor: 'c', __proto__x: 'p' },
    rules: [
      { source_labels: ['toString', 'constructor'], target_label: 'a', replacement: '$1$constructor' },
      { source_labels: ['constructor'], target_label: '__proto__' },
    ],
    changes: { a: ';c', ['__proto__']: 'c' },
  },
};

export const ACTION_ROWS: Readonly<Record<string, RelabelRow>> = {
  ...keepAndDrop,
  ...equal,
  ...written,
  ...names,
};
