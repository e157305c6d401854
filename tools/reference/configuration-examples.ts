/** The part of docs/configuration.md that people write: its introduction, and small examples. Each loads in a test. */

const introduction = `
# Configuration

One YAML file, named by \`--config.file\`; without that flag \`driftgauge.yaml\` in the working folder; without either a built-in one that takes pushed
events only. Names and meanings are those of Prometheus wherever it has them. [config/driftgauge.example.yaml](../config/driftgauge.example.yaml) shows
every key at its place, and editors find a schema in [config/driftgauge.schema.json](../config/driftgauge.schema.json).

The least that does something: one page that is scraped, one metric that is judged.

\`\`\`yaml
scrape_configs:
  - job_name: fraud
    static_configs:
      - targets: ["localhost:8000"]
        labels: {model: fraud, version: "1.4.0"}
metrics:
  - name: accuracy
    from: {gauge: model_accuracy}
    drift: {below: 0.85, for: 5m}
    action: retrain
retrain:
  triggers:
    - name: training
      webhook: {url: "http://trainer:8080/retrain"}
\`\`\`

What holds everywhere:

- Durations and sizes are written as in Prometheus: \`30s\`, \`5m\`, \`1h30m\`; \`512KB\`, \`10MB\`.
- An unknown key is an error. \`driftgauge check config FILE\` prints every problem at once, each with its line and what was expected;
  with \`--target URL\` it also scrapes that page once and says what each metric finds there.
- \`\${ENV_VAR}\` is replaced in label values and in secrets, and only there; a variable that is not set is an error.
- Secrets come from a file (\`*_file\`, read anew for each request), from the environment or from the config, never from a flag. They
  are shown nowhere: \`/api/v1/status/config\` has \`<secret>\` in their place. Relative paths start at the folder of the config file.
- The file is read again when it changes (the swap of a ConfigMap included), on \`SIGHUP\`, and on \`POST /-/reload\` where \`--web.enable-lifecycle\` is
  set: whole, or not at all. Where only \`drift\` of a metric has changed, its average goes on; with another \`from\`, \`smoothing\` or \`scale\` it begins anew.
`;

/** By the path of the section. */
const sections: Readonly<Record<string, string>> = {
  'scrape_configs[]': `One server that speaks for many models needs one job; labels say whose a series is:

\`\`\`yaml
scrape_configs:
  - job_name: models
    scrape_interval: 30s
    identity: {model: model_name, version: model_version}
    authorization: {credentials_file: /etc/secrets/token}
    static_configs:
      - targets: ["serving-0:8080", "serving-1:8080"]
metrics:
  - name: accuracy
    from: {gauge: model_accuracy, aggregate: avg}
    drift: {below: 0.85}
\`\`\``,
  'metrics[]': `The same metric with other thresholds for other models: the first entry that fits a model has it, so the general one comes last.

\`\`\`yaml
metrics:
  - name: accuracy
    models: ["fraud*"]
    drift: {below: 0.95, for: 10m}
    action: retrain
  - name: accuracy
    drift: {below: 0.85, for: 10m}
  - name: null_ratio
    models: ["fraud*"]
    drift: {above: 0.2}
    action: inhibit
\`\`\``,
  retrain: `Cheap models may be trained often, and one team is only shown what would happen:

\`\`\`yaml
metrics:
  - {name: accuracy, drift: {below: 0.85}, action: retrain}
retrain:
  cooldown: 6h
  policies:
    - {models: ["cheap-*"], cooldown: 30m, max_per_day: 24}
    - {models: ["ranking-*"], mode: dry_run}
\`\`\``,
  'retrain.triggers[]': `The first trigger whose \`models\` fit has the request; what a receiver must do is in [receiver.md](receiver.md).

\`\`\`yaml
metrics:
  - {name: accuracy, drift: {below: 0.85}, action: retrain}
retrain:
  triggers:
    - name: risk
      models: ["fraud*"]
      webhook:
        url: http://trainer:8080/retrain?model={model}
        signing_secret_file: /etc/secrets/webhook
    - name: everybody-else
      log: {}
\`\`\``,
};

export const EXAMPLES = { introduction, sections };
