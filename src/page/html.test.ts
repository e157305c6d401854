import { describe, expect, it } from 'vitest';
import { html, NOTHING, takeWithin } from './html.ts';

describe('a value in a template', () => {
  it.each([
    ['is text, whatever it looks like', html`<p>${'<b>&'}</p>`, '<p>&lt;b&gt;&amp;</p>'],
    [
      'can not leave a quoted attribute',
      html`<a title="${`"'><script>`}">`,
      '<a title="&quot;&#39;&gt;&lt;script&gt;">',
    ],
    ['is markup where it was made as such', html`<p>${html`<b>${'x'}</b>`}</p>`, '<p><b>x</b></p>'],
    ['may be a list of both', html`${['<', html`<br>`, [1, 2]]}`, '&lt;<br>12'],
    ['is nothing where a condition failed', html`a${null}${false}${NOTHING}b`, 'ab'],
    ['is a number as it is, zero too', html`${0} ${-1.5}`, '0 -1.5'],
    ['is not escaped twice', html`${html`${'&'}`}`, '&amp;'],
    ['may be text that means something to String.replace', html`${'$& $1'}`, '$&amp; $1'],
  ])('%s', (_, { text }, expected) => {
    expect(text).toBe(expected);
  });
});

describe('as many as fit', () => {
  const take = (bytes: number, items = ['äa', 'bb', 'cc']) => {
    const { rendered, rest } = takeWithin(items, { bytes, render: (item) => html`${item}` });
    return [rendered.map(({ text }) => text).join(' '), rest];
  };
  it.each([
    ['all', 7, ['äa bb cc', 0]],
    ['those whose bytes fit, not their characters', 6, ['äa bb', 1]],
    ['one at least', 0, ['äa', 2]],
  ] as const)('%s', (_, bytes, expected) => {
    expect(take(bytes)).toEqual(expected);
  });

  it('of none, none', () => {
    expect(take(10, [])).toEqual(['', 0]);
  });
});
