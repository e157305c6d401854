/** The files below k8s/ as objects, and what is wrong with an object by the schema of its kind, unknown keys included. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PodMonitor, PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import { Deployment } from 'kubernetes-models/apps/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { ConfigMap, PersistentVolumeClaim, Secret, Service } from 'kubernetes-models/v1';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { unknownKeys } from './schema-keys.ts';

export const ROOT = join(import.meta.dirname, '../..');
export const K8S = join(ROOT, 'k8s');
export const OVERLAYS = readdirSync(join(K8S, 'overlays')).sort();

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Labels };
  // Each kind's own; who reads it says what he expects.
  readonly [key: string]: unknown;
}
export type Labels = Readonly<Record<string, string>>;

type ModelClass = new (data: never) => { validate(): void };
const MODELS: Readonly<Record<string, ModelClass>> = {
  'v1/ConfigMap': ConfigMap,
  'v1/PersistentVolumeClaim': PersistentVolumeClaim,
  'v1/Secret': Secret,
  'v1/Service': Service,
  'apps/v1/Deployment': Deployment,
  'networking.k8s.io/v1/NetworkPolicy': NetworkPolicy,
  'monitoring.coreos.com/v1/PodMonitor': PodMonitor,
  'monitoring.coreos.com/v1/PrometheusRule': PrometheusRule,
};

const generated = z.strictObject({
  name: z.string(),
  files: z.array(z.string()),
  options: z.strictObject({ disableNameSuffixHash: z.boolean() }).optional(),
});
const settings = {
  resources: z.array(z.string()).optional(),
  components: z.array(z.string()).optional(),
  namePrefix: z.string().optional(),
  configMapGenerator: z.array(generated).optional(),
  secretGenerator: z.array(generated).optional(),
  images: z.array(z.strictObject({ name: z.string(), newName: z.string(), newTag: z.string() })).optional(),
  labels: z.array(z.strictObject({ pairs: z.record(z.string(), z.string()) })).optional(),
  patches: z
    .array(
      z.strictObject({
        path: z.string(),
        target: z.strictObject({ kind: z.string(), labelSelector: z.string().optional() }),
      }),
    )
    .optional(),
  /** What kustomize is told of names that stand in other fields than its own. */
  configurations: z.array(z.string()).optional(),
};
/** The part of kustomize that we use, in today's form. */
export const kustomizationSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    apiVersion: z.literal('kustomize.config.k8s.io/v1beta1'),
    kind: z.literal('Kustomization'),
    ...settings,
  }),
  z.strictObject({
    apiVersion: z.literal('kustomize.config.k8s.io/v1alpha1'),
    kind: z.literal('Component'),
    ...settings,
  }),
]);
export type Kustomization = z.infer<typeof kustomizationSchema>;

/** What is wrong, in words; `partial` is for patches, from which required keys may be missing. */
export function faultsOf(object: Manifest, { partial = false } = {}): string[] {
  if (object.apiVersion.startsWith('kustomize.config.k8s.io/')) {
    const parsed = kustomizationSchema.safeParse(object);
    return parsed.success
      ? []
      : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  }
  const Model = MODELS[`${object.apiVersion}/${object.kind}`];
  if (!Model) return [`${object.apiVersion}/${object.kind}: no schema is known`];
  const model = new Model(object as never);
  return [
    ...schemaErrors(model)
      .filter(({ keyword }) => !(partial && keyword === 'required'))
      .map(({ instancePath, message }) => `${instancePath}: ${message}`),
    ...unknownKeys(model).map((path) => `${path}: unknown key`),
  ];
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
}

function schemaErrors(model: { validate(): void }): readonly SchemaError[] {
  try {
    model.validate();
    return [];
  } catch (error) {
    const { errors } = error as { readonly errors?: readonly SchemaError[] };
    if (!errors) throw error;
    return errors;
  }
}

export function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS() as Manifest;
  });
}

/** Of a file, by its path below k8s/. */
export function readManifests(file: string): Manifest[] {
  return parseManifests(readFileSync(join(K8S, file), 'utf8'));
}

export function yamlFiles(): string[] {
  return readdirSync(K8S, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml') && isManifest(file))
    .sort();
}

/** The configs of the sidecar and of kustomize lie among the manifests, and are none. */
function isManifest(file: string): boolean {
  return !/(^|\/)(driftgauge|names)\.yaml$/.test(file);
}

export function readKustomization(folder: string): Kustomization {
  return kustomizationSchema.parse(readManifests(join(folder, 'kustomization.yaml'))[0]);
}

/** Files of kustomizations that are patches of something. */
export function patchFiles(): Set<string> {
  const folders = yamlFiles().filter((file) => file.endsWith('kustomization.yaml'));
  return new Set(
    folders.flatMap((file) =>
      (readKustomization(dirname(file)).patches ?? []).map(({ path }) => join(dirname(file), path)),
    ),
  );
}

/** The version of kubectl's kustomize where it reads today's files; Debian's own is older. */
export function kustomizeVersion(): string | undefined {
  const { status, stdout } = spawnSync('kubectl', ['version', '--client', '--output=json'], {
    encoding: 'utf8',
  });
  if (status !== 0) return undefined;
  const { kustomizeVersion: version } = JSON.parse(stdout) as { readonly kustomizeVersion?: string };
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  return Number(major) > 4 || (Number(major) === 4 && Number(minor) >= 5) ? version : undefined;
}

/** `folder` is relative to k8s/. */
export function renderByKubectl(folder: string): Manifest[] {
  const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', join(K8S, folder)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`kubectl kustomize ${folder}: ${stderr}`);
  return parseManifests(stdout);
}

export function exists(path: string): boolean {
  return existsSync(join(ROOT, path));
}
