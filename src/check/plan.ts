/** How the one page of a check is fetched: from the URL that was given, as the job of the config would that it belongs to. */
import { toScrapeConfig } from '../config/build/scrapes.ts';
import type { Config, ScrapeConfig, ScrapeTarget } from '../config/config.ts';
import type { TargetUrl } from '../sources/target-url.ts';
import { targetUrl } from '../sources/target-url.ts';

export interface ScrapePlan {
  readonly config: ScrapeConfig;
  readonly target: ScrapeTarget;
  readonly url: TargetUrl;
  /** Whether the config has this very target; if not, its first job is the model, without its secrets, or the defaults are. */
  readonly basis: 'target' | 'first_job' | 'defaults';
}

export type TargetResult =
  | { readonly ok: true; readonly url: URL }
  /** Free of what was given: it may hold a password. */
  | { readonly ok: false; readonly message: string };

export function readTarget(text: string): TargetResult {
  const url = URL.parse(text);
  if (!url || !/^https?:\/\//i.test(text))
    return { ok: false, message: 'expected an http or https URL, such as http://localhost:8000/metrics' };
  if (url.username !== '' || url.password !== '')
    return {
      ok: false,
      message: 'expected a URL without user and password: they belong into the config, as basic_auth',
    };
  return { ok: true, url };
}

export function planScrape({ scrapes }: Pick<Config, 'scrapes'>, url: URL): ScrapePlan {
  for (const config of scrapes) {
    const target = config.targets.find((one) => isAt(url, config, one));
    if (target) return { config, target, url: fetchedFrom(url, config), basis: 'target' };
  }
  const address = `${url.hostname}:${portOf(url)}`;
  const [first] = scrapes;
  const config = first ? withoutSecrets(first) : defaultJob(address);
  const target = { address, labels: first?.targets[0]?.labels ?? new Map() };
  return { config, target, url: fetchedFrom(url, config), basis: first ? 'first_job' : 'defaults' };
}

/** What was meant for the targets of the config goes to nobody else. */
function withoutSecrets({ auth: _auth, tls: _tls, ...config }: ScrapeConfig): ScrapeConfig {
  return { ...config, headers: new Map(), params: new Map() };
}

/** The same scheme, host, port and path. */
function isAt(url: URL, config: ScrapeConfig, target: ScrapeTarget): boolean {
  const { label, path } = targetUrl(config, target);
  const own = new URL(path, label);
  return own.origin === url.origin && own.pathname === url.pathname;
}

/** Exactly what was given, with the parameters of the job where it has none of its own. */
function fetchedFrom(url: URL, config: ScrapeConfig): TargetUrl {
  const { path } = targetUrl(config, { address: 'localhost:80', labels: new Map() });
  const question = path.indexOf('?');
  const search = url.search !== '' || question < 0 ? url.search : path.slice(question);
  return {
    label: `${url.origin}${url.pathname}`,
    secure: url.protocol === 'https:',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? undefined : Number(url.port),
    path: `${url.pathname}${search}`,
  };
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}

function defaultJob(address: string): ScrapeConfig {
  const job = { job_name: 'check', static_configs: [{ targets: [address] }] };
  return toScrapeConfig(job, { global: {}, resolve: (path) => path });
}
