/** What Driftgauge costs: memory, CPU and the like of its processes. */
import type { Row } from './dashboard.ts';
import { lines } from './panels.ts';
import { ofOurProcess, ofProcess, ours, perInstance, rateOf, top } from './queries.ts';

export const cost: Row = {
  title: 'Cost',
  panels: [
    lines({
      title: 'Memory',
      description: 'Resident memory of the ten largest processes.',
      width: 8,
      unit: 'bytes',
      min: 0,
      queries: [[top(perInstance(ofOurProcess('process_resident_memory_bytes'))), '{{instance}}']],
    }),
    lines({
      title: 'Heap in use',
      description: 'Memory of JavaScript objects, of the ten largest processes.',
      width: 8,
      unit: 'bytes',
      min: 0,
      queries: [[top(perInstance(ofOurProcess('nodejs_heap_size_used_bytes'))), '{{instance}}']],
    }),
    lines({
      title: 'CPU',
      description: 'Cores in use, of the ten busiest processes: 1 is one whole core.',
      width: 8,
      unit: 'none',
      min: 0,
      queries: [[top(perInstance(ours(rateOf('process_cpu_seconds_total')))), '{{instance}}']],
    }),
    lines({
      title: 'Event loop lag',
      description:
        'How late timers run, 99 of 100, since the scrape before. About 10 ms is the resolution of the measurement, not lag.',
      width: 8,
      unit: 's',
      min: 0,
      queries: [[top(perInstance(ofOurProcess('nodejs_eventloop_lag_p99_seconds'))), '{{instance}}']],
    }),
    lines({
      title: 'Garbage collection',
      description: 'Share of the time spent in garbage collection, of the ten processes with most.',
      width: 8,
      unit: 'percentunit',
      min: 0,
      queries: [
        [top(`sum by (instance) (${ours(rateOf('nodejs_gc_duration_seconds_sum'))})`), '{{instance}}'],
      ],
    }),
    lines({
      title: 'Open files',
      description: 'Share of the open files that a process may have, of the ten processes with most.',
      width: 8,
      unit: 'percentunit',
      min: 0,
      queries: [
        [
          top(perInstance(`${ofProcess('process_open_fds')} / ${ofOurProcess('process_max_fds')}`)),
          '{{instance}}',
        ],
      ],
    }),
  ],
};
