/** What happened to a model, as marks on the plots of its signals. */
import type { Version } from '../../core/world.ts';
import type { PageSource } from '../source.ts';
import type { Mark } from './plot.ts';

const NEWEST = 20;

export function marksOf({ model, name }: Version, { history }: PageSource): Mark[] {
  const requests = history.requests({ model: model.name, limit: NEWEST }).map(
    ({ id, requestedAt }): Mark => ({
      at: requestedAt,
      kind: 'request',
      title: `retrain requested: ${id}`,
    }),
  );
  const versions = [...model.versions.values()]
    .filter(({ firstSeenAt }) => firstSeenAt > 0)
    .sort((a, b) => b.firstSeenAt - a.firstSeenAt)
    .slice(0, NEWEST)
    .map(
      (version): Mark => ({
        at: version.firstSeenAt,
        kind: 'version',
        title:
          version.name === name
            ? 'this version was first seen'
            : `version ${version.name.version} was first seen`,
      }),
    );
  return [...requests, ...versions];
}
