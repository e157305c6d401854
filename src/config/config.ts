/** The parsed config: readonly, camelCase, durations in milliseconds, defaults filled. Only `load.ts` makes one. */
import type { DerivationSettings, Role } from '../core/derive/settings.ts';
import type { JudgeConfig } from '../core/rule.ts';

/** `file` is read anew whenever the secret is needed, `value` was written in the config or came from the environment. */
export type Secret = { readonly value: string } | { readonly file: string };

export interface TlsConfig {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly serverName?: string;
  readonly insecureSkipVerify: boolean;
}

/** How an outgoing HTTP request proves who it is. */
export type HttpAuth =
  | { readonly kind: 'basic'; readonly username: string; readonly password: Secret }
  | { readonly kind: 'authorization'; readonly type: string; readonly credentials: Secret };

/** Which labels name model and version. */
export interface Identity {
  readonly model: string;
  readonly version: string;
}

export type Schedule =
  | { readonly kind: 'interval'; readonly intervalMs: number }
  /** Six or five fields, as node-cron reads them. */
  | { readonly kind: 'cron'; readonly expression: string };

export interface ScrapeTarget {
  /** `host:port`. */
  readonly address: string;
  /** Used where the samples carry no such label. */
  readonly labels: ReadonlyMap<string, string>;
}

export interface ScrapeConfig {
  readonly jobName: string;
  readonly scheme: 'http' | 'https';
  readonly metricsPath: string;
  readonly params: ReadonlyMap<string, readonly string[]>;
  readonly headers: ReadonlyMap<string, Secret>;
  readonly auth?: HttpAuth;
  readonly tls?: TlsConfig;
  readonly schedule: Schedule;
  readonly timeoutMs: number;
  /** Of the decoded body. */
  readonly bodySizeLimitBytes: number;
  readonly sampleLimit: number;
  readonly identity: Identity;
  /** Applied to each series in turn; none where it is empty. */
  readonly metricRelabelConfigs: readonly RelabelConfig[];
  readonly targets: readonly ScrapeTarget[];
}

/** What a rule of `metric_relabel_configs` looks at: the values of these labels, joined. */
export interface RelabelSource {
  readonly sourceLabels: readonly string[];
  readonly separator: string;
}

/** A rule of `metric_relabel_configs`; regular expressions are RE2, anchored at both ends. */
export type RelabelConfig =
  | (RelabelSource & {
      readonly action: 'replace';
      readonly regex: string;
      /** A template over the groups of the regex, as `replacement` is. */
      readonly targetLabel: string;
      readonly replacement: string;
    })
  | (RelabelSource & { readonly action: 'keep' | 'drop'; readonly regex: string })
  | (RelabelSource & {
      readonly action: 'keepequal' | 'dropequal' | 'lowercase' | 'uppercase';
      readonly targetLabel: string;
    })
  | (RelabelSource & {
      readonly action: 'hashmod';
      readonly targetLabel: string;
      readonly modulus: number;
    })
  | { readonly action: 'labelmap'; readonly regex: string; readonly replacement: string }
  | { readonly action: 'labeldrop' | 'labelkeep'; readonly regex: string };

export type MatchOperator = '=' | '!=' | '=~' | '!~';

export interface LabelMatcher {
  readonly label: string;
  readonly operator: MatchOperator;
  readonly value: string;
}

/** A PromQL instant selector; the metric name is a matcher on `__name__`. */
export interface Selector {
  readonly text: string;
  readonly matchers: readonly LabelMatcher[];
}

/** A series that a derivation is fed with, and what it is to it. */
export interface Take {
  readonly role: Role;
  readonly selector: Selector;
}

/** An entry's `from`: what is taken, and what is made of it. */
export interface MetricSource {
  readonly takes: readonly Take[];
  readonly settings: DerivationSettings;
}

/** Where a pulled metric's samples come from; entries without one are pushed. */
export interface MetricInput {
  /** Position in `metrics`. */
  readonly entry: number;
  readonly metric: string;
  readonly models: readonly string[];
  readonly from: MetricSource;
}

export interface WebhookConfig {
  readonly kind: 'webhook';
  /** `{model}` and `{version}` are replaced, percent-encoded. */
  readonly url: string;
  readonly method: 'POST' | 'PUT' | 'PATCH';
  readonly headers: ReadonlyMap<string, Secret>;
  readonly auth?: HttpAuth;
  readonly tls?: TlsConfig;
  /** Standard Webhooks: `whsec_` and base64, or the bytes as they are. */
  readonly signingSecret?: Secret;
  readonly timeoutMs: number;
  readonly retry: { readonly initialMs: number; readonly maxMs: number; readonly giveUpAfterMs: number };
}

export interface LogTriggerConfig {
  readonly kind: 'log';
}

/** A trigger that an embedding program passed to `createSupervisor`. */
export interface CustomTriggerConfig {
  readonly kind: 'custom';
}

export interface TriggerConfig {
  readonly name: string;
  readonly models: readonly string[];
  readonly outcome: 'reported' | 'none';
  readonly deliver: WebhookConfig | LogTriggerConfig | CustomTriggerConfig;
}

export interface Config {
  /** Path as given; null for the built-in config. */
  readonly file: string | null;
  readonly externalLabels: ReadonlyMap<string, string>;
  readonly judge: JudgeConfig;
  readonly inputs: readonly MetricInput[];
  readonly scrapes: readonly ScrapeConfig[];
  readonly triggers: readonly TriggerConfig[];
  readonly limits: { readonly maxSignals: number; readonly maxSeries: number };
  /** The live config as YAML with every secret redacted: what `/api/v1/status/config` shows. */
  readonly redactedYaml: string;
}
