/**
 * Writes k8s/overlays/monitoring/prometheus-rule.yaml: the rules of prometheus/driftgauge.rules.yaml as the object that
 * the Prometheus operator reads. Run it after each change of the rules.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Document, parseDocument, type YAMLMap } from 'yaml';

export const RULES_FILE = fileURLToPath(new URL('../prometheus/driftgauge.rules.yaml', import.meta.url));
export const PROMETHEUS_RULE_FILE = fileURLToPath(
  new URL('../k8s/overlays/monitoring/prometheus-rule.yaml', import.meta.url),
);

export function prometheusRule(rules: string): string {
  const source = parseDocument(rules);
  if (source.errors.length > 0) throw source.errors[0];
  const object = new Document({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'driftgauge', labels: { 'app.kubernetes.io/name': 'driftgauge' } },
    spec: { groups: [] },
  });
  object.commentBefore = ' Made from prometheus/driftgauge.rules.yaml by `npm run k8s`; change it there.';
  // The node itself, so that comments come along.
  (object.get('spec') as YAMLMap).set('groups', source.get('groups', true));
  return object.toString({ lineWidth: 120 });
}

if (import.meta.main) {
  writeFileSync(PROMETHEUS_RULE_FILE, prometheusRule(readFileSync(RULES_FILE, 'utf8')));
}
