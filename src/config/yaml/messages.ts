/** What is wrong with a YAML text, in our own words: those of the parser may quote the text, and the text may hold secrets. */
import type { ErrorCode } from 'yaml';

const MESSAGES: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'an alias cannot have an anchor or a tag',
  BAD_ALIAS: 'this is no valid alias',
  BAD_COLLECTION_TYPE: 'the tag does not fit the value',
  BAD_DIRECTIVE: 'the directive is not known',
  BAD_DQ_ESCAPE: 'expected a known escape after \\ in double quotes; single quotes take text as it is',
  BAD_INDENT: 'the indentation does not fit the lines before',
  BAD_PROP_ORDER: 'an anchor or a tag stands in the wrong place',
  BAD_SCALAR_START: 'a text that begins with this character must be in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a mapping cannot begin here; a value that holds ": " must be in quotes',
  BLOCK_IN_FLOW: 'inside [ ] and { } only [ ] and { } can be nested',
  DUPLICATE_KEY: 'duplicate key',
  IMPOSSIBLE: 'this is not valid YAML',
  KEY_OVER_1024_CHARS: 'the key is longer than 1024 characters',
  MISSING_CHAR: 'a quote, a bracket, a comma, a space or the right indentation is missing here or before',
  MULTILINE_IMPLICIT_KEY: 'a key must stand on one line',
  MULTIPLE_ANCHORS: 'a value can have one anchor only',
  MULTIPLE_DOCS: 'expected one YAML document, found a second one',
  MULTIPLE_TAGS: 'a value can have one tag only',
  NON_STRING_KEY: 'expected a text as key, found a mapping or a list',
  RESOURCE_EXHAUSTION: 'nested too deeply',
  TAB_AS_INDENT: 'expected spaces as indentation, found a tab',
  TAG_RESOLVE_FAILED: 'the tag is not supported',
  UNEXPECTED_TOKEN: 'this is not valid YAML here',
};

export function yamlMessage(code: ErrorCode): string {
  return MESSAGES[code] ?? MESSAGES.IMPOSSIBLE;
}
