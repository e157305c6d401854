/** The kinds of panels that we use, each with what every panel must have: title, description, unit, data source, queries. */

import * as barGauge from '@grafana/grafana-foundation-sdk/bargauge';
import * as common from '@grafana/grafana-foundation-sdk/common';
import { BarGaugeDisplayMode } from '@grafana/grafana-foundation-sdk/common';
import type {
  DashboardLinkBuilder,
  DynamicConfigValue,
  Panel,
  ThresholdsConfigBuilder,
  ValueMap,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import * as statPanel from '@grafana/grafana-foundation-sdk/stat';
import * as stateTimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as tablePanel from '@grafana/grafana-foundation-sdk/table';
import * as timeSeries from '@grafana/grafana-foundation-sdk/timeseries';
import { NEUTRAL } from './look.ts';
import { DATASOURCE } from './variables.ts';

export type PanelBuilder = { build(): Panel };

/** A query with its legend: `{{label}}` stands for a label's value. */
export type LegendedQuery = readonly [expression: string, legend: string];

interface PanelOptions {
  readonly title: string;
  /** What it shows, and what it means when it is empty. */
  readonly description: string;
  /** Of the 24 columns. */
  readonly width: number;
  readonly height?: number;
  readonly unit: string;
  readonly mappings?: readonly ValueMap[];
  readonly thresholds?: ThresholdsConfigBuilder;
  readonly links?: readonly DashboardLinkBuilder[];
}

interface Common<Builder> {
  title(title: string): Builder;
  description(text: string): Builder;
  datasource(reference: { type: string; uid: string }): Builder;
  span(width: number): Builder;
  height(height: number): Builder;
  unit(unit: string): Builder;
  mappings(mappings: ValueMap[]): Builder;
  thresholds(thresholds: ThresholdsConfigBuilder): Builder;
  dataLinks(links: DashboardLinkBuilder[]): Builder;
  withTarget(query: DataqueryBuilder): Builder;
}

function begin<Builder extends Common<Builder>>(
  builder: Builder,
  { title, description, width, height = 8, unit, mappings, thresholds = NEUTRAL, links = [] }: PanelOptions,
): Builder {
  builder.title(title).description(description).datasource(DATASOURCE).span(width).height(height).unit(unit);
  builder.thresholds(thresholds);
  if (mappings) builder.mappings([...mappings]);
  if (links.length > 0) builder.dataLinks([...links]);
  return builder;
}

const query = (index: number, expression: string) =>
  new DataqueryBuilder()
    .refId(String.fromCharCode(65 + index))
    .datasource(DATASOURCE)
    .expr(expression);

function withRanges<Builder extends Common<Builder>>(builder: Builder, queries: readonly LegendedQuery[]) {
  for (const [index, [expression, legend]] of queries.entries())
    builder.withTarget(query(index, expression).legendFormat(legend).range());
  return builder;
}

/** A number, or a few, as they are now. */
export function stat(
  options: PanelOptions & {
    readonly queries: readonly LegendedQuery[];
    /** Shows the legend even of a single number. */
    readonly named?: boolean;
  },
): PanelBuilder {
  const panel = begin(new statPanel.PanelBuilder(), { height: 4, ...options });
  for (const [index, [expression, legend]] of options.queries.entries())
    panel.withTarget(query(index, expression).legendFormat(legend).instant());
  return panel
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .colorMode(common.BigValueColorMode.Value)
    .graphMode(common.BigValueGraphMode.None)
    .textMode(options.named ? common.BigValueTextMode.ValueAndName : common.BigValueTextMode.Value)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .noValue('none');
}

/** Bars of different length for the words of one label. */
export function bars(options: PanelOptions & { readonly queries: readonly LegendedQuery[] }): PanelBuilder {
  const panel = begin(new barGauge.PanelBuilder(), options);
  for (const [index, [expression, legend]] of options.queries.entries())
    panel.withTarget(query(index, expression).legendFormat(legend).instant());
  return panel
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .displayMode(BarGaugeDisplayMode.Basic)
    .orientation(common.VizOrientation.Horizontal)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .min(0)
    .noValue('none');
}

/** What a line is overridden with, by a regular expression over legends. */
export type LineOverrides = Readonly<Record<string, readonly DynamicConfigValue[]>>;

interface LineOptions extends PanelOptions {
  readonly queries: readonly LegendedQuery[];
  readonly min?: number;
  /** Areas on top of each other, for what adds up. */
  readonly stacked?: boolean;
  /** Columns, for what happened between two points of time. */
  readonly columns?: boolean;
  readonly overrides?: LineOverrides;
  /** A panel for each value of this variable; only where they are few. */
  readonly repeat?: string;
}

export function lines(options: LineOptions): PanelBuilder {
  const { queries, min, stacked = false, columns = false, overrides = {}, repeat } = options;
  const panel = withRanges(begin(new timeSeries.PanelBuilder(), options), queries)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName))
    .lineWidth(1)
    .showPoints(common.VisibilityMode.Never)
    .fillOpacity(stacked ? 25 : columns ? 70 : 0)
    .tooltip(
      new common.VizTooltipOptionsBuilder()
        .mode(common.TooltipDisplayMode.Multi)
        .sort(common.SortOrder.Descending),
    )
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom),
    );
  if (columns) panel.drawStyle(common.GraphDrawStyle.Bars);
  if (stacked || columns)
    panel.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A'));
  if (min !== undefined) panel.min(min);
  for (const [pattern, properties] of Object.entries(overrides))
    panel.overrideByRegexp(pattern, [...properties]);
  return repeat === undefined ? panel : panel.repeat(repeat).repeatDirection('h').maxPerRow(2);
}

/** A bar for each series whose colour is its state. */
export function states(
  options: PanelOptions & {
    readonly queries: readonly LegendedQuery[];
    readonly mappings: readonly ValueMap[];
  },
): PanelBuilder {
  return withRanges(begin(new stateTimeline.PanelBuilder(), options), options.queries)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .showValue(common.VisibilityMode.Never)
    .mergeValues(true)
    .rowHeight(0.85)
    .fillOpacity(85)
    .perPage(20)
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom),
    );
}

/** A column of a table: the name in its head, the query whose value it is, and how it is shown. */
interface Column {
  readonly name: string;
  readonly expression: string;
  readonly unit?: string;
  readonly decimals?: number;
  readonly mappings?: readonly ValueMap[];
}

interface TableOptions extends PanelOptions {
  readonly columns: readonly Column[];
  /** Labels that are columns, in their order. Others are hidden. */
  readonly labels: readonly string[];
  readonly sortBy: string;
  /** Default true. */
  readonly descending?: boolean;
}

/** Rows are made of what the queries have in common: their labels. */
export function table(options: TableOptions): PanelBuilder {
  const { columns, labels, sortBy, descending = true, links = [], ...shared } = options;
  const panel = begin(new tablePanel.PanelBuilder(), shared);
  for (const [index, { expression }] of columns.entries())
    panel.withTarget(query(index, expression).format(PromQueryFormat.Table).instant());
  const valueName = (index: number) =>
    columns.length === 1 ? 'Value' : `Value #${String.fromCharCode(65 + index)}`;
  const order = [...labels, ...columns.map((_, index) => valueName(index))];
  panel
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: { Time: true, __name__: true, ...hidden(labels) },
        indexByName: Object.fromEntries(order.map((name, index) => [name, index])),
        renameByName: Object.fromEntries(columns.map(({ name }, index) => [valueName(index), name])),
      },
    })
    .sortBy([new common.TableSortByFieldStateBuilder().displayName(sortBy).desc(descending)])
    .cellHeight(common.TableCellHeight.Sm)
    .filterable(true)
    .noValue('none');
  for (const { name, unit, decimals, mappings } of columns) {
    const properties: DynamicConfigValue[] = [{ id: 'custom.filterable', value: false }];
    if (unit !== undefined) properties.push({ id: 'unit', value: unit });
    if (decimals !== undefined) properties.push({ id: 'decimals', value: decimals });
    if (mappings) {
      properties.push({ id: 'mappings', value: mappings });
      properties.push({ id: 'custom.cellOptions', value: { type: 'color-text' } });
    }
    panel.overrideByName(name, properties);
  }
  if (links.length > 0)
    panel.overrideByName(labels[0]!, [{ id: 'links', value: links.map((link) => link.build()) }]);
  return panel;
}

/** Labels that a row may carry and that tell nothing where they are not asked for. */
function hidden(labels: readonly string[]): Record<string, boolean> {
  const unasked = ['job', 'bound'].filter((label) => !labels.includes(label));
  return Object.fromEntries(unasked.map((label) => [label, true]));
}
