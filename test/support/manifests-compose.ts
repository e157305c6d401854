/**
 * Puts a kustomization together as kustomize does, as far as ours go: for machines without a kubectl that can. Generated
 * names get no suffix here. Where there is such a kubectl, the test compares the two.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { K8S, type Manifest, readKustomization, readManifests } from './manifests.ts';

/** `folder` is below k8s/. */
export function compose(folder: string, below: readonly Manifest[] = []): Manifest[] {
  const {
    resources = [],
    components = [],
    configMapGenerator = [],
    patches = [],
    images = [],
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
      data: Object.fromEntries(files.map((file) => [file, readFileSync(join(K8S, folder, file), 'utf8')])),
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
  return objects.map((object) =>
    JSON.parse(JSON.stringify(object), (key, value) =>
      key === 'image'
        ? renamed.reduce((image: string, { from, to }) => image.replace(from, to), value)
        : value,
    ),
  );
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
