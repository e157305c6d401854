/** The dashboards' addresses, and the ways from one to the next. */
import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';

export const UID = {
  overview: 'driftgauge-overview',
  model: 'driftgauge-model',
  self: 'driftgauge-self',
} as const;

const TITLE: Readonly<Record<keyof typeof UID, string>> = {
  overview: 'Overview',
  model: 'Model',
  self: 'Driftgauge itself',
};

/** What can be chosen on each, beside the data source. */
const CHOICES: Readonly<Record<keyof typeof UID, readonly string[]>> = {
  overview: ['job', 'model', 'version', 'metric'],
  model: ['job', 'model', 'version', 'metric'],
  self: ['job', 'instance'],
};

/** Grafana writes `var-name=value` for each chosen value. */
const toDashboard = (name: keyof typeof UID, chosen: readonly string[]) =>
  `/d/${UID[name]}?${['datasource', ...chosen].map((variable) => `\${${variable}:queryparam}`).join('&')}`;

/** In the bar of a dashboard: the other ones, over the same time, with what can be chosen on both. */
export function linksFrom(here: keyof typeof UID): DashboardLinkBuilder[] {
  return (Object.keys(UID) as (keyof typeof UID)[])
    .filter((name) => name !== here)
    .map((name) =>
      new DashboardLinkBuilder(TITLE[name])
        .type(DashboardLinkType.Link)
        .icon('dashboard')
        .url(
          toDashboard(
            name,
            CHOICES[name].filter((variable) => CHOICES[here].includes(variable)),
          ),
        )
        .keepTime(true),
    );
}

/**
 * What a data link carries besides the time and the chosen jobs, which may be all that tells two namespaces apart:
 * labels of the series, or columns of the row, that it stands on.
 */
type Carried = 'model' | 'version' | 'instance';

/** On a graph: from a series to the dashboard. */
export function linkOfSeries(to: keyof typeof UID, carried: readonly Carried[]): DashboardLinkBuilder {
  return dataLink(to, carried, (label) => `__field.labels.${label}`);
}

/** In a table: from a row to the dashboard. */
export function linkOfRow(to: keyof typeof UID, carried: readonly Carried[]): DashboardLinkBuilder {
  return dataLink(to, carried, (label) => `__data.fields.${label}`);
}

function dataLink(
  to: keyof typeof UID,
  carried: readonly Carried[],
  macro: (label: Carried) => string,
): DashboardLinkBuilder {
  const variables = carried.map((label) => `&var-${label}=\${${macro(label)}:percentencode}`).join('');
  return new DashboardLinkBuilder(TITLE[to]).url(
    `${toDashboard(to, ['job'])}${variables}&\${__url_time_range}`,
  );
}
