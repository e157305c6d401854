/** `driftgauge export prometheus-rules`: the Prometheus rule file that comes nearest to a config, as text. */
import type { Config } from '../config/config.ts';
import { quote } from '../config/problem.ts';
import type { Rule } from '../core/rule.ts';
import { entryOf } from './entry.ts';
import type { RuleGroup } from './group.ts';
import { groupOf } from './group.ts';
import { modelsOf } from './models.ts';
import { nameGiver } from './names.ts';
import { listed, titleOf } from './remarks.ts';
import { writeRuleFile } from './write.ts';

export function prometheusRules(config: Config): string {
  const inputs = new Map(config.inputs.map((input) => [input.entry, input]));
  const earlier = new Map<string, Rule[]>();
  const namesFor = nameGiver();
  const groups: RuleGroup[] = [];
  const left: string[] = [];
  for (const rule of config.judge.rules) {
    const before = earlier.get(rule.metric) ?? [];
    earlier.set(rule.metric, [...before, rule]);
    const input = inputs.get(rule.entry);
    const settings = rule.from;
    if (!input || settings === null)
      left.push(`${titleOf(rule)}: it is pushed, Prometheus has no series to record.`);
    else if (settings.kind === 'histogram')
      left.push(`${titleOf(rule)}: PromQL has no distance between distributions (${settings.distance}).`);
    else {
      const models = modelsOf(rule, before);
      const entry = entryOf({ rule, settings, input }, { config, models, names: namesFor(rule.metric) });
      groups.push(groupOf(entry, config));
    }
  }
  return writeRuleFile(groups, headOf(config, left));
}

function headOf({ file, scrapes }: Config, left: readonly string[]): readonly string[] {
  const head = [
    `The rules that come nearest to ${file === null ? "Driftgauge's built-in config" : quote(file)}, made by \`driftgauge export prometheus-rules\`. They need Prometheus 2.42 or newer. Check them with: promtool check rules FILE`,
  ];
  if (scrapes.length > 0)
    head.push(
      `Prometheus must scrape the same targets as the config does, with job_name ${listed(scrapes.map(({ jobName }) => jobName))}, the same labels, metric_relabel_configs and limits, and honor_labels: true, as Driftgauge takes the labels of a config only where the samples carry none.`,
      'Only series of these jobs are taken. Where Prometheus has another `job` for them, write that one into the selectors of the rules that record a :value; no other rule has it. A PodMonitor gives NAMESPACE/NAME unless it has a jobLabel, and a page or metric_relabel_configs may give one too.',
      'All that is recorded, and so each alert, has a label `jobs`: the jobs of the config. By it the rules of several configs stand side by side in one Prometheus; those of two configs with the same jobs do not, as both would record the same series.',
      'What has no version is recorded with version="none". Where a model has both, series without one and series that say "none", the rule that records a :value fails: one of the two must be given another.',
    );
  if (left.length > 0)
    head.push(
      'Not in here, but shown by Driftgauge as driftgauge_signal_ema and driftgauge_drift:',
      ...left.map((one) => `- ${one}`),
    );
  return head;
}
