/** Ties a schema to the type that the code answers with: a key too many, one too few, or one of another type does not compile. */
import { z } from 'zod';

type ShapeOf<View> = { readonly [Key in keyof View]-?: z.ZodType<View[Key]> };
type NoOthers<Shape, View> = { readonly [Key in Exclude<keyof Shape, keyof View>]: never };

/** Open, as answers are: a client must live with keys that come later. */
export const viewShape =
  <View extends object>() =>
  <Shape extends ShapeOf<View>>(shape: Shape & NoOthers<Shape, View>) =>
    z.object(shape as Shape);

/** One of some words; a word of the type that is missing here does not compile. */
export function oneOf<Word extends string>(words: Readonly<Record<Word, string>>): z.ZodType<Word> {
  const meanings = Object.entries(words).map(([word, meaning]) => `\`${word}\`: ${String(meaning)}`);
  return z.enum(Object.keys(words) as [Word, ...Word[]]).meta({ description: `${meanings.join('; ')}.` });
}
