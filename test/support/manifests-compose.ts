/**
 * Puts a kustomization together as kustomize does, as far as ours go: for machines without a kubectl that can. Generated
 * names get no suffix here. Where there is such a kubectl, the test compares the two.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { K8S, type Manifest, readKustomization, readManifests } from './manifests.ts';

/** `folder` is relative to k8s/. */
export function compose(folder: string, below: readonly Manifest[] = []): Manifest[] {
  const {
    resources = [],
    components = [],
    configMapGenerator = [],
    secretGenerator = [],
    patches = [],
    images = [],
    namePrefix = '',
  } = readKustomization(folder);
  let objects: Manifest[] = [
    ...below,
    ...resources.flatMap((path) =>
      path.endsWith('.yaml') ? readManifests(join(folder, path)) : compose(join(folder, path)),
    ),
    ...configMapGenerator.map(({ name, files }) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name },
      data: contents(folder, files, 'utf8'),
    })),
    ...secretGenerator.map(({ name, files }) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'Opaque',
      metadata: { name },
      data: contents(folder, files, 'base64'),
    })),
  ];
  for (const component of components) objects = compose(join(folder, component), objects);
  for (const { path, target } of patches) {
    const [{ metadata: _, ...patch }] = readManifests(join(folder, path)) as [Manifest];
    const [label, value] = target.labelSelector?.split('=') ?? [];
    objects = objects.map((object) =>
      object.kind === target.kind && (label === undefined || object.metadata.labels?.[label] === value)
        ? (merge(object, patch) as Manifest)
        : object,
    );
  }
  const renamed = images.map(({ name, newName, newTag }) => ({
    from: new RegExp(`^${name}:.*$`),
    to: `${newName}:${newTag}`,
  }));
  return prefixed(objects, namePrefix).map((object) =>
    JSON.parse(JSON.stringify(object), (key, value) =>
      key === 'image'
        ? renamed.reduce((image: string, { from, to }) => image.replace(from, to), value)
        : value,
    ),
  );
}

function contents(folder: string, files: readonly string[], encoding: 'utf8' | 'base64') {
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(K8S, folder, file), encoding)]));
}

interface NameReference {
  /** Whose name it is. */
  readonly kind: string;
  readonly fieldSpecs: readonly { readonly kind: string; readonly path: string }[];
}

/** Fields that hold the name of another object: those that kustomize knows and we use, and those that we tell it. */
const NAME_REFERENCES: readonly NameReference[] = [
  ...[
    { kind: 'ConfigMap', path: 'spec/template/spec/volumes/configMap/name' },
    { kind: 'Secret', path: 'spec/template/spec/volumes/secret/secretName' },
    { kind: 'PersistentVolumeClaim', path: 'spec/template/spec/volumes/persistentVolumeClaim/claimName' },
  ].map(({ kind, path }) => ({ kind, fieldSpecs: [{ kind: 'Deployment', path }] })),
  ...(parse(readFileSync(join(K8S, 'persistent/names.yaml'), 'utf8')) as { nameReference: NameReference[] })
    .nameReference,
];

/** Every name gets the prefix, and so does every field that holds the name of an object that is there. */
function prefixed(objects: readonly Manifest[], prefix: string): readonly Manifest[] {
  if (prefix === '') return objects;
  const renamed = structuredClone(objects);
  for (const { kind: named, fieldSpecs } of NAME_REFERENCES) {
    const names = objects.filter(({ kind }) => kind === named).map(({ metadata }) => metadata.name);
    for (const { kind, path } of fieldSpecs)
      for (const object of renamed.filter((one) => one.kind === kind))
        change(object, path.split('/'), (name) => (names.includes(name) ? prefix + name : name));
  }
  return renamed.map(
    (object) => merge(object, { metadata: { name: prefix + object.metadata.name } }) as Manifest,
  );
}

/** Changes the text at a path, in each item of the lists on the way. */
function change(place: unknown, [step, ...rest]: readonly string[], by: (text: string) => string): void {
  if (Array.isArray(place)) for (const item of place) change(item, [step!, ...rest], by);
  if (!isObject(place) || !(step! in place)) return;
  if (rest.length > 0) change(place[step!], rest, by);
  else place[step!] = by(String(place[step!]));
}

/** A strategic merge: lists of named things by name, other lists whole, null takes away. */
function merge(target: unknown, patch: unknown): unknown {
  if (Array.isArray(patch)) {
    if (!patch.every(isNamed)) return patch;
    const old = Array.isArray(target) ? target.filter(isNamed) : [];
    const names = new Set(patch.map(({ name }) => name));
    return [
      ...patch.map((item) =>
        merge(
          old.find(({ name }) => name === item.name),
          item,
        ),
      ),
      ...old.filter(({ name }) => !names.has(name)),
    ];
  }
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key], value);
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNamed(value: unknown): value is { readonly name: string } {
  return isObject(value) && typeof value['name'] === 'string';
}
