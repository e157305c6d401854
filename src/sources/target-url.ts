/** Where a target is: the parts that a request needs, and the name that logs, metrics and API give it. */
import { createHash } from 'node:crypto';
import type { ScrapeConfig, ScrapeTarget } from '../config/config.ts';

export interface TargetUrl {
  /** `scheme://host:port/path`, without the parameters: they may hold secrets. */
  readonly label: string;
  readonly secure: boolean;
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  /** Undefined: that of the scheme. */
  readonly port: number | undefined;
  /** With the parameters. */
  readonly path: string;
}

/** A short name of a target that stays the same while it is scraped from the same place for the same job and labels. */
export function targetKey(config: Endpoint & Pick<ScrapeConfig, 'jobName'>, target: ScrapeTarget): string {
  const { label, path } = targetUrl(config, target);
  const parts = [config.jobName, label, path, [...target.labels].sort()];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16);
}

type Endpoint = Pick<ScrapeConfig, 'scheme' | 'metricsPath' | 'params'>;

/** Throws a `TypeError` where the address is not `host:port`; the config's loader has checked that. */
export function targetUrl({ scheme, metricsPath, params }: Endpoint, { address }: ScrapeTarget): TargetUrl {
  const { hostname, port } = new URL(`${scheme}://${address}`);
  const query = new URLSearchParams(
    [...params].flatMap(([name, values]) => values.map((value): [string, string] => [name, value])),
  );
  // The path is a path, as in Prometheus: what would begin a query or a fragment is part of it.
  const path = encodeURI(metricsPath.toWellFormed()).replace(/[?#]/g, encodeURIComponent);
  return {
    label: `${scheme}://${address}${metricsPath}`,
    secure: scheme === 'https',
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? undefined : Number(port),
    path: query.size > 0 ? `${path}?${query}` : path,
  };
}
