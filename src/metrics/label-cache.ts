/** Labels of what lives long and is named by users are encoded once in its life, and forgotten with it. */
import type { Model, Signal, Version } from '../core/world.ts';
import type { EncodedLabels } from './exposition.ts';
import { encodeLabels } from './exposition.ts';

export interface LabelCache {
  ofSignal(signal: Signal): EncodedLabels;
  ofVersion(version: Version): EncodedLabels;
  ofModel(model: Model): EncodedLabels;
}

export function createLabelCache(): LabelCache {
  return {
    ofSignal: remember(({ model, metric }) =>
      encodeLabels([
        ['model', model.name],
        ['version', model.version],
        ['metric', metric],
      ]),
    ),
    ofVersion: remember(({ name }) =>
      encodeLabels([
        ['model', name.name],
        ['version', name.version],
      ]),
    ),
    ofModel: remember(({ name }) => encodeLabels([['model', name]])),
  };
}

function remember<Thing extends object>(
  encode: (thing: Thing) => EncodedLabels,
): (thing: Thing) => EncodedLabels {
  const known = new WeakMap<Thing, EncodedLabels>();
  return (thing) => {
    let labels = known.get(thing);
    if (!labels) {
      labels = encode(thing);
      known.set(thing, labels);
    }
    return labels;
  };
}
