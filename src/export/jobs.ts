/** The jobs of a config, as the label `job` names them in Prometheus. */
import type { ScrapeConfig, Selector } from '../config/config.ts';
import { compileSelector } from '../selector/match.ts';

export interface Job {
  readonly name: string;
  readonly scrape: ScrapeConfig;
}

/** A target's own `job` stands before the job's name, in Prometheus as in Driftgauge. */
export function jobsOf(scrapes: readonly ScrapeConfig[]): readonly Job[] {
  return scrapes.flatMap((scrape) => {
    const names = new Set(scrape.targets.map(({ labels }) => labels.get('job') ?? scrape.jobName));
    return [...names].map((name) => ({ name, scrape }));
  });
}

/** Those that may have what `selector` takes, as long as no page carries a `job` of its own. */
export function jobsFor({ matchers }: Selector, scrapes: readonly ScrapeConfig[]): readonly Job[] {
  const ofJob = matchers.filter(({ label }) => label === 'job');
  const selector = compileSelector({ text: '', matchers: ofJob });
  return jobsOf(scrapes).filter(({ name }) => selector.matches(new Map([['job', name]])));
}
