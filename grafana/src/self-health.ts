/** Whether Driftgauge is well: its processes, their config, storage and clock. */
import type { Row } from './dashboard.ts';
import { linkOfRow } from './links.ts';
import { ATTENTION_ABOVE_ZERO, BAD_ABOVE_ZERO, COLOUR, words } from './look.ts';
import { lines, stat, table } from './panels.ts';
import { events, ofOurProcess, ofProcess, orZero, perInstance, perTarget, top } from './queries.ts';

const DONE = words({ 0: ['failed', COLOUR.bad], 1: ['ok', COLOUR.good] });

export const now: Row = {
  title: 'Now',
  panels: [
    stat({
      title: 'Processes',
      description: 'Processes of Driftgauge that Prometheus has scraped.',
      width: 3,
      unit: 'none',
      queries: [[orZero(`count(${ofProcess('driftgauge_build_info')})`), 'processes']],
    }),
    stat({
      title: 'Targets down',
      description: 'Targets whose last scrape failed.',
      width: 3,
      unit: 'none',
      thresholds: BAD_ABOVE_ZERO,
      queries: [[orZero(`count(${perTarget('driftgauge_target_up')} == 0)`), 'targets']],
    }),
    stat({
      title: 'Storage down',
      description:
        'Processes whose last write to their storage failed: they refuse pushes until one succeeds.',
      width: 3,
      unit: 'none',
      thresholds: BAD_ABOVE_ZERO,
      queries: [[orZero(`count(${ofProcess('driftgauge_storage_up')} == 0)`), 'processes']],
    }),
    stat({
      title: 'Config refused',
      description: 'Processes whose last reload was refused: they go on with the config before it.',
      width: 3,
      unit: 'none',
      thresholds: BAD_ABOVE_ZERO,
      queries: [
        [orZero(`count(${ofProcess('driftgauge_config_last_reload_successful')} == 0)`), 'processes'],
      ],
    }),
    stat({
      title: 'Requests waiting',
      description: 'Retrain requests that wait for delivery.',
      width: 3,
      unit: 'none',
      thresholds: ATTENTION_ABOVE_ZERO,
      queries: [[orZero(`sum(${ofProcess('driftgauge_outbox_pending')})`), 'requests']],
    }),
    stat({
      title: 'Requests parked',
      description:
        'Retrain requests whose delivery was given up. Somebody has to send them again, or cancel them.',
      width: 3,
      unit: 'none',
      thresholds: BAD_ABOVE_ZERO,
      queries: [[orZero(`sum(${ofProcess('driftgauge_outbox_parked')})`), 'requests']],
    }),
    stat({
      title: 'Series refused',
      description: 'Samples dropped in the range because max_signals or max_series was reached.',
      width: 3,
      unit: 'none',
      thresholds: BAD_ABOVE_ZERO,
      queries: [
        [
          orZero(
            `round(sum(increase(${ofProcess('driftgauge_samples_dropped_total', 'reason=~"max_signals|max_series"')}[$__range])))`,
          ),
          'samples',
        ],
      ],
    }),
    stat({
      title: 'Clock steps',
      description: 'Times that the wall clock jumped against the monotonic clock, in the range.',
      width: 3,
      unit: 'none',
      thresholds: ATTENTION_ABOVE_ZERO,
      queries: [
        [orZero(`round(sum(increase(${ofProcess('driftgauge_clock_steps_total')}[$__range])))`), 'steps'],
      ],
    }),
    table({
      title: 'Each process',
      description: 'Build, age, config and storage of each process.',
      width: 24,
      unit: 'none',
      labels: ['instance', 'version', 'revision'],
      links: [linkOfRow('self', ['instance'])],
      sortBy: 'instance',
      descending: false,
      columns: [
        {
          name: 'Build',
          mappings: [words({ 1: ['runs', COLOUR.good] })],
          expression: `max by (instance, version, revision) (${ofProcess('driftgauge_build_info')})`,
        },
        {
          name: 'Running for',
          unit: 's',
          decimals: 0,
          expression: `time() - ${perInstance(ofOurProcess('process_start_time_seconds'))}`,
        },
        {
          name: 'Last reload',
          mappings: [DONE],
          expression: `min by (instance) (${ofProcess('driftgauge_config_last_reload_successful')})`,
        },
        {
          name: 'Config loaded',
          unit: 's',
          decimals: 0,
          expression: `time() - ${perInstance(ofProcess('driftgauge_config_last_reload_success_timestamp_seconds'))}`,
        },
        {
          name: 'Storage',
          mappings: [DONE],
          expression: `min by (instance) (${ofProcess('driftgauge_storage_up')})`,
        },
      ],
    }),
  ],
};

export const state: Row = {
  title: 'Config, storage and clock',
  panels: [
    lines({
      title: 'Processes in trouble',
      description:
        'Processes whose last reload was refused, and processes that cannot write to their storage.',
      width: 8,
      unit: 'none',
      min: 0,
      queries: [
        [`sum(${ofProcess('driftgauge_config_last_reload_successful')} == bool 0)`, 'config refused'],
        [`sum(${ofProcess('driftgauge_storage_up')} == bool 0)`, 'storage down'],
      ],
    }),
    lines({
      title: 'Age of the config',
      description: 'How long ago each process has last loaded its config, of the ten oldest.',
      width: 8,
      unit: 's',
      min: 0,
      queries: [
        [
          top(
            `time() - ${perInstance(ofProcess('driftgauge_config_last_reload_success_timestamp_seconds'))}`,
          ),
          '{{instance}}',
        ],
      ],
    }),
    lines({
      title: 'Clock steps over time',
      description: 'Jumps of the wall clock per interval, of the ten processes with most.',
      width: 8,
      unit: 'none',
      min: 0,
      columns: true,
      queries: [
        [top(`sum by (instance) (${events(ofProcess('driftgauge_clock_steps_total'))})`), '{{instance}}'],
      ],
    }),
  ],
};
