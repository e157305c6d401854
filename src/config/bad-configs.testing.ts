// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a config writes environment variables
/** What is wrong with each `test/data/config/bad-*.yaml`, one fault each: place, path, what was expected, what was found. */
export const FAULTS: Readonly<Record<string, string>> = {
  action: '4:13: metrics[0].action: expected one of retrain, flag, inhibit, found "retrian"',
  aggregate: '7:46: metrics[0].from.aggregate: expected one of avg, min, max, sum, found "median"',
  alias: '4:13: metrics[0].action: expected an anchor before its alias, found none of that name',
  'alpha-and-half-life':
    '3:30: metrics[0].smoothing.half_life: expected at most one of alpha, half_life, found alpha and half_life',
  'alpha-two': '3:24: metrics[0].smoothing.alpha: expected a number above 0 and up to 1, found 2',
  'alpha-zero': '3:24: metrics[0].smoothing.alpha: expected a number above 0 and up to 1, found 0',
  'authorization-basic':
    '4:27: scrape_configs[0].authorization.type: expected another scheme, found "Basic", which is written as basic_auth',
  'authorization-type':
    '4:27: scrape_configs[0].authorization.type: expected an authentication scheme such as Bearer, found "a b"',
  'basic-auth-text':
    '4:17: scrape_configs[0].basic_auth: expected a mapping with username and one of password, password_file, found a text',
  'body-size-limit-zero':
    '4:22: scrape_configs[0].body_size_limit: expected a size above 0 and up to 1GB, such as 512KB or 10MB, found "0"',
  'body-size-limit':
    '4:22: scrape_configs[0].body_size_limit: expected a size above 0 and up to 1GB, such as 512KB or 10MB, found "10M"',
  'certificate-without-key':
    '4:18: scrape_configs[0].tls_config.cert_file: expected cert_file and key_file together, found no key_file',
  'clear-above': '3:32: metrics[0].drift.clear: expected 150 or less, on the good side of above, found 151',
  'clear-below': '3:33: metrics[0].drift.clear: expected 0.85 or more, on the good side of below, found 0.8',
  'complex-key': '4:7: expected a text as key, found a mapping or a list',
  'control-character': '2:14: expected printable characters, found U+0000',
  'credentials-empty':
    '4:34: scrape_configs[0].authorization.credentials: expected credentials, found an empty text',
  'credentials-newline':
    '4:34: scrape_configs[0].authorization.credentials: expected credentials that a header can carry, found a line break or the like in them',
  directive: '1:1: the directive is not known',
  'duplicate-key': '5:5: metrics[0].action: duplicate key "action", expected it once, found it on line 4 too',
  'empty-metrics': '1:1: metrics: expected a list of at least one entry, found an empty list',
  'empty-name': '2:11: metrics[0].name: expected a name of 1 to 1024 bytes, found ""',
  empty: '1:1: metrics: expected a list of at least one entry, found nothing',
  encoding: '4:14: expected UTF-8, found bytes that are none',
  'environment-syntax':
    '1:33: global.external_labels.env: expected ${NAME} of an environment variable, found "${" and something else ($${ stands for ${ itself)',
  environment:
    '1:33: global.external_labels.env: expected the environment variable NOT_SET, found that it is not set',
  'file-empty':
    '4:27: scrape_configs[0].tls_config.ca_file: expected the path of a file with certificates, found ""',
  'for-negative':
    '3:31: metrics[0].drift.for: expected a duration such as 30s, 5m or 1h30m, found "-5m" (it cannot be negative)',
  'for-without-unit':
    '3:31: metrics[0].drift.for: expected a duration such as 30s, 5m or 1h30m, found "300" (its unit is missing)',
  'from-aggregate-of-counts':
    '7:38: metrics[0].from.aggregate: expected beside gauge only, found beside rate (counts of several series are always summed)',
  'from-distance-elsewhere': [
    '7:38: metrics[0].from.distance: expected beside histogram only, found beside rate',
    '7:53: metrics[0].from.reference: expected beside histogram only, found beside rate',
  ].join('\n'),
  'from-distance-unknown': '7:46: metrics[0].from.distance: expected one of psi, js, ks, found "kl"',
  'from-histogram': [
    '7:5: metrics[0].from.distance: expected one of psi, js, ks, found nothing',
    '7:5: metrics[0].from.reference: expected a mapping with one of first, trailing, file, found nothing',
  ].join('\n'),
  'from-key-of-a-part': [
    '7:12: metrics[0].from.numerator: unknown key "numerator", did you mean ratio.numerator?',
    '7:43: metrics[0].from.ratio.numerator: expected a PromQL selector such as model_errors_total, found nothing',
  ].join('\n'),
  'from-kind-unknown': [
    '7:5: metrics[0].from: expected exactly one of gauge, rate, ratio, mean, histogram_quantile, histogram, found none of them',
    '7:12: metrics[0].from.summary: unknown key "summary", expected one of gauge, rate, ratio, mean, histogram_quantile, histogram, scale, aggregate, window, min_count, distance, reference',
  ].join('\n'),
  'from-mean-empty':
    '7:18: metrics[0].from.mean: expected the base name of a histogram or summary, such as latency_seconds, found "" (expected a metric name or "{", found the end of the text at character 1)',
  'from-mean-of-any-name':
    '7:18: metrics[0].from.mean: expected the base name of a histogram or summary, such as latency_seconds, found "{__name__=~\\"latency.*\\"}" (its name must be written out, as several series are made of it)',
  'from-mean-of-count':
    '7:18: metrics[0].from.mean: expected the base name of a histogram or summary, such as latency_seconds, found "latency_seconds_count" (did you mean latency_seconds? A base name that ends so is written as {__name__="latency_seconds_count"})',
  'from-min-count-negative':
    '7:49: metrics[0].from.min_count: expected an integer from 0 to 1000000000, found -1',
  'from-min-count-of-gauge':
    '7:35: metrics[0].from.min_count: expected beside rate, ratio, mean, histogram_quantile, histogram only, found beside gauge',
  'from-min-count-zero':
    '7:46: metrics[0].from.min_count: expected an integer from 1 to 1000000000, found 0 (only a rate can do without observations)',
  'from-misspelled-kind': '7:12: metrics[0].from.guage: unknown key "guage", did you mean "gauge"?',
  'from-quantile-above-one':
    '7:43: metrics[0].from.histogram_quantile.quantile: expected a number from 0 to 1, found 95',
  'from-quantile-of-buckets':
    '7:53: metrics[0].from.histogram_quantile.of: expected the base name of a histogram, such as latency_seconds, found "latency_seconds_bucket" (did you mean latency_seconds? A base name that ends so is written as {__name__="latency_seconds_bucket"})',
  'from-quantile-of-one-bucket':
    '7:53: metrics[0].from.histogram_quantile.of: expected the base name of a histogram, such as latency_seconds, found "latency_seconds{le=\\"0.1\\"}" (a matcher on le would leave a part of it only)',
  'from-quantile-without-of':
    '7:12: metrics[0].from.histogram_quantile.of: expected the base name of a histogram, such as latency_seconds, found nothing',
  'from-rate-selector':
    '7:18: metrics[0].from.rate: expected a PromQL selector such as model_errors_total, found "rate(model_errors_total[5m])" (expected the end of the selector, found "(" at character 5)',
  'from-ratio-text':
    '7:19: metrics[0].from.ratio: expected a mapping with numerator and denominator, found a text',
  'from-ratio-without-denominator':
    '7:12: metrics[0].from.ratio.denominator: expected a PromQL selector such as model_requests_total, found nothing',
  'from-reference-empty':
    '7:51: metrics[0].from.reference: expected exactly one of first, trailing, file, found none of them',
  'from-reference-file-falling': [
    '7:69: metrics[0].from.reference.file: test/data/config/reference-falling.yaml:3:10: buckets["0.2"]: expected at least 50, the count up to 0.1, found 40',
    '7:69: metrics[0].from.reference.file: test/data/config/reference-falling.yaml:5:1: colour: unknown key "colour", expected buckets',
  ].join('\n'),
  'from-reference-file-missing':
    '7:69: metrics[0].from.reference.file: test/data/config/missing.yaml: cannot be read: ENOENT: no such file or directory',
  'from-reference-text':
    '7:62: metrics[0].from.reference: expected a mapping with one of first, trailing, file, found a text',
  'from-reference-two':
    '7:75: metrics[0].from.reference.trailing: expected exactly one of first, trailing, file, found first and trailing',
  'from-reference-zero':
    '7:70: metrics[0].from.reference.first: expected a duration above 0, such as 30s or 5m, found "0s"',
  'from-two-kinds':
    '7:35: metrics[0].from.rate: expected exactly one of gauge, rate, ratio, mean, histogram_quantile, histogram, found gauge and rate',
  'from-window-of-gauge':
    '7:35: metrics[0].from.window: expected beside rate, ratio, mean, histogram_quantile, histogram only, found beside gauge',
  'from-window-without-unit':
    '7:46: metrics[0].from.window: expected a duration such as 30s, 5m or 1h30m, found "300" (its unit is missing)',
  'from-without-gauge':
    '7:5: metrics[0].from: expected exactly one of gauge, rate, ratio, mean, histogram_quantile, histogram, found none of them',
  'from-without-scrapes':
    '4:5: metrics[0].from: expected scrape_configs to take samples from, found none; add them, or leave `from` out for metrics that are pushed',
  'give-up-after':
    '9:32: retrain.triggers[0].webhook.retry.give_up_after: expected a duration above 0, such as 30s or 5m, found "0s"',
  'glob-empty': '4:14: metrics[0].models[0]: expected a glob over model names, such as fraud-*, found ""',
  'half-life-zero':
    '3:28: metrics[0].smoothing.half_life: expected a duration above 0, such as 30s or 5m, found "0s"',
  'header-authorization':
    '4:15: scrape_configs[0].headers.authorization: expected one way to authenticate, found this header beside basic_auth or authorization',
  'header-name': '4:15: scrape_configs[0].headers["X Scope"]: expected a header name, found "X Scope"',
  'header-ours':
    '4:15: scrape_configs[0].headers.Accept: expected a header name, found "Accept" (Driftgauge sets this header itself)',
  'header-twice':
    '4:27: scrape_configs[0].headers.x-scope: expected each header once, found it in another spelling',
  'header-value':
    '4:24: scrape_configs[0].headers.X-Scope: expected a header value, found a value that is not shown (it holds characters that no header can carry)',
  'identity-label':
    '1:28: global.identity.model: expected a label name of letters, digits and _, found "model-name"',
  'in-flight-timeout':
    '5:22: retrain.in_flight_timeout: expected a duration above 0, such as 30s or 5m, found "0s"',
  indentation: '4:1: a quote, a bracket, a comma, a space or the right indentation is missing here or before',
  'interval-and-schedule':
    '5:5: scrape_configs[0].schedule: expected at most one of scrape_interval, schedule, found scrape_interval and schedule',
  'interval-zero':
    '4:22: scrape_configs[0].scrape_interval: expected a duration above 0, such as 30s or 5m, found "0s"',
  'key-in-log': '7:13: retrain.triggers[0].log.level: unknown key "level", expected no keys here',
  'key-of-a-part': '3:5: metrics[0].warm_up: unknown key "warm_up", did you mean smoothing.warm_up?',
  'key-of-another-level':
    '3:26: metrics[0].drift.action: unknown key "action", did you mean metrics[].action?',
  'key-of-the-whole': '1:1: cooldown: unknown key "cooldown", did you mean retrain.cooldown?',
  'label-list': '1:28: global.external_labels.env: expected a label value, found a list',
  'label-model-long':
    '3:57: scrape_configs[0].static_configs[0].labels.model: expected a model name of up to 1024 bytes, found "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…"',
  'label-name':
    '3:50: scrape_configs[0].static_configs[0].labels.my-label: expected a label name of letters, digits and _, found "my-label"',
  'label-reserved':
    '1:28: global.external_labels.__name__: expected a label name of letters, digits and _, found "__name__" (names that start with __ are reserved)',
  list: '1:1: expected a mapping, found a list',
  'lone-surrogate':
    '2:11: metrics[0].name: expected a name of 1 to 1024 bytes, found "a\\ud800" (it is not valid Unicode)',
  'long-name':
    '2:11: metrics[0].name: expected a name of 1 to 1024 bytes, found "ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää…" (it is longer than 1024 bytes)',
  'max-per-day': '5:16: retrain.max_per_day: expected an integer from 1 to 100000, found 0',
  'max-series': '4:22: limits.max_series: expected an integer from 1 to 100000000, found "many"',
  'max-signals': '4:23: limits.max_signals: expected an integer from 1 to 10000000, found 0',
  merge: '4:5: metrics[0]["<<"]: expected mappings to merge, as in <<: *name, found something else',
  method: '9:17: retrain.triggers[0].webhook.method: expected one of POST, PUT, PATCH, found "GET"',
  'metrics-mapping': '1:1: metrics: expected a list of at least one entry, found a mapping',
  'metrics-path-query':
    '4:19: scrape_configs[0].metrics_path: expected a path that begins with /, found "/probe?target=x" (the query is written as `params`)',
  'metrics-path': '4:19: scrape_configs[0].metrics_path: expected a path that begins with /, found "metrics"',
  'min-samples-fraction':
    '3:39: metrics[0].drift.min_samples: expected an integer from 1 to 1000000000, found 1.5',
  'min-samples-zero': '3:39: metrics[0].drift.min_samples: expected an integer from 1 to 1000000000, found 0',
  'misspelled-key': '4:5: metrics[0].acton: unknown key "acton", did you mean "action"?',
  'misspelled-required-key': '3:5: metrics[0].drfit: unknown key "drfit", did you mean "drift"?',
  mode: '5:9: retrain.mode: expected act or dry_run, found "dry-run"',
  'models-empty': '4:5: metrics[0].models: expected a list of at least one glob, found an empty list',
  'models-text': '4:13: metrics[0].models: expected a list of at least one glob, found a text',
  'no-credentials':
    '4:5: scrape_configs[0].authorization: expected exactly one of credentials, credentials_file, found none of them',
  'no-drift': '2:5: metrics[0].drift: expected a mapping with one of below, above, found nothing',
  'no-job-name': '2:5: scrape_configs[0].job_name: expected a name of 1 to 1024 bytes, found nothing',
  'no-metrics': '1:1: metrics: expected a list of at least one entry, found nothing',
  'no-name': '2:5: metrics[0].name: expected a name of 1 to 1024 bytes, found nothing',
  'no-password':
    '4:5: scrape_configs[0].basic_auth: expected exactly one of password, password_file, found none of them',
  'no-static-configs':
    '2:5: scrape_configs[0].static_configs: expected a list of at least one entry, found nothing',
  'no-targets':
    '3:23: scrape_configs[0].static_configs[0].targets: expected a list of at least one target, found an empty list',
  'no-threshold': '3:5: metrics[0].drift: expected exactly one of below, above, found none of them',
  'no-triggers': '5:3: retrain.triggers: expected a list of at least one trigger, found an empty list',
  'no-url': '5:31: retrain.triggers[0].webhook.url: expected an http or https URL, found nothing',
  'no-username': '4:5: scrape_configs[0].basic_auth.username: expected a user name, found nothing',
  'nul-escape':
    '2:11: metrics[0].name: expected a name of 1 to 1024 bytes, found "a\\u0000" (it holds a NUL character)',
  'null-drift': '3:5: metrics[0].drift: expected a mapping with one of below, above, found nothing',
  'null-entry': '4:4: metrics[1]: expected a mapping, found nothing',
  'other-spelling':
    '3:26: metrics[0].drift.keepFiringFor: unknown key "keepFiringFor", did you mean "keep_firing_for"?',
  outcome: '9:16: retrain.triggers[0].outcome: expected reported or none, found "callback"',
  'params-text': '4:21: scrape_configs[0].params.token: expected a list of values, found a text',
  'password-list': '4:31: scrape_configs[0].basic_auth.password: expected a password, found a list',
  'password-twice':
    '4:50: scrape_configs[0].basic_auth.password_file: expected exactly one of password, password_file, found password and password_file',
  'policy-with-triggers':
    '5:28: retrain.policies[0].triggers: unknown key "triggers", did you mean retrain.triggers?',
  'policy-without-models':
    '5:14: retrain.policies[0].models: expected a list of at least one glob, found nothing',
  proto: '4:5: metrics[0].__proto__: expected another key, found "__proto__"',
  quote: '4:1: a quote, a bracket, a comma, a space or the right indentation is missing here or before',
  'relabel-action':
    '4:39: scrape_configs[0].metric_relabel_configs[0].action: expected one of replace, keep, drop, keepequal, dropequal, hashmod, labelmap, labeldrop, labelkeep, lowercase, uppercase, found "rename"',
  'relabel-equal-key':
    '4:68: scrape_configs[0].metric_relabel_configs[0].regex: expected source_labels and target_label only for the action keepequal, found regex',
  'relabel-labeldrop-key':
    '4:31: scrape_configs[0].metric_relabel_configs[0].source_labels: expected regex only for the action labeldrop, found source_labels',
  'relabel-labelmap-replacement':
    '4:64: scrape_configs[0].metric_relabel_configs[0].replacement: expected a label name, where $1, ${1} and ${name} may stand for groups of the regex, found "meta-$1"',
  'relabel-modulus-zero':
    '4:77: scrape_configs[0].metric_relabel_configs[0].modulus: expected an integer from 1 to 9007199254740991, found 0',
  'relabel-no-modulus':
    '4:30: scrape_configs[0].metric_relabel_configs[0].modulus: expected a modulus for the action hashmod, found nothing',
  'relabel-no-target':
    '4:30: scrape_configs[0].metric_relabel_configs[0].target_label: expected a label name for the action replace, found nothing',
  'relabel-regex':
    '4:58: scrape_configs[0].metric_relabel_configs[0].regex: expected a regular expression (RE2), found "(?=x)" (invalid or unsupported Perl syntax)',
  'relabel-rule-text': '4:30: scrape_configs[0].metric_relabel_configs[0]: expected a mapping, found a text',
  'relabel-rules-mapping': '4:5: scrape_configs[0].metric_relabel_configs: expected a list, found a mapping',
  'relabel-separator':
    '4:51: scrape_configs[0].metric_relabel_configs[0].separator: expected a text to join values with, found a list',
  'relabel-source-label':
    '4:47: scrape_configs[0].metric_relabel_configs[0].source_labels[0]: expected a label name of letters, digits and _, found "model-name"',
  'relabel-source-text':
    '4:46: scrape_configs[0].metric_relabel_configs[0].source_labels: expected a list of label names, found a text',
  'relabel-target-empty':
    '4:65: scrape_configs[0].metric_relabel_configs[0].target_label: expected a label name of letters, digits and _, found ""',
  'relabel-target-plain':
    '4:65: scrape_configs[0].metric_relabel_configs[0].target_label: expected a label name of letters, digits and _, found "b$1"',
  'relabel-target-template':
    '4:65: scrape_configs[0].metric_relabel_configs[0].target_label: expected a label name, where $1, ${1} and ${name} may stand for groups of the regex, found "b_${1"',
  'relabel-target':
    '4:65: scrape_configs[0].metric_relabel_configs[0].target_label: expected a label name of letters, digits and _, found "model-name"',
  'relabel-unknown-key':
    '4:31: scrape_configs[0].metric_relabel_configs[0].source_label: unknown key "source_label", did you mean "source_labels"?',
  'relabel-uppercase-replacement':
    '4:81: scrape_configs[0].metric_relabel_configs[0].replacement: expected no replacement for the action uppercase, found "x"',
  'retry-initial':
    '9:26: retrain.triggers[0].webhook.retry.initial: expected at most retry.max, 15m, found "1h"',
  'retry-max': '9:22: retrain.triggers[0].webhook.retry.max: expected at least retry.initial, 5s, found "1s"',
  'sample-limit': '4:19: scrape_configs[0].sample_limit: expected an integer from 1 to 100000000, found 0',
  scalar: '1:1: expected a mapping, found a text',
  'scale-zero': '7:42: metrics[0].from.scale: expected a finite number other than 0, found 0',
  schedule:
    '4:15: scrape_configs[0].schedule: expected a cron expression of 5 or 6 fields, such as "*/10 * * * * *", found "every minute" (expected 5 or 6 fields but got 2)',
  scheme: '4:13: scrape_configs[0].scheme: expected http or https, found "ftp"',
  selector:
    '7:19: metrics[0].from.gauge: expected a PromQL selector such as model_accuracy{stage="prod"}, found "model_accuracy{stage=prod}" (expected a label value in quotes, found "p" at character 22)',
  'signing-secret-base64':
    '9:25: retrain.triggers[0].webhook.signing_secret: expected base64 after whsec_, found something else that is not shown',
  'signing-secret-empty':
    '9:25: retrain.triggers[0].webhook.signing_secret: expected a secret, found an empty text',
  'signing-secret-twice':
    '10:9: retrain.triggers[0].webhook.signing_secret_file: expected at most one of signing_secret, signing_secret_file, found signing_secret and signing_secret_file',
  'skip-verify':
    '4:40: scrape_configs[0].tls_config.insecure_skip_verify: expected true or false, found "yes"',
  tab: '4:1: expected spaces as indentation, found a tab',
  tag: '2:11: the tag is not supported',
  'target-twice':
    '3:57: scrape_configs[0].static_configs[1].targets[0]: expected each target of a job once, found "LOCALHOST:80" again',
  'target-with-scheme':
    '3:33: scrape_configs[0].static_configs[0].targets[0]: expected a target as host:port, found "http://<secret>@localhost:8000" (the scheme is written as `scheme`, the path as `metrics_path`)',
  'threshold-infinite': '3:20: metrics[0].drift.below: expected a finite number, found Infinity',
  'threshold-text': '3:20: metrics[0].drift.below: expected a finite number, found "0.85"',
  'timeout-above-global':
    '1:26: global.scrape_timeout: expected at most the time between two scrapes, 15s, found "20s"',
  'timeout-above-interval':
    '5:21: scrape_configs[0].scrape_timeout: expected at most the time between two scrapes, 10s, found "11s"',
  'timeout-above-schedule':
    '5:21: scrape_configs[0].scrape_timeout: expected at most the time between two scrapes, 10s, found "11s"',
  'timeout-long':
    '5:21: scrape_configs[0].scrape_timeout: expected a duration above 0 and up to 1h, such as 30s or 5m, found "2h"',
  'trigger-with-two-ways':
    '5:31: retrain.triggers[0].log: expected exactly one of webhook, log, found webhook and log',
  'trigger-without-name': '5:14: retrain.triggers[0].name: expected a name of 1 to 1024 bytes, found nothing',
  'trigger-without-way':
    '5:14: retrain.triggers[0]: expected exactly one of webhook, log, found none of them',
  'ttl-zero': '4:10: metrics[0].ttl: expected a duration above 0, such as 30s or 5m, found "0s"',
  'two-documents': '4:1: expected one YAML document, found a second one',
  'two-jobs-of-one-name':
    '3:16: scrape_configs[1].job_name: expected a job_name of its own, found "fraud", which an earlier entry has',
  'two-thresholds':
    '3:26: metrics[0].drift.above: expected exactly one of below, above, found below and above',
  'two-triggers-of-one-name':
    '7:14: retrain.triggers[1].name: expected a name of its own, found "training", which an earlier entry has',
  'two-ways-to-authenticate':
    '5:5: scrape_configs[0].authorization: expected at most one of basic_auth, authorization, found basic_auth and authorization',
  'unknown-key':
    '4:1: fleet: unknown key "fleet", expected one of global, scrape_configs, metrics, retrain, limits',
  'unreachable-metric-glob':
    '5:5: metrics[1]: expected models that no earlier entry of its name takes, found that metrics[0] takes them all: it can never be reached',
  'unreachable-metric-together':
    '6:5: metrics[2]: expected models that no earlier entry of its name takes, found that earlier entries take them all: it can never be reached',
  'unreachable-metric':
    '4:5: metrics[1]: expected models that no earlier entry of its name takes, found that metrics[0] takes them all: it can never be reached',
  'unreachable-policy':
    '7:7: retrain.policies[1]: expected models that no earlier policy takes, found that retrain.policies[0] takes them all: it can never be reached',
  'unreachable-trigger':
    '7:7: retrain.triggers[1]: expected models that no earlier trigger takes, found that retrain.triggers[0] takes them all: it can never be reached',
  'url-host-placeholder':
    '5:46: retrain.triggers[0].webhook.url: expected an http or https URL, found "http://{model}.trainer/" (placeholders may stand in path and query only, so that no name can choose the host)',
  'url-placeholder':
    '5:46: retrain.triggers[0].webhook.url: expected an http or https URL, found "http://trainer/{name}" (the placeholders are {model} and {version})',
  'url-scheme':
    '5:46: retrain.triggers[0].webhook.url: expected an http or https URL, found "ftp://<secret>@trainer/?<secret>"',
  'url-with-user-and-auth':
    '5:46: retrain.triggers[0].webhook.url: expected one way to authenticate, found user info in the URL beside basic_auth or authorization',
  'warm-up-negative':
    '3:26: metrics[0].smoothing.warm_up: expected an integer from 0 to 1000000000, found -1',
  'webhook-header':
    '9:19: retrain.triggers[0].webhook.headers.Webhook-Id: expected a header name, found "Webhook-Id" (Driftgauge sets this header itself)',
  'webhook-timeout':
    '9:18: retrain.triggers[0].webhook.timeout: expected a duration above 0 and up to 1h, such as 30s or 5m, found "2h"',
};
