/** The list of panels in docs/dashboards.md, made from the dashboards themselves. */
import type { CommittedDashboard, CommittedPanel } from './committed.ts';

const BEGIN = '<!-- panels: written by npm run dashboards -->';
const END = '<!-- end of panels -->';

/** The page with a new list in place of the old one. */
export function withPanelList(page: string, dashboards: readonly CommittedDashboard[]): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`docs/dashboards.md: expected ${BEGIN} and ${END}`);
  return `${before}${BEGIN}\n\n${dashboards.map(section).join('\n')}\n${END}${after}`;
}

function section({ title, uid, panels }: CommittedDashboard): string {
  return [
    `### ${title} (\`${uid}\`)`,
    '',
    '| panel | what it shows | queries |',
    '| --- | --- | --- |',
    ...panels.filter(({ type }) => type !== 'row').map(row),
    '',
  ].join('\n');
}

function row({ title, description = '', targets = [] }: CommittedPanel): string {
  const queries = targets.map(({ expr }) => `\`${escapeCell(withoutSelectors(expr))}\``);
  return `| ${escapeCell(title)} | ${escapeCell(description)} | ${queries.join('<br>')} |`;
}

/** Without the variables, which are the same everywhere; matchers of our own stay. */
function withoutSelectors(expression: string): string {
  return expression.replace(/\{([^}]*)\}/g, (_, matchers: string) => {
    const own = matchers.split(', ').filter((matcher) => !/=~"\$\w+"$/.test(matcher));
    return own.length === 0 ? '' : `{${own.join(', ')}}`;
  });
}

const escapeCell = (text: string) => text.replaceAll('|', '\\|');
