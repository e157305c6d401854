/** The variables of the dashboards: a data source, and labels that narrow what is shown. */
import type { VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** Of the panels, variables and annotations: whatever the user has chosen, never a uid of ours. */
export const DATASOURCE = { type: 'prometheus', uid: `\${datasource}` };

type Builder = { build(): VariableModel };

export const datasource: Builder = new DatasourceVariableBuilder('datasource')
  .label('Data source')
  .type('prometheus');

/** A label's values, as `metric` has them under the variables before this one. */
interface LabelVariable {
  readonly name: string;
  readonly label: string;
  readonly of: string;
  readonly description: string;
  /** Default true. */
  readonly all?: boolean;
}

function labelVariable({ name, label, of, description, all = true }: LabelVariable): Builder {
  const query = `label_values(${of}, ${name})`;
  const variable = new QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource(DATASOURCE)
    .query({ query, qryType: 1, refId: 'PrometheusVariableQueryEditor-VariableQuery' })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc)
    .multi(true)
    .includeAll(all);
  // Hundreds of names joined by | would make a query longer than some proxies take.
  return all ? variable.allValue('.*') : variable;
}

export const job = labelVariable({
  name: 'job',
  label: 'Job',
  of: 'driftgauge_build_info',
  description: 'The job under which Prometheus scrapes Driftgauge.',
});

export const instance = labelVariable({
  name: 'instance',
  label: 'Instance',
  of: 'driftgauge_build_info{job=~"$job"}',
  description: 'One Driftgauge process each.',
});

const MODELS = 'driftgauge_signal_ema{job=~"$job"}';

export const model = labelVariable({
  name: 'model',
  label: 'Model',
  of: MODELS,
  description: 'The name of a model.',
});

/** Without "All": lines of every signal of hundreds of models would tell nothing, and cost much. */
export const chosenModel = labelVariable({
  name: 'model',
  label: 'Model',
  of: MODELS,
  description: 'The name of a model; several can be compared.',
  all: false,
});

export const version = labelVariable({
  name: 'version',
  label: 'Version',
  of: 'driftgauge_signal_ema{job=~"$job", model=~"$model"}',
  description: 'A version of the chosen models.',
});

export const metric = labelVariable({
  name: 'metric',
  label: 'Metric',
  of: MODELS,
  description: 'A metric of the config.',
});

export const metricOfModel = labelVariable({
  name: 'metric',
  label: 'Metric',
  of: 'driftgauge_signal_ema{job=~"$job", model=~"$model", version=~"$version"}',
  description: 'A metric of the chosen model versions.',
});
