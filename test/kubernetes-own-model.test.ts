/** What docs/kubernetes.md tells people to write beside their own models: rendered as they would, for two in one namespace. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  faultsOf,
  K8S,
  kustomizeVersion,
  type Manifest,
  ROOT,
  renderByKubectl,
} from './support/manifests.ts';
import { compose } from './support/manifests-compose.ts';
import { brokenConfig, brokenReferences, type Container, podOf } from './support/manifests-references.ts';
import { type Scratch, scratch } from './support/scratch.ts';

const TEXT = readFileSync(join(ROOT, 'docs/kubernetes.md'), 'utf8');
const [KUSTOMIZATION, CONFIG, TLS, SCRAPING] = [...TEXT.matchAll(/^```yaml\n(.*?)^```$/gms)].map(
  ([, block]) => block!,
) as [string, string, string, string];

const RENDERERS = {
  'our composition': compose,
  ...(kustomizeVersion() !== undefined && { kubectl: renderByKubectl }),
};

/** A folder beside a copy of k8s/, and its path as the renderers take it. */
function write(folder: Scratch, name: string, files: Readonly<Record<string, string>>): string {
  cpSync(K8S, folder.file('driftgauge/k8s'), { recursive: true });
  mkdirSync(folder.file(name));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder.file(name), file), text);
  return relative(K8S, folder.file(name));
}

/** With a claim. `patches` of its kustomization are more of what the page says. */
function ownModel(folder: Scratch, model: string, patches: readonly object[] = []): string {
  const kustomization = parse(
    KUSTOMIZATION.replace('# - ../driftgauge', '- ../driftgauge').replace('fraud', model),
  ) as object;
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'model', labels: { driftgauge: 'sidecar' } },
    spec: {
      selector: { matchLabels: { app: model } },
      template: {
        metadata: { labels: { app: model } },
        spec: {
          containers: [{ name: 'model', image: 'model:1', ports: [{ name: 'http', containerPort: 8000 }] }],
        },
      },
    },
  };
  return write(folder, model, {
    'kustomization.yaml': JSON.stringify({ ...kustomization, patches }),
    'deployment.yaml': JSON.stringify(deployment),
    'driftgauge.yaml': CONFIG,
    webhook: 'whsec_x',
    'tls.yaml': TLS,
  });
}

function sidecarOf(objects: readonly Manifest[]): Container {
  return podOf(objects.find(({ kind }) => kind === 'Deployment')!).initContainers[0]!;
}

describe.each(Object.entries(RENDERERS))('rendered by %s', (_, render) => {
  it('two models in one namespace share no object, and what one names is its own', () => {
    using folder = scratch();
    const fraud = render(ownModel(folder, 'fraud'));
    const churn = render(ownModel(folder, 'churn'));
    expect(fraud.flatMap((object) => faultsOf(object))).toEqual([]);
    expect([...brokenReferences(fraud), ...brokenConfig(fraud)]).toEqual([]);
    expect(fraud.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()).toEqual([
      'ConfigMap fraud-driftgauge-config',
      'Deployment fraud-model',
      'PersistentVolumeClaim fraud-driftgauge-storage',
      'Secret fraud-driftgauge-secrets',
      'Service fraud-driftgauge',
    ]);
    expect(churn).toEqual(JSON.parse(JSON.stringify(fraud).replaceAll('fraud', 'churn')));

    const service = fraud.find(({ kind }) => kind === 'Service')!;
    expect(brokenReferences([service, ...churn])).toContain('Service fraud-driftgauge selects no pod');
  });

  it('the patches for TLS fit', () => {
    using folder = scratch();
    const plain = compose(ownModel(folder, 'plain'));
    const model = render(
      ownModel(folder, 'fraud', [
        { path: 'tls.yaml', target: { kind: 'Deployment', labelSelector: 'driftgauge=sidecar' } },
      ]),
    );
    const monitoring = render(
      write(folder, 'monitoring', {
        'kustomization.yaml': JSON.stringify({
          apiVersion: 'kustomize.config.k8s.io/v1beta1',
          kind: 'Kustomization',
          resources: ['../driftgauge/k8s/overlays/monitoring'],
          patches: [{ path: 'scraping.yaml', target: { kind: 'PodMonitor' } }],
        }),
        'scraping.yaml': SCRAPING,
      }),
    );
    const objects: readonly Manifest[] = [...model, ...monitoring];
    expect(objects.flatMap((object) => faultsOf(object))).toEqual([]);
    expect(brokenReferences(objects)).toEqual([]);
    expect(sidecarOf(model)).toMatchObject({
      args: sidecarOf(plain).args!.flatMap((arg) =>
        arg.startsWith('--web.external-url=')
          ? ['--web.config.file=/etc/driftgauge-secrets/web.yaml', arg.replace('http:', 'https:')]
          : [arg],
      ),
      startupProbe: { httpGet: { path: '/-/ready', port: 'driftgauge', scheme: 'HTTPS' } },
      livenessProbe: { httpGet: { path: '/-/healthy', port: 'driftgauge', scheme: 'HTTPS' } },
    });
    expect(monitoring.find(({ kind }) => kind === 'PodMonitor')!['spec']).toMatchObject({
      podMetricsEndpoints: [{ port: 'driftgauge', honorLabels: true, scheme: 'https' }],
    });
  });
});

it('what there is once in a namespace is for both', () => {
  using folder = scratch();
  const models = ['fraud', 'churn'].flatMap((model) => compose(ownModel(folder, model)));
  const shared = ['monitoring', 'network-policy'].flatMap((overlay) => compose(`overlays/${overlay}`));
  const trainer = compose('overlays/sidecar').filter(({ metadata }) => metadata.name.startsWith('trainer'));
  expect(brokenReferences([...models, ...shared, ...trainer])).toEqual([]);
  for (const object of shared.filter(({ kind }) => kind !== 'PrometheusRule')) {
    const { selector, podSelector = selector } = object['spec'] as Record<string, unknown>;
    expect(podSelector).toEqual({ matchLabels: { driftgauge: 'sidecar' } });
  }
});
