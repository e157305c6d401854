// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a rule names the groups of its regex
/** What the action `replace` does to a series. */
import type { RelabelRow } from './relabel-cases.testing.ts';

const NAMELESS = 'it refuses the whole page where a series has no name';
const OLD_DOT = 'before version 3, a dot takes no line break';

export const REPLACE_ROWS: Readonly<Record<string, RelabelRow>> = {
  'replace is the default, takes the whole value, and writes it to another label': {
    labels: { a: 'x' },
    rules: [{ source_labels: ['a'], target_label: 'b' }],
    changes: { b: 'x' },
  },
  'replace joins several values with a semicolon': {
    labels: { a: 'x', b: 'y' },
    rules: [{ source_labels: ['a', 'b'], target_label: 'c' }],
    changes: { c: 'x;y' },
  },
  'replace joins with the separator, which may be empty': {
    labels: { a: 'x', b: 'y' },
    rules: [
      { source_labels: ['a', 'b'], separator: ' / ', target_label: 'c' },
      { source_labels: ['a', 'b'], separator: '', target_label: 'd' },
    ],
    changes: { c: 'x / y', d: 'xy' },
  },
  'replace takes a label as often as it is named': {
    labels: { a: 'x' },
    rules: [{ source_labels: ['a', 'a'], target_label: 'b' }],
    changes: { b: 'x;x' },
  },
  'replace joins an absent label as an empty one': {
    labels: { a: 'x' },
    rules: [{ source_labels: ['nothing', 'a', 'nothing'], target_label: 'b' }],
    changes: { b: ';x;' },
  },
  'replace leaves the labels alone where the regex does not match': {
    labels: { a: 'x', b: 'y' },
    rules: [{ source_labels: ['a'], regex: 'z', target_label: 'b', replacement: 'w' }],
    changes: {},
  },
  'replace is anchored at both ends': {
    labels: { a: 'xyz' },
    rules: ['y', 'xy', 'yz', 'x|z'].map((regex) => ({
      source_labels: ['a'],
      regex,
      target_label: 'b',
      replacement: 'w',
    })),
    changes: {},
  },
  'replace takes the first alternative with which the whole value matches': {
    labels: { a: 'abcd' },
    rules: [
      {
        source_labels: ['a'],
        regex: '(a|ab)(c|bcd)?(d*)',
        target_label: 'b',
        replacement: '<$1><$2><$3>',
      },
    ],
    changes: { b: '<a><bcd><>' },
  },
  'replace writes groups in any order, with text between them': {
    labels: { a: 'x-y' },
    rules: [{ source_labels: ['a'], regex: '(.*)-(.*)', target_label: 'b', replacement: '[$2|${1}]' }],
    changes: { b: '[y|x]' },
  },
  'replace writes the whole match for group 0': {
    labels: { a: 'x-y' },
    rules: [{ source_labels: ['a'], regex: '.-.', target_label: 'b', replacement: '$0!' }],
    changes: { b: 'x-y!' },
  },
  'replace writes named groups': {
    labels: { a: 'x-y' },
    rules: [
      {
        source_labels: ['a'],
        regex: '(?P<one>.)-(?P<two_2>.)',
        target_label: 'b',
        replacement: '$two_2${one}',
      },
    ],
    changes: { b: 'yx' },
  },
  'replace reads a group name without braces as long as it can be': {
    labels: { a: 'x' },
    rules: [{ source_labels: ['a'], target_label: 'b', replacement: '[$1x|${1}x|$1_|$10|$1-]' }],
    changes: { b: '[|xx|||x-]' },
  },
  'replace reads letters of any language in a group name': {
    labels: { a: 'x' },
    rules: [{ source_labels: ['a'], target_label: 'b', replacement: '[$1é|$1٣|$1→]' }],
    changes: { b: '[||x→]' },
  },
  'replace writes nothing for groups that are not there or took no part': {
    labels: { a: 'x' },
    rules: [
      {
        source_labels: ['a'],
        regex: '(x)|(y)',
        target_label: 'b',
        replacement: '<$1><$2><$3><$no><${99999999999}>',
      },
    ],
    changes: { b: '<x><><><><>' },
  },
  'replace reads a number with a leading zero as a name': {
    labels: { a: 'x' },
    rules: [{ source_labels: ['a'], target_label: 'b', replacement: '<$01><${00}>' }],
    changes: { b: '<><>' },
  },
  'replace writes one dollar sign for two, and any that names no group': {
    labels: { a: 'x' },
    rules: [
      { source_labels: ['a'], target_label: 'b', replacement: '$$1|$$$1|$|$ |$-|${|${}|${1|${-}|${$1}|$' },
    ],
    changes: { b: '$1|$x|$|$ |$-|${|${}|${1|${-}|${x}|$' },
  },
  'replace reads backslashes and ampersands as what they are': {
    labels: { a: 'x' },
    rules: [{ source_labels: ['a'], target_label: 'b', replacement: String.raw`\1\$1$&\\` }],
    changes: { b: String.raw`\1\x$&\\` },
  },
  'replace takes a label away where nothing comes out': {
    labels: { a: 'x', b: 'y' },
    rules: [
      { source_labels: ['a'], target_label: 'b', replacement: '' },
      { source_labels: ['nothing'], target_label: 'a' },
    ],
    changes: { a: null, b: null },
  },
  'replace without source labels writes a constant': {
    rules: [{ target_label: 'b', replacement: 'constant' }],
    changes: { b: 'constant' },
  },
  'replace matches the empty value of an absent label': {
    rules: [{ source_labels: ['nothing'], regex: '', target_label: 'b', replacement: 'absent' }],
    changes: { b: 'absent' },
  },
  'replace writes to a label whose name the regex has caught': {
    labels: { a: 'zone=eu' },
    rules: [
      { source_labels: ['a'], regex: '(?P<key>.*)=(.*)', target_label: 'at_${key}_$1', replacement: '$2' },
      { source_labels: ['a'], regex: '(.*)=(.*)', target_label: '${1}', replacement: '$2' },
    ],
    changes: { at_zone_zone: 'eu', zone: 'eu' },
  },
  'replace does nothing where no label name comes out': {
    labels: { a: '1-b', b: '', c: 'é' },
    rules: [
      { source_labels: ['a'], target_label: '$1' },
      { source_labels: ['nothing'], target_label: '$1', replacement: 'x' },
      { source_labels: ['a'], regex: '(.)-(.)', target_label: '${1}', replacement: '$2' },
      { source_labels: ['c'], target_label: 'c${1}', replacement: 'x' },
    ],
    changes: {},
  },
  'replace changes the name of the metric': {
    rules: [
      { source_labels: ['__name__'], regex: 'accu(.*)', target_label: '__name__', replacement: 'inaccu$1' },
    ],
    changes: { __name__: 'inaccuracy' },
  },
  'replace may take the name of the metric away': {
    rules: [{ target_label: '__name__', replacement: '' }],
    changes: { __name__: null },
    notShown: NAMELESS,
  },
  'replace keeps what it wrote, reserved names too': {
    labels: { a: 'x' },
    rules: [{ source_labels: ['a'], target_label: '__tmp' }],
    changes: { __tmp: 'x' },
  },
  'replace reads job and instance as any other label': {
    rules: [{ source_labels: ['job'], regex: '(..).*', target_label: 'job' }],
    changes: { job: 'fr' },
  },
  'each rule sees what those before it have written': {
    labels: { a: 'x' },
    rules: [
      { source_labels: ['a'], target_label: 'b', replacement: '$1$1' },
      { source_labels: ['b'], target_label: 'b', replacement: '$1$1' },
      { source_labels: ['b'], target_label: 'a' },
    ],
    changes: { a: 'xxxx', b: 'xxxx' },
  },
  'flags of the regex are those of RE2': {
    labels: { a: 'X' },
    rules: [{ source_labels: ['a'], regex: '(?i)x', target_label: 'b', replacement: 'found' }],
    changes: { b: 'found' },
  },
  'a character beyond 16 bits is one character': {
    labels: { a: 'a😀é' },
    rules: [{ source_labels: ['a'], regex: '(.)(.)(.)', target_label: 'b', replacement: '$3$2$1' }],
    changes: { b: 'é😀a' },
  },
  'a dot takes a line break': {
    labels: { a: 'x\ny' },
    rules: [{ source_labels: ['a'], target_label: 'b' }],
    changes: { b: 'x\ny' },
    notShown: OLD_DOT,
  },
};
