/**
 * Upper and lower case as Go has them: one character for one, whatever stands around it. JavaScript's own methods make
 * `SS` of `ß` and know a sigma at the end of a word, so that hashes and label values would differ from Prometheus'.
 */

export function lowerCase(text: string): string {
  // The one character that becomes two, İ, becomes an i and a dot above it; Go has the i.
  return text.replace(/./gsu, (character) => firstOf(character.toLowerCase()));
}

export function upperCase(text: string): string {
  return text.replace(/./gsu, (character) => {
    const upper = character.toUpperCase();
    return firstOf(upper) === upper ? upper : simpleUpper(character);
  });
}

/** Greek letters with an iota below have a capital with the iota beside it, 8 or 9 places on; other such letters have none. */
function simpleUpper(character: string): string {
  const code = character.codePointAt(0)!;
  const capitals = [code + 8, code + 9].map((place) => String.fromCodePoint(place));
  return capitals.find((capital) => capital.toLowerCase() === character) ?? character;
}

function firstOf(text: string): string {
  return String.fromCodePoint(text.codePointAt(0)!);
}
