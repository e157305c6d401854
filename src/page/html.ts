/** HTML as a tagged template in which every value is text unless it is HTML itself: what users name can't become markup. */

export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** In bytes of UTF-8. */
  get bytes(): number {
    return Buffer.byteLength(this.text);
  }
}

/** `null` and `false` are nothing, so that a condition may stand in a template. */
export type Content = Html | string | number | null | false | readonly Content[];

/** Values may stand between tags and inside quoted attributes; nowhere else are they safe. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  let text = strings[0]!;
  for (const [index, value] of values.entries()) text += render(value) + strings[index + 1]!;
  return new Html(text);
}

export const NOTHING = new Html('');

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function render(value: Content): string {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return (value as readonly Content[]).map(render).join('');
  if (value === null || value === false) return '';
  return String(value).replace(/[&<>"']/g, (character) => ESCAPES[character]!);
}

/** As many as fit, at least one; what is rendered stays in order. */
export function takeWithin<Item>(
  items: readonly Item[],
  { bytes, render: renderItem }: { readonly bytes: number; readonly render: (item: Item) => Html },
): { readonly rendered: readonly Html[]; readonly rest: number } {
  const rendered: Html[] = [];
  let used = 0;
  for (const item of items) {
    const next = renderItem(item);
    used += next.bytes;
    if (used > bytes && rendered.length > 0) break;
    rendered.push(next);
  }
  return { rendered, rest: items.length - rendered.length };
}
