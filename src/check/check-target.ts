/**
 * What a config makes of one real page: which series each metric finds, which model versions and values come of it, and
 * what it leaves unused. One scrape, nothing is stored and nobody is asked to retrain.
 */
import type { Clock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { Rule } from '../core/rule.ts';
import { compileEntries } from '../sources/entries.ts';
import { compileRelabeling } from '../sources/relabel.ts';
import { rulesOf } from '../sources/route.ts';
import { familiesOf } from './families.ts';
import { findingOf } from './finding.ts';
import { matchesOf } from './matches.ts';
import { namesOn } from './not-found.ts';
import { fetchPage, seriesOn } from './page.ts';
import { planScrape } from './plan.ts';
import * as report from './report.ts';
import { takePage } from './takings.ts';
import { unusedOf } from './unused.ts';

export interface CheckTargetOptions {
  readonly config: Config;
  readonly url: URL;
  readonly clock: Clock;
  readonly userAgent: string;
}

export interface TargetReport {
  /** The scrape succeeded, and every metric that is scraped found something. */
  readonly ok: boolean;
  /** Printable, without line breaks. */
  readonly lines: readonly string[];
}

export async function checkTarget({
  config,
  url,
  clock,
  userAgent,
}: CheckTargetOptions): Promise<TargetReport> {
  const { rules } = config.judge;
  const plan = planScrape(config, url);
  const source = report.sourceLines(plan);
  const entries = compileEntries(config.inputs, rules);
  const { maxSeries } = config.limits;
  const nativeHistograms = entries.wantsNative;
  const fetched = await fetchPage(plan, { maxSeries, nativeHistograms, clock, userAgent });
  if (!fetched.ok) return { ok: false, lines: [...source, report.failureLine(fetched)] };

  const { page } = fetched;
  const relabeling = compileRelabeling(plan.config.metricRelabelConfigs);
  const seriesRules = rulesOf({ ...plan, entries, relabeling });
  const series = seriesOn(page, seriesRules);
  const names = namesOn(series);
  const matches = matchesOf(config.inputs, series);
  const takings = takePage(page, { config, plan, at: clock.wall() });
  const inputs = new Map(config.inputs.map((input) => [input.entry, input]));
  const modelLabel = plan.config.identity.model;
  const failed: Rule[] = [];
  const metrics = rules.flatMap((rule) => {
    const input = inputs.get(rule.entry);
    if (!input) return report.pushedLines(rule);
    const finding = findingOf(input, {
      matches: matches.get(rule.entry)!,
      taking: takings.get(rule.entry)!,
      names,
      rules,
      modelLabel,
    });
    if (finding.problems.length > 0) failed.push(rule);
    return report.findingLines(rule, input, finding);
  });
  const targetModel = seriesRules.targetLabels.get(modelLabel);
  const unused = unusedOf(familiesOf(page, series), { modelLabel, targetModel });
  return {
    ok: failed.length === 0,
    lines: [
      ...source,
      ...report.pageLines(page, maxSeries),
      ...metrics,
      ...report.unusedLines(unused),
      ...report.verdictLines(failed, config.inputs.length),
    ],
  };
}
