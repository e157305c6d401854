/** Names that try to be something else than text: markup, attributes, scripts, paths, and what confuses eyes. */

export const HOSTILE_NAMES: Readonly<Record<string, string>> = {
  'an image with a handler': '<img src=x onerror=alert(1)>',
  'the end of an attribute and a script': '"><script>alert(1)</script>',
  'an attribute in single quotes': `' onmouseover='alert(1)`,
  'a script as an address': 'javascript:alert(1)',
  'the end of the title': '</title><svg onload=alert(1)>',
  'the folder above': '..',
  'this folder': '.',
  'a path, a query and a fragment': 'a/b?c#d%25',
  'a backslash path': '..\\..\\etc',
  'a separator, and one that is encoded': 'x:y%3A',
  'a percent sign that encodes nothing': '100%',
  'an entity': '&lt;b&gt;&amp;amp;',
  'a right-to-left override': 'abc\u202efed',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is to look like a template.
  'a template': '${alert(1)}{{7*7}}',
  '1,000 characters': 'long'.repeat(250),
  emoji: '🦊👩🏽‍🚀🏳️‍🌈',
  'a blank': ' ',
  'a no-break space and a line break': '\u00a0\n',
};
