/** Puts a dashboard together and fills what the SDK leaves out: ids of panels, and no traces of one Grafana. */
import type { Dashboard, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { linksFrom, UID } from './links.ts';
import type { PanelBuilder } from './panels.ts';
import { DATASOURCE } from './variables.ts';

export interface Row {
  readonly title: string;
  readonly panels: readonly PanelBuilder[];
}

/** Marks in all graphs of a dashboard. One with a value for a while is a region, else it is a line. */
export interface Annotation {
  readonly name: string;
  readonly expression: string;
  readonly title: string;
  readonly colour: string;
}

export interface DashboardOptions {
  readonly name: keyof typeof UID;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly { build(): VariableModel }[];
  readonly annotations?: readonly Annotation[];
  readonly rows: readonly Row[];
}

export function assemble(options: DashboardOptions): Dashboard {
  const { name, title, description, variables, annotations = [], rows } = options;
  const builder = new DashboardBuilder(title)
    .id(null)
    .uid(UID[name])
    .description(description)
    .tags(['driftgauge'])
    .editable()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-6h', to: 'now' })
    .refresh('30s')
    .timezone('browser')
    .links(linksFrom(name))
    .variables([...variables])
    .annotations(annotations.map(toQuery));
  for (const { title, panels } of rows) {
    builder.withRow(new RowBuilder(title));
    for (const panel of panels) builder.withPanel(panel);
  }
  return finish(builder.build());
}

function toQuery({ name, expression, title, colour }: Annotation): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor(colour)
    .expr(expression)
    .titleFormat(title);
}

function finish(dashboard: Dashboard): Dashboard {
  for (const [index, panel] of (dashboard.panels ?? []).entries()) panel.id = index + 1;
  // The SDK would hide links and annotations in a menu; their place is beside the variables.
  const text = JSON.stringify(dashboard, (_key, value) => (value === 'inControlsMenu' ? undefined : value));
  return JSON.parse(text);
}
