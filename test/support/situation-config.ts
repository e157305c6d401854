/** The config of the situation: everything that takes hours elsewhere takes a second, so that each state can be seen at once. */

export interface SituationAddresses {
  readonly serving: string;
  readonly flaky: string;
  readonly dead: string;
  readonly receiver: string;
}

const job = (name: string, target: string) =>
  `  - {job_name: ${name}, scrape_interval: 300ms, scrape_timeout: 300ms, static_configs: [{targets: ["${target}"]}]}`;

const webhook = (name: string, models: string, url: string) =>
  `    - {name: ${name}, models: [${models}], webhook: {url: "${url}", retry: {initial: 200ms, max: 400ms}}}`;

export function situationConfig({ serving, flaky, dead, receiver }: SituationAddresses): string {
  return `
scrape_configs:
${job('serving', serving)}
${job('flaky', flaky)}
${job('dead', dead)}
metrics:
  - {name: accuracy, models: [slipping], from: {gauge: model_accuracy}, drift: {below: 0.85, for: 1h}, action: retrain}
  - {name: accuracy, models: [seasonal], from: {gauge: model_accuracy}, smoothing: {alpha: 1}, drift: {below: 0.85}, action: retrain}
  - {name: accuracy, from: {gauge: model_accuracy}, drift: {below: 0.85, clear: 0.87}, action: retrain}
  - {name: latency, from: {gauge: model_latency_milliseconds}, drift: {above: 150}}
  - {name: error_ratio, from: {gauge: model_error_ratio}, drift: {above: 0.1}, action: inhibit}
  - {name: recall, from: {gauge: model_recall}, drift: {below: 0.7}}
  - {name: precision, drift: {below: 0.8}}
  - {name: f1_score, stale_after: 300ms, drift: {below: 0.8}}
retrain:
  initial_hold: 0s
  group_wait: 200ms
  policies:
    - {models: [seasonal], cooldown: 500ms, max_per_day: 100000}
    - {models: [search], group_wait: 1h}
    - {models: [forecast], in_flight_timeout: 1s}
  triggers:
${webhook('training', 'fraud, churn, pricing, ranking, slipping, search, seasonal, forecast', receiver)}
${webhook('overloaded', 'reports', receiver)}
${webhook('retired', 'legacy', receiver)}
`;
}
