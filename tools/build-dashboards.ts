/** Writes the Grafana dashboards and the list of their panels: `node tools/build-dashboards.ts`. A test checks that they are current. */
import { readFile, writeFile } from 'node:fs/promises';
import { DASHBOARDS, fileOf, textOf } from '../grafana/src/index.ts';
import { withPanelList } from '../grafana/src/panel-list.ts';

for (const dashboard of DASHBOARDS) {
  await writeFile(new URL(`../grafana/dashboards/${fileOf(dashboard)}`, import.meta.url), textOf(dashboard));
}
const docs = new URL('../docs/dashboards.md', import.meta.url);
const built = DASHBOARDS.map((dashboard) => JSON.parse(textOf(dashboard)));
await writeFile(docs, withPanelList(await readFile(docs, 'utf8'), built));
