/** Every dashboard, and the text of its file. `npm run dashboards` writes them; a test checks that they are current. */
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { model } from './model.ts';
import { overview } from './overview.ts';
import { self } from './self.ts';

export const DASHBOARDS: readonly Dashboard[] = [overview, model, self];

export const fileOf = ({ uid }: Dashboard) => `${uid}.json`;

/** Lists of plain values stand on one line, as the formatter has them. */
export function textOf(dashboard: Dashboard): string {
  const text = JSON.stringify(dashboard, null, 2);
  return `${text.replace(/\[\n\s+([^[\]{}]*?)\n\s+\]/g, (_, items: string) => `[${items.replace(/\n\s+/g, ' ')}]`)}\n`;
}
