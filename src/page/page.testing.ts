/** A page as a reader has it: its words without the markup, with single spaces. */
import type { Html } from './html.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

export function wordsOf({ text }: Html): string {
  return text
    .replace(/<svg.*?<\/svg>/gs, '')
    .replace(/<\/(?:li|dt|dd|td|th|p|h\d|summary|form)>/g, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity]!)
    .replace(/\s+/g, ' ')
    .trim();
}
