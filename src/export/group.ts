/** One entry of `metrics` as a rule group: its input, its moving average, its alert, each with what PromQL cannot say of it. */
import type { Config } from '../config/config.ts';
import { alertExpression, forMs, severityOf } from './alert.ts';
import type { Entry } from './entry.ts';
import { promDuration } from './promql.ts';
import { newest, recorded } from './recorded.ts';
import { alertRemarks, averageRemarks, groupRemarks, inputRemarks, samplesRemarks } from './remarks.ts';
import { inputExpression } from './value.ts';

export interface RuleGroup {
  /** Paragraphs of its comment. */
  readonly remarks: readonly string[];
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly ExportedRule[];
}

export type ExportedRule =
  | {
      readonly remarks: readonly string[];
      readonly record: string;
      readonly expr: string;
      readonly labels?: Readonly<Record<string, string>>;
    }
  | {
      readonly remarks: readonly string[];
      readonly alert: string;
      readonly expr: string;
      readonly for?: string;
      readonly keep_firing_for?: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations: Readonly<Record<string, string>>;
    };

export function groupOf(entry: Entry, { judge }: Config): RuleGroup {
  const { rule, names, pace, jobs } = entry;
  const value = recorded(entry, names.value);
  const alpha = alphaOf(entry);
  const rules: ExportedRule[] = [
    {
      remarks: inputRemarks(entry),
      record: names.value,
      expr: inputOf(entry),
      labels: { metric: rule.metric, jobs },
    },
    {
      remarks: averageRemarks(entry),
      record: names.ema,
      expr: `(${alpha} * ${value} + (1 - ${alpha}) * ${newest(entry, names.ema)})\nor ${value}`,
    },
  ];
  if (rule.warmUp > 0) {
    rules.push({
      remarks: samplesRemarks(),
      record: names.samples,
      expr: `(0 * ${value} + 1 + ${newest(entry, names.samples)})\nor 0 * ${value} + 1`,
    });
  }
  const holdMs = forMs(entry);
  rules.push({
    remarks: alertRemarks(entry, judge),
    alert: names.alert,
    expr: alertExpression(entry),
    ...(holdMs > 0 && { for: promDuration(holdMs) }),
    ...(rule.keepFiringForMs > 0 && { keep_firing_for: promDuration(rule.keepFiringForMs) }),
    labels: { action: rule.action, severity: severityOf(rule.action) },
    annotations: {
      summary: 'A metric of a model version has drifted.',
      description: `The moving average of {{ $labels.metric }} of {{ $labels.model }}:{{ $labels.version }} is {{ $value }}; it drifts ${rule.detector.bound} ${rule.detector.threshold}.`,
    },
  });
  return { remarks: groupRemarks(entry), name: names.group, interval: promDuration(pace.sampleMs), rules };
}

/** With `half_life`, that of samples that are as far apart as the evaluations. */
function alphaOf({ rule: { smoothing }, pace }: Entry): number {
  return smoothing.kind === 'alpha' ? smoothing.alpha : 1 - 2 ** (-pace.sampleMs / smoothing.halfLifeMs);
}

function inputOf({ settings, input, models, pace }: Entry): string {
  const { scrapeMs, sampleMs, jobs } = pace;
  return inputExpression(settings, { takes: input.from.takes, jobs, models, scrapeMs, sampleMs });
}
