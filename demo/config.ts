/** The config of the demo: that of a real sidecar, with seconds where those have minutes and hours. */

export const SECRET_FILE = 'webhook.secret';

/** `target` is host:port of the model server. */
export function demoConfig({
  target,
  trainerUrl,
}: {
  readonly target: string;
  readonly trainerUrl: string;
}): string {
  return `global:
  scrape_interval: 250ms
  external_labels: {env: demo}

scrape_configs:
  - job_name: fraud
    static_configs:
      - targets: ["${target}"]

metrics:
  - name: accuracy
    from: {gauge: model_accuracy}
    smoothing: {alpha: 0.25}
    drift: {below: 0.85, for: 2s}
    action: retrain
    ttl: 1m
  - name: f1_score
    from: {gauge: model_f1_score}
    drift: {below: 0.80, for: 2s}
    action: retrain
    ttl: 1m
  - name: inference_latency # milliseconds
    from: {gauge: model_inference_latency_milliseconds}
    drift: {above: 150, for: 2s}
    ttl: 1m

retrain:
  initial_hold: 0s
  group_wait: 1s
  cooldown: 2m
  replaced_after: 3s
  triggers:
    - name: training
      webhook:
        url: ${trainerUrl}
        signing_secret_file: ${SECRET_FILE}
`;
}
