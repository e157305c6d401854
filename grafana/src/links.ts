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

const toDashboard = (uid: string) => `/d/${uid}?var-datasource=\${datasource}`;

/** In the bar of a dashboard: the other ones, over the same time. */
export function linksFrom(here: keyof typeof UID): DashboardLinkBuilder[] {
  return (Object.keys(UID) as (keyof typeof UID)[])
    .filter((name) => name !== here)
    .map((name) =>
      new DashboardLinkBuilder(TITLE[name])
        .type(DashboardLinkType.Link)
        .icon('dashboard')
        .url(toDashboard(UID[name]))
        .keepTime(true),
    );
}

/** What a data link carries besides the time: labels of the series, or columns of the row, that it stands on. */
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
  return new DashboardLinkBuilder(TITLE[to]).url(`${toDashboard(UID[to])}${variables}&\${__url_time_range}`);
}
