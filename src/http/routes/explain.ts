/**
 * `GET /api/v1/explain`: why a model version did, or did not, ask for a retrain; the newest versions' where none is named.
 * Beside `data`, and beside the error where no version is known, the answer tells what concerns no single version.
 */
import type { Version, World } from '../../core/world.ts';
import { sendData, sendError, sendFailure } from '../answer.ts';
import type { Backend } from '../backend.ts';
import { isExplained, viewExplain, viewExtras } from '../explain-view.ts';
import { readLimit, readQuery } from '../query.ts';
import type { Route } from '../route.ts';

export function explainRoutes(backend: Backend): readonly Route[] {
  return [
    {
      path: '/api/v1/explain',
      methods: {
        get(request, response) {
          const query = readQuery(request.url!, ['model', 'version', 'limit']);
          if (!query.ok) return sendFailure(response, query.failure);
          const name = query.values.get('model');
          if (name === undefined) return sendError(response, 'bad_data', 'model: missing');
          const page = readLimit(query.values);
          if (!page.ok) return sendFailure(response, page.failure);
          const versions = listVersions(backend.world, name, query.values.get('version'));
          if (versions.length === 0) {
            const message = 'no such model version has been seen';
            return sendFailure(response, { type: 'not_found', message, details: viewExtras(backend) });
          }
          const shown = versions.slice(0, page.limit);
          sendData(
            response,
            shown.map((version) => viewExplain(version, backend)),
            { versions_left_out: versions.length - shown.length, ...viewExtras(backend) },
          );
        },
      },
    },
  ];
}

/** Newest first, by name where they came at once. One that waits for its first sample is the newest: people ask about it. */
function listVersions(world: World, name: string, only: string | undefined): Version[] {
  return [...(world.models.get(name)?.versions.values() ?? [])]
    .filter((version) => (only === undefined || version.name.version === only) && isExplained(version))
    .sort((a, b) => seenAt(b) - seenAt(a) || (a.name.version < b.name.version ? -1 : 1));
}

function seenAt({ firstSeenAt }: Version): number {
  return firstSeenAt === 0 ? Number.MAX_VALUE : firstSeenAt;
}
