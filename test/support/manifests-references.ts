/** What objects say of each other by name, label or port must be there. Each fault is a sentence that names both ends. */
import { loadConfig } from '../../src/index.ts';
import type { Labels, Manifest } from './manifests.ts';

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly restartPolicy?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly valueFrom?: { readonly fieldRef?: { readonly fieldPath: string } };
  }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts?: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly subPath?: string;
  }[];
  readonly securityContext: { readonly runAsUser: number; readonly runAsGroup: number };
  readonly [probe: `${string}Probe`]: { readonly httpGet: { readonly port: string } } | undefined;
}
export interface Volume {
  readonly name: string;
  readonly configMap?: { readonly name: string };
  readonly secret?: { readonly secretName: string; readonly optional?: boolean };
  readonly persistentVolumeClaim?: { readonly claimName: string };
}
export interface Pod {
  readonly labels: Labels;
  readonly containers: readonly Container[];
  readonly initContainers: readonly Container[];
  readonly volumes: readonly Volume[];
}

/** The pods that a Deployment makes. */
export function podOf(deployment: Manifest): Pod {
  const { template } = deployment['spec'] as {
    template: { metadata: { labels: Labels }; spec: Partial<Pod> & Pick<Pod, 'containers'> };
  };
  const { containers, initContainers = [], volumes = [] } = template.spec;
  return { labels: template.metadata.labels, containers, initContainers, volumes };
}

interface Selector {
  readonly matchLabels?: Labels;
}
interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
}
interface PolicyRule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly port: number }[];
}

/** Objects that are applied together. */
export function brokenReferences(objects: readonly Manifest[]): string[] {
  const pods = objects.filter(({ kind }) => kind === 'Deployment').map(podOf);
  return objects.flatMap((object) => {
    switch (object.kind) {
      case 'Deployment':
        return [...deploymentFaults(object), ...volumeFaults(podOf(object), objects)];
      case 'Service':
        return [...serviceFaults(object, pods)];
      case 'PodMonitor':
        return [...monitorFaults(object, pods)];
      case 'NetworkPolicy':
        return [...policyFaults(object, pods)];
      default:
        return [];
    }
  });
}

function* deploymentFaults(deployment: Manifest): Generator<string> {
  const { name } = deployment.metadata;
  const { selector } = deployment['spec'] as { selector: { matchLabels: Labels } };
  const pod = podOf(deployment);
  if (!fits(selector.matchLabels, pod.labels)) yield `Deployment ${name} does not select its own pods`;
  for (const container of [...pod.initContainers, ...pod.containers]) {
    const where = `container ${container.name} of ${name}`;
    for (const mount of container.volumeMounts ?? [])
      if (!pod.volumes.some((volume) => volume.name === mount.name))
        yield `${where}: no volume ${mount.name}`;
    for (const key of ['startupProbe', 'livenessProbe', 'readinessProbe'] as const) {
      const port = container[key]?.httpGet.port;
      if (port !== undefined && !portNames([container]).includes(port))
        yield `${where}: ${key} asks port ${port}, which it does not have`;
    }
    for (const [, variable] of (container.args ?? []).join('\n').matchAll(/\$\((\w+)\)/g))
      if (!variables(container).includes(variable!)) yield `${where}: nothing sets $(${variable})`;
    for (const { valueFrom } of container.env ?? []) {
      const [, label] = /^metadata\.labels\['(.*)'\]$/.exec(valueFrom?.fieldRef?.fieldPath ?? '') ?? [];
      if (label !== undefined && !(label in pod.labels)) yield `${where}: the pod has no label ${label}`;
    }
  }
}

function* volumeFaults({ volumes }: Pod, objects: readonly Manifest[]): Generator<string> {
  for (const { name: volume, configMap, secret, persistentVolumeClaim: claim } of volumes) {
    const needed: [kind: string, name: string | undefined][] = [
      ['ConfigMap', configMap?.name],
      ['Secret', secret?.optional === true ? undefined : secret?.secretName],
      ['PersistentVolumeClaim', claim?.claimName],
    ];
    for (const [kind, name] of needed)
      if (
        name !== undefined &&
        !objects.some((object) => object.kind === kind && object.metadata.name === name)
      )
        yield `volume ${volume}: no ${kind} ${name}`;
  }
}

function* serviceFaults(service: Manifest, pods: readonly Pod[]): Generator<string> {
  const { selector, ports } = service['spec'] as {
    selector: Labels;
    ports: { targetPort: string | number }[];
  };
  const where = `Service ${service.metadata.name}`;
  const behind = pods.filter(({ labels }) => fits(selector, labels));
  if (behind.length === 0) yield `${where} selects no pod`;
  // Of the containers proper: not every cluster finds the named port of a sidecar for a Service.
  const has = (pod: Pod, port: string | number) =>
    typeof port === 'number' ? portNumbers(pod).includes(port) : portNames(pod.containers).includes(port);
  for (const { targetPort } of ports)
    if (!behind.every((pod) => has(pod, targetPort))) yield `${where}: no port ${targetPort}`;
}

function* monitorFaults(monitor: Manifest, pods: readonly Pod[]): Generator<string> {
  const { selector, podMetricsEndpoints } = monitor['spec'] as {
    selector: Selector;
    podMetricsEndpoints: { port: string }[];
  };
  const where = `PodMonitor ${monitor.metadata.name}`;
  const behind = selected(selector, pods);
  if (behind.length === 0) yield `${where} selects no pod`;
  for (const { port } of podMetricsEndpoints)
    if (!behind.every((pod) => portNames(allContainers(pod)).includes(port)))
      yield `${where}: no port ${port}`;
}

function* policyFaults(policy: Manifest, pods: readonly Pod[]): Generator<string> {
  const { podSelector, ingress, egress } = policy['spec'] as {
    podSelector: Selector;
    ingress: PolicyRule[];
    egress: PolicyRule[];
  };
  const where = `NetworkPolicy ${policy.metadata.name}`;
  const guarded = selected(podSelector, pods);
  if (guarded.length === 0) yield `${where} selects no pod`;
  for (const { ports = [] } of ingress)
    for (const { port } of ports)
      if (!guarded.some((pod) => portNumbers(pod).includes(port)))
        yield `${where}: nothing listens on ${port}`;
  for (const { from, to, ports = [] } of [...ingress, ...egress])
    for (const peer of from ?? to ?? []) {
      // Pods of other namespaces are not ours to know.
      if (peer.namespaceSelector) continue;
      const behind = selected(peer.podSelector ?? {}, pods);
      if (behind.length === 0) yield `${where}: a peer selects no pod`;
      for (const { port } of to ? ports : [])
        if (!behind.some((pod) => portNumbers(pod).includes(port))) yield `${where}: no peer on ${port}`;
    }
}

/** The config in the ConfigMap that the sidecar mounts, as the sidecar would read it, and the Services that it names. */
export function brokenConfig(objects: readonly Manifest[]): string[] {
  const pods = objects.filter(({ kind }) => kind === 'Deployment').map(podOf);
  return pods.flatMap((pod) => {
    const sidecar = pod.initContainers.find(({ name }) => name === 'driftgauge');
    if (!sidecar) return [];
    const volume = pod.volumes.find(({ name }) => name === 'driftgauge-config');
    const map = objects.find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === volume?.configMap?.name,
    );
    const text = (map?.['data'] as Record<string, string> | undefined)?.['driftgauge.yaml'];
    if (text === undefined) return ['there is no driftgauge.yaml in the ConfigMap'];
    const env = Object.fromEntries(variables(sidecar).map((name) => [name, name.toLowerCase()]));
    const loaded = loadConfig({ text, file: 'driftgauge.yaml', env });
    if (!loaded.ok) return loaded.problems.map(({ path, message }) => `${path}: ${message}`);
    const services = objects.filter(({ kind }) => kind === 'Service');
    return [...text.matchAll(/^ *url: http:\/\/([\w-]+):(\d+)/gm)]
      .filter(([, host, port]) => {
        const service = services.find(({ metadata }) => metadata.name === host);
        const ports = (service?.['spec'] as { ports: { port: number }[] } | undefined)?.ports ?? [];
        return !ports.some((one) => one.port === Number(port));
      })
      .map(([, host, port]) => `the config asks ${host}:${port}, and there is no such Service`);
  });
}

function fits(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([name, value]) => labels[name] === value);
}

function selected({ matchLabels = {} }: Selector, pods: readonly Pod[]): readonly Pod[] {
  return pods.filter(({ labels }) => fits(matchLabels, labels));
}

const allContainers = ({ containers, initContainers }: Pod) => [...initContainers, ...containers];
const portNames = (containers: readonly Container[]) =>
  containers.flatMap(({ ports = [] }) => ports.map(({ name }) => name));
const portNumbers = (pod: Pod) =>
  allContainers(pod).flatMap(({ ports = [] }) => ports.map(({ containerPort }) => containerPort));
const variables = ({ env = [] }: Container) => env.map(({ name }) => name);
