/** Families about the program itself: its targets, what it dropped, its config, clock, storage and build. */
import type { DropReason, Source } from '../core/world.ts';
import type { TargetStatus } from '../sources/target-status.ts';
import type { Exposition, FamilyHeader, LabelPair } from './exposition.ts';
import { encodeLabels, NO_LABELS } from './exposition.ts';
import type { MetricsSource } from './source.ts';
import * as table from './table.ts';

export function writeTargets(out: Exposition, source: MetricsSource): void {
  const targets = source.targets();
  // Before its first scrape a target is neither up nor down.
  const scraped = targets.filter(({ up }) => up !== null);
  const perTarget = (family: FamilyHeader, read: (target: TargetStatus) => number): void => {
    out.family(family);
    for (const target of scraped) out.sample(encodeLabels(targetLabels(target)), read(target));
  };
  perTarget(table.targetUp, ({ up }) => Number(up));
  perTarget(table.scrapeDuration, ({ durationSeconds }) => durationSeconds);
  perTarget(table.scrapeSamples, ({ samples }) => samples);
  out.family(table.scrapeFailures);
  for (const target of targets) {
    for (const [reason, count] of target.failures) {
      out.sample(encodeLabels([...targetLabels(target), ['reason', reason]]), count);
    }
  }
}

function targetLabels({ job, target }: TargetStatus): readonly LabelPair[] {
  return [
    ['scrape_job', job],
    ['target', target],
  ];
}

/** Shown from the start, so that the first drop is an increase. Records, so that no word can be forgotten. */
const SOURCES: Readonly<Record<Source, null>> = { scrape: null, push: null };
const DROP_REASONS: Readonly<Record<DropReason, null>> = {
  late: null,
  duplicate: null,
  future: null,
  non_finite: null,
  stale_marker: null,
  duplicate_series: null,
  unmatched: null,
  no_model: null,
  bad_name: null,
  max_signals: null,
  max_series: null,
};

export function writeDrops(out: Exposition, { world }: MetricsSource): void {
  out.family(table.samplesDropped);
  for (const source of Object.keys(SOURCES)) {
    for (const reason of Object.keys(DROP_REASONS)) {
      out.sample(
        encodeLabels([
          ['source', source],
          ['reason', reason],
        ]),
        world.drops.get(`${source} ${reason}`) ?? 0,
      );
    }
  }
}

export function writeOwn(out: Exposition, source: MetricsSource): void {
  const single = (family: FamilyHeader, value: number): void => {
    out.family(family);
    out.sample(NO_LABELS, value);
  };
  single(table.clockSteps, source.clockSteps);
  single(table.configReloadSuccessful, Number(source.reloadState.successful));
  single(table.configReloadSuccessTime, source.reloadState.lastSuccessAt / 1000);
  single(table.storageUp, Number(source.storageUp));
}

export function writeBuild(out: Exposition, { build }: MetricsSource): void {
  out.family(table.buildInfo);
  out.sample(
    encodeLabels([
      ['version', build.version],
      ['revision', build.revision],
    ]),
    1,
  );
}
