/** The dashboards as files: current, whole, and asking only for what there is. Their answers are test/dashboards.test.ts. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  COMMITTED,
  FOLDER,
  interpolate,
  labelsIn,
  labelValuesOf,
  panelsOf,
  questionsOf,
  variablesIn,
} from './committed.testing.ts';
import type { CommittedDashboard, Link } from './committed.ts';
import { DASHBOARDS, fileOf, textOf } from './index.ts';
import { knownMetrics, TARGET_LABELS } from './known-metrics.testing.ts';
import { withPanelList } from './panel-list.ts';
import { parsePromQL } from './promql.testing.ts';

/** Grafana's own variables that we use. */
const BUILT_IN = { __range: '1h', __rate_interval: '1m', __interval: '15s' };
const DATASOURCE = { type: 'prometheus', uid: `\${datasource}` };
/** What data links may name besides variables. */
const MACRO = /^(__field\.labels|__data\.fields)\.(model|version|instance)$|^__url_time_range$/;

const variableNames = ({ templating }: CommittedDashboard) => templating.list.map(({ name }) => name);

function linksOf({ links, panels }: CommittedDashboard): Link[] {
  const ofPanels = panels.flatMap(({ fieldConfig }) => [
    ...(fieldConfig?.defaults.links ?? []),
    ...(fieldConfig?.overrides ?? []).flatMap(({ properties }) =>
      properties.filter(({ id }) => id === 'links').flatMap(({ value }) => value as Link[]),
    ),
  ]);
  return [...links, ...ofPanels];
}

/** The variables that an address sets: `var-name=` one value, or `${name:queryparam}` all that are chosen here. */
const carriedBy = (url: string) =>
  [...url.matchAll(/[?&](?:var-(\w+)=|\$\{(\w+):queryparam\})/g)].map(
    ([, one, chosenHere]) => one ?? chosenHere!,
  );

it('the committed files are what the sources build: npm run dashboards', () => {
  const committed = readdirSync(FOLDER).map((file) => [file, readFileSync(join(FOLDER, file), 'utf8')]);
  expect(Object.fromEntries(committed)).toEqual(
    Object.fromEntries(DASHBOARDS.map((dashboard) => [fileOf(dashboard), textOf(dashboard)])),
  );
});

it('docs/dashboards.md lists their panels as they are: npm run dashboards', () => {
  const page = readFileSync(join(FOLDER, '../../docs/dashboards.md'), 'utf8');
  const built = DASHBOARDS.map((dashboard) => JSON.parse(textOf(dashboard)) as CommittedDashboard);
  expect(page).toBe(withPanelList(page, built));
});

it('there are three of them, with stable uids, and at least twenty-five panels', () => {
  expect(COMMITTED.map(({ uid }) => uid).sort()).toEqual([
    'driftgauge-model',
    'driftgauge-overview',
    'driftgauge-self',
  ]);
  expect(COMMITTED.flatMap(panelsOf).length).toBeGreaterThanOrEqual(25);
});

describe.each(COMMITTED.map((dashboard) => [dashboard.uid, dashboard] as const))('%s', (_uid, dashboard) => {
  const panels = panelsOf(dashboard);

  it('belongs to no Grafana in particular', () => {
    expect(dashboard.id).toBeNull();
    expect(dashboard).not.toHaveProperty('__inputs');
    expect(JSON.stringify(dashboard)).not.toContain('${DS_');
    expect(dashboard).toMatchObject({ graphTooltip: 1, refresh: '30s', tags: ['driftgauge'] });
  });

  it('asks the data source that its user chooses, everywhere', () => {
    expect(dashboard.templating.list[0]).toMatchObject({ type: 'datasource', name: 'datasource' });
    const references = [
      ...panels.flatMap(({ datasource, targets = [] }) => [
        datasource,
        ...targets.map((target) => target.datasource),
      ]),
      ...dashboard.templating.list.slice(1).map(({ datasource }) => datasource),
      ...dashboard.annotations.list.map(({ datasource }) => datasource),
    ];
    expect(references).toEqual(references.map(() => DATASOURCE));
  });

  it('numbers its panels from 1, and no two have one title', () => {
    expect(dashboard.panels.map(({ id }) => id)).toEqual(dashboard.panels.map((_, index) => index + 1));
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  });

  it.each(panels.map((panel) => [panel.title, panel] as const))(
    'panel %s has a unit, a description of whole sentences, and queries',
    (_title, { description, fieldConfig, targets = [] }) => {
      expect(fieldConfig?.defaults.unit).toMatch(/^\w+$/);
      expect(description).toMatch(/^[A-Z].*\.$/s);
      expect(targets.map(({ refId }) => refId)).toEqual(
        targets.map((_, index) => String.fromCharCode(65 + index)),
      );
      expect(targets).not.toEqual([]);
    },
  );

  it('lays nothing over anything else, inside 24 columns', () => {
    const cells = new Map<string, string>();
    for (const { title, gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(cells.get(`${x},${y}`), `under ${title}`).toBeUndefined();
          cells.set(`${x},${y}`, title);
        }
      }
    }
  });

  it('uses only variables that it has, and all that it has', () => {
    const texts = [
      ...questionsOf(dashboard).map(({ expression }) => expression),
      ...panels.flatMap(({ title, repeat }) => [title, repeat === undefined ? '' : `$${repeat}`]),
      ...dashboard.templating.list.map(({ definition = '' }) => definition),
      JSON.stringify(panels.map(({ datasource }) => datasource)),
    ];
    const used = new Set(texts.flatMap(variablesIn).filter((name) => !(name in BUILT_IN)));
    expect([...used].sort()).toEqual(variableNames(dashboard).sort());
  });

  it('its variables go from the general to the special, so that each can narrow the next', () => {
    for (const [index, variable] of dashboard.templating.list.entries()) {
      const before = variableNames(dashboard).slice(0, index);
      expect(before).toEqual(expect.arrayContaining(variablesIn(variable.definition ?? '')));
      if (variable.type !== 'query') continue;
      expect(variable.multi).toBe(true);
      expect(variable.description).toMatch(/\.$/);
      if (variable.includeAll) expect(variable.allValue).toBe('.*');
    }
  });

  it('its links lead to dashboards that there are, with variables that those have', () => {
    const links = linksOf(dashboard);
    const targets = links.map(({ url }) => new URL(url, 'http://grafana').pathname.replace('/d/', ''));
    expect(links.length).toBeGreaterThanOrEqual(2);
    for (const [index, { url }] of links.entries()) {
      const target = COMMITTED.find(({ uid }) => uid === targets[index]);
      expect(target, url).toBeDefined();
      const carried = carriedBy(url);
      expect(variableNames(target!)).toEqual(expect.arrayContaining(carried));
      // Where namespaces are scraped as jobs, a link without it would lead to both.
      expect(carried).toEqual(expect.arrayContaining(['datasource', 'job']));
      for (const name of variablesIn(url))
        expect(variableNames(dashboard).includes(name) || MACRO.test(name), `${name} in ${url}`).toBe(true);
    }
    const others = COMMITTED.map(({ uid }) => uid).filter((uid) => uid !== dashboard.uid);
    expect(targets).toEqual(expect.arrayContaining(others));
  });

  it('the links in its bar carry what can be chosen on both', () => {
    for (const { url } of dashboard.links) {
      const target = COMMITTED.find(({ uid }) => url.startsWith(`/d/${uid}?`))!;
      expect(carriedBy(url)).toEqual(
        variableNames(target).filter((name) => variableNames(dashboard).includes(name)),
      );
    }
  });
});

it('the lines of a signal are told apart by how their legends end, whatever the model is called', () => {
  const { targets = [], fieldConfig } = COMMITTED.flatMap(panelsOf).find(({ title }) => title === '$metric')!;
  const patterns = fieldConfig!.overrides.map(({ matcher }) => new RegExp(matcher.options.slice(1, -1)));
  const fits = targets.map(({ legendFormat = '' }) => {
    const legend = legendFormat
      .replace('{{model}}', 'a value threshold above EMA test')
      .replace('{{bound}}', 'below');
    return patterns.filter((pattern) => pattern.test(legend)).length;
  });
  expect(fits).toEqual([1, 1, 1]);
});

describe('every expression', async () => {
  const known = await knownMetrics();
  const questions = COMMITTED.flatMap((dashboard) => {
    const values = Object.fromEntries(variableNames(dashboard).map((name) => [name, '.*']));
    return [
      ...questionsOf(dashboard),
      ...dashboard.templating.list
        .filter(({ type }) => type === 'query')
        .map((variable) => ({
          dashboard: dashboard.uid,
          where: `variable ${variable.name}`,
          refId: variable.name,
          type: 'variable',
          expression: labelValuesOf(variable).series,
          legend: `{{${labelValuesOf(variable).label}}}`,
        })),
    ].map((question) => ({
      ...question,
      expression: interpolate(question.expression, { ...values, ...BUILT_IN }),
    }));
  });

  it.each(
    questions.map((question) => [question.dashboard, question.where, question.refId, question] as const),
  )(
    '%s, %s, %s: parses, and names only metrics and labels that there are',
    (_dashboard, _where, _refId, { expression, legend }) => {
      const { errors, selectors, groupings } = parsePromQL(expression);
      expect(errors).toEqual([]);
      expect(selectors).not.toEqual([]);
      for (const { metric, labels } of selectors) {
        expect([...known.keys()], expression).toContain(metric);
        expect([...known.get(metric)!, ...TARGET_LABELS]).toEqual(expect.arrayContaining([...labels]));
      }
      const any = selectors.flatMap(({ metric }) => known.get(metric)!);
      expect([...any, ...TARGET_LABELS]).toEqual(expect.arrayContaining([...groupings, ...labelsIn(legend)]));
    },
  );

  it('a wrong metric, a wrong label and a wrong grammar would be seen', () => {
    expect(parsePromQL('sum by (model) (drift{model="a"}').errors).not.toEqual([]);
    expect(parsePromQL('max by (q) (drift{wrong="a"})')).toEqual({
      errors: [],
      selectors: [{ metric: 'drift', labels: ['wrong'] }],
      groupings: ['q'],
    });
    expect(known.has('drift')).toBe(false);
    expect(known.get('driftgauge_drift')).toEqual(['model', 'version', 'metric']);
  });
});

describe('the provisioning files', () => {
  const read = (file: string) => parse(readFileSync(join(FOLDER, '../provisioning', file), 'utf8'));

  it('name a folder of dashboards', () => {
    expect(read('dashboards.yaml')).toMatchObject({
      apiVersion: 1,
      providers: [
        { name: 'driftgauge', type: 'file', options: { path: '/var/lib/grafana/dashboards/driftgauge' } },
      ],
    });
  });

  it('and the ConfigMap of the docs name files that there are', () => {
    const page = readFileSync(join(FOLDER, '../../docs/dashboards.md'), 'utf8');
    const { configMapGenerator } = parse(/```yaml\n(.*?)```/s.exec(page)![1]!);
    expect(configMapGenerator[0].files.sort()).toEqual(
      readdirSync(FOLDER)
        .map((file) => `grafana/dashboards/${file}`)
        .sort(),
    );
    expect(configMapGenerator[0].options.labels).toEqual({ grafana_dashboard: '1' });
  });

  it('name a Prometheus', () => {
    expect(read('datasources.yaml')).toMatchObject({
      apiVersion: 1,
      datasources: [
        { name: 'Prometheus', type: 'prometheus', access: 'proxy', jsonData: { timeInterval: '15s' } },
      ],
    });
  });
});
