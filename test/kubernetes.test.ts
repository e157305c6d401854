/**
 * The manifests below k8s/: each file and each object by its schema, unknown keys included; what they say of each other;
 * and the YAML in docs/kubernetes.md. They are rendered by kubectl where there is one that can, and always by our own
 * composition, which must be equal to it.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../src/index.ts';
import { PROMETHEUS_RULE_FILE, prometheusRule, RULES_FILE } from '../tools/build-prometheus-rule.ts';
import {
  exists,
  faultsOf,
  kustomizeVersion,
  type Manifest,
  OVERLAYS,
  parseManifests,
  patchFiles,
  ROOT,
  readKustomization,
  readManifests,
  renderByKubectl,
  yamlFiles,
} from './support/manifests.ts';
import { compose } from './support/manifests-compose.ts';
import { brokenConfig, brokenReferences, podOf } from './support/manifests-references.ts';

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const patches = patchFiles();

/** What stands in an overlay is meant to be applied beside the example. */
const EVERYTHING = ['persistent', 'monitoring', 'network-policy'];
const everything = () => EVERYTHING.flatMap((overlay) => compose(`overlays/${overlay}`));

it.each(yamlFiles())('%s is what its schema says, and nothing else', (file) => {
  const objects = readManifests(file);
  expect(objects.length).toBeGreaterThan(0);
  expect(objects.flatMap((object) => faultsOf(object, { partial: patches.has(file) }))).toEqual([]);
});

it.each(yamlFiles().filter((file) => file.endsWith('kustomization.yaml')))(
  '%s names only what is there',
  (file) => {
    const folder = dirname(file);
    const {
      resources = [],
      components = [],
      configMapGenerator = [],
      patches: own = [],
      configurations = [],
    } = readKustomization(folder);
    const files = configMapGenerator.flatMap((generated) => generated.files);
    const named = [...resources, ...components, ...files, ...own.map(({ path }) => path), ...configurations];
    expect(named.filter((path) => !exists(join('k8s', folder, path)))).toEqual([]);
  },
);

describe('a key that no schema knows is found', () => {
  const objects = everything();
  it.each<[where: string, kind: string, path: (string | number)[]]>([
    ['at the top', 'Deployment', ['replica']],
    ['in the metadata', 'Service', ['metadata', 'label']],
    ['in a spec', 'Deployment', ['spec', 'minReadySecond']],
    ['in a container', 'Deployment', ['spec', 'template', 'spec', 'containers', 0, 'imge']],
    [
      'in a port of a sidecar',
      'Deployment',
      ['spec', 'template', 'spec', 'initContainers', 0, 'ports', 0, 'portt'],
    ],
    [
      'in a probe',
      'Deployment',
      ['spec', 'template', 'spec', 'initContainers', 0, 'livenessProbe', 'httpGet', 'pth'],
    ],
    [
      'in a security context',
      'Deployment',
      ['spec', 'template', 'spec', 'initContainers', 0, 'securityContext', 'capabilities', 'dropp'],
    ],
    [
      'in the downward API',
      'Deployment',
      ['spec', 'template', 'spec', 'initContainers', 0, 'env', 0, 'valueFrom', 'fieldRef', 'fieldpath'],
    ],
    ['in a volume', 'Deployment', ['spec', 'template', 'spec', 'volumes', 0, 'configmap']],
    ['in the port of a Service', 'Service', ['spec', 'ports', 0, 'portt']],
    ['in a ConfigMap', 'ConfigMap', ['dta']],
    ['in a claim', 'PersistentVolumeClaim', ['spec', 'resources', 'request']],
    ['in an endpoint of a PodMonitor', 'PodMonitor', ['spec', 'podMetricsEndpoints', 0, 'honourLabels']],
    ['in a rule', 'PrometheusRule', ['spec', 'groups', 0, 'rules', 0, 'annotation']],
    ['in a peer of a NetworkPolicy', 'NetworkPolicy', ['spec', 'ingress', 1, 'from', 0, 'podselector']],
  ])('%s', (_, kind, path) => {
    const object = structuredClone(objects.find((one) => one.kind === kind)!);
    let place = object as unknown as Record<string | number, unknown>;
    for (const step of path.slice(0, -1)) place = place[step] as typeof place;
    place[path.at(-1)!] = {};
    const written = path.reduce((text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : `${text}.${step}`,
    );
    expect(faultsOf(object)).toEqual([`${written}: unknown key`]);
  });

  it('in a kustomization', () => {
    const [object] = readManifests('overlays/sidecar/kustomization.yaml');
    expect(faultsOf({ ...object!, resource: [] })).toEqual([': Unrecognized key: "resource"']);
  });
});

describe('a fault in what is known is found', () => {
  it.each<[fault: string, kind: string, change: (spec: Record<string, never>) => void, message: RegExp]>([
    ['a missing selector', 'Deployment', (spec) => delete spec['selector'], /selector/],
    ['a word for a number', 'Deployment', (spec) => Object.assign(spec, { replicas: 'one' }), /replicas/],
    [
      'a duration that is none',
      'PodMonitor',
      (spec) => Object.assign(spec['podMetricsEndpoints']![0]!, { interval: '15 s' }),
      /interval/,
    ],
  ])('%s', (_, kind, change, message) => {
    const object = structuredClone(everything().find((one) => one.kind === kind)!);
    change(object['spec'] as Record<string, never>);
    expect(faultsOf(object).join('\n')).toMatch(message);
  });

  it('a kind without a schema', () => {
    expect(faultsOf({ apiVersion: 'v1', kind: 'Pdo', metadata: { name: 'x' } })).toHaveLength(1);
  });
});

describe('what belongs together', () => {
  it.each(['sidecar', 'persistent'])('%s holds by itself', (overlay) => {
    const objects = compose(`overlays/${overlay}`);
    expect([...brokenReferences(objects), ...brokenConfig(objects)]).toEqual([]);
  });

  it('all overlays hold beside the example', () => {
    expect(brokenReferences(everything())).toEqual([]);
  });

  it.each<[fault: string, text: RegExp, by: string, found: string]>([
    [
      'a ConfigMap',
      /"configMap":\{"name":"driftgauge-config"/,
      '"configMap":{"name":"other"',
      'volume driftgauge-config: no ConfigMap other',
    ],
    [
      'a claim',
      /"claimName":"driftgauge-storage"/,
      '"claimName":"other"',
      'volume driftgauge-storage: no PersistentVolumeClaim other',
    ],
    [
      'a volume',
      /"name":"driftgauge-storage","mountPath"/,
      '"name":"other","mountPath"',
      'container driftgauge of model: no volume other',
    ],
    [
      "a probe's port",
      /"path":"\/-\/ready","port":"driftgauge"/,
      '"path":"/-/ready","port":"other"',
      'container driftgauge of model: startupProbe asks port other, which it does not have',
    ],
    [
      'a variable',
      /"name":"POD_SERVICE"/,
      '"name":"OTHER"',
      'container driftgauge of model: nothing sets $(POD_SERVICE)',
    ],
    [
      'the label with the name of the Service',
      /,"driftgauge-service":"driftgauge"\}\},"spec"/,
      '}},"spec"',
      'container driftgauge of model: the pod has no label driftgauge-service',
    ],
    [
      'the pods of the Service',
      /"selector":\{"driftgauge-service":"driftgauge"\}/,
      '"selector":{"driftgauge-service":"other"}',
      'Service driftgauge selects no pod',
    ],
    ["the sidecar's port", /"targetPort":9822/, '"targetPort":9823', 'Service driftgauge: no port 9823'],
    ["a Service's port", /"targetPort":"http"/, '"targetPort":"other"', 'Service model: no port other'],
    [
      'the pods of a PodMonitor',
      /"selector":\{"matchLabels":\{"driftgauge":"sidecar"\}\}/,
      '"selector":{"matchLabels":{"driftgauge":"other"}}',
      'PodMonitor driftgauge selects no pod',
    ],
    [
      'the pods of a NetworkPolicy',
      /"podSelector":\{"matchLabels":\{"driftgauge":"sidecar"\}\}/,
      '"podSelector":{"matchLabels":{"driftgauge":"other"}}',
      'NetworkPolicy driftgauge selects no pod',
    ],
    [
      'a port of a NetworkPolicy',
      /"ports":\[\{"port":9822\}\]/,
      '"ports":[{"port":9823}]',
      'NetworkPolicy driftgauge: nothing listens on 9823',
    ],
  ])('%s that is missing is found', (_, text, by, found) => {
    const whole = JSON.stringify(everything());
    expect(whole).toMatch(text);
    expect(brokenReferences(JSON.parse(whole.replace(text, by)) as Manifest[])).toContain(found);
  });

  it('a config that does not load is found, and a trainer without a Service', () => {
    const objects = JSON.stringify(compose('overlays/sidecar'));
    const broken = (from: string, to: string) =>
      brokenConfig(JSON.parse(objects.replace(from, to)) as Manifest[]);
    expect(broken('below: 0.85', 'belwo: 0.85')).not.toEqual([]);
    expect(broken('"name":"POD_NAMESPACE"', '"name":"OTHER"')).not.toEqual([]);
    expect(broken('http://trainer:8080', 'http://other:8080')).toEqual([
      'the config asks other:8080, and there is no such Service',
    ]);
  });
});

describe('the sidecar', () => {
  const sidecarOf = (overlay: string) => {
    const model = compose(overlay).find(
      ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'model',
    )!;
    return podOf(model).initContainers[0]!;
  };
  const sidecar = sidecarOf('overlays/sidecar');

  it('is a native sidecar of this version', () => {
    expect(sidecar).toMatchObject({
      name: 'driftgauge',
      restartPolicy: 'Always',
      image: `driftgauge:${version}`,
    });
  });

  it('may do nothing but write to its storage', () => {
    expect(sidecar.securityContext).toEqual({
      runAsNonRoot: true,
      runAsUser: 10001,
      runAsGroup: 10001,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    });
    const writable = sidecar.volumeMounts!.filter((mount) => !('readOnly' in mount));
    expect(writable).toEqual([{ name: 'driftgauge-storage', mountPath: '/var/lib/driftgauge' }]);
  });

  it('sees a changed ConfigMap, whose name stays', () => {
    expect(sidecar.volumeMounts!.filter(({ subPath }) => subPath !== undefined)).toEqual([]);
    const { configMapGenerator } = readKustomization('overlays/sidecar');
    expect(configMapGenerator!.find(({ name }) => name === 'driftgauge-config')!.options).toEqual({
      disableNameSuffixHash: true,
    });
  });

  it('with a claim has an address that outlives the pod, and else the same arguments', () => {
    const { args } = sidecarOf('overlays/persistent');
    expect(args).toEqual(
      sidecar.args!.map((arg) => arg.replace('$(POD_IP)', '$(POD_SERVICE).$(POD_NAMESPACE).svc')),
    );
    expect(args).not.toEqual(sidecar.args);
  });

  it('never makes the pod unready', () => {
    expect(sidecar).toHaveProperty('startupProbe');
    expect(sidecar).toHaveProperty('livenessProbe');
    expect(sidecar).not.toHaveProperty('readinessProbe');
  });
});

it('the PrometheusRule holds the rules of prometheus/driftgauge.rules.yaml, and is built', () => {
  const built = readFileSync(PROMETHEUS_RULE_FILE, 'utf8');
  const rules = readFileSync(RULES_FILE, 'utf8');
  expect((parse(built) as { spec: { groups: unknown } }).spec.groups).toEqual(
    (parse(rules) as { groups: unknown }).groups,
  );
  expect(built, 'run npm run k8s').toBe(prometheusRule(rules));
});

const kustomize = kustomizeVersion();
const title = kustomize
  ? `rendered by kubectl's kustomize ${kustomize}`
  : 'rendered by our own composition only: here is no kubectl with kustomize 4.5 or newer';
describe(title, () => {
  const render = kustomize ? renderByKubectl : compose;

  it.each(OVERLAYS)('%s: every object is what its schema says', (overlay) => {
    const objects = render(`overlays/${overlay}`);
    expect(objects.length).toBeGreaterThan(0);
    expect(objects.flatMap((object) => faultsOf(object))).toEqual([]);
  });

  // Without kubectl there is nothing to compare with.
  if (kustomize) {
    it.each(OVERLAYS)('%s: is what our composition makes', (overlay) => {
      const sorted = (objects: readonly Manifest[]) =>
        objects
          .map((object) =>
            JSON.parse(
              JSON.stringify(object).replaceAll(/"((?:model-server|trainer))-[a-z0-9]{10}"/g, '"$1"'),
            ),
          )
          .map((object: Manifest) => [`${object.kind} ${object.metadata.name}`, byName(object)] as const)
          .sort(([one], [other]) => one.localeCompare(other));
      expect(sorted(render(`overlays/${overlay}`))).toEqual(sorted(compose(`overlays/${overlay}`)));
    });
  }
});

/** Lists of named things in the order of their names: where a patch's go is the renderer's choice. */
function byName(value: unknown): unknown {
  if (Array.isArray(value)) {
    const name = (item: unknown) => String((item as { name?: unknown } | null)?.name ?? '');
    return value.map(byName).sort((one, other) => name(one).localeCompare(name(other)));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, byName(child)]));
}

describe('docs/kubernetes.md', () => {
  const text = readFileSync(join(ROOT, 'docs/kubernetes.md'), 'utf8');
  const blocks = [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block]) => block!);
  const env = { POD_NAME: 'model-0', POD_NAMESPACE: 'default' };

  it.each(blocks)('%s', (block) => {
    const objects = parseManifests(block);
    for (const object of objects) {
      if (object.kind) expect(faultsOf(object, { partial: true })).toEqual([]);
      else expect(loadConfig({ text: block, file: 'docs/kubernetes.md', env })).toMatchObject({ ok: true });
    }
    expect(objects.length).toBeGreaterThan(0);
  });

  it('names only folders and Deployments that are there', () => {
    const paths = [...text.matchAll(/\bk8s\/[\w./-]*\w/g)].map(([path]) => path);
    expect(paths.length).toBeGreaterThan(3);
    expect(paths.filter((path) => !exists(path))).toEqual([]);
    const names = [...text.matchAll(/\bdeploy(?:ment)?\/([\w-]+)/g)].map(([, name]) => name!);
    const known = compose('overlays/sidecar').filter(({ kind }) => kind === 'Deployment');
    expect(names.filter((name) => !known.some(({ metadata }) => metadata.name === name))).toEqual([]);
  });
});
