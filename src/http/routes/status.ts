/** `GET /api/v1/status/config` and `/buildinfo`: the live config, secrets redacted, and which build runs. */

import { sendData, sendFailure } from '../answer.ts';
import type { Backend } from '../backend.ts';
import { readQuery } from '../query.ts';
import type { Handler, Route } from '../route.ts';

export function statusRoutes(backend: Backend): readonly Route[] {
  const show =
    (data: () => unknown): Handler =>
    (request, response) => {
      const query = readQuery(request.url!, []);
      if (query.ok) sendData(response, data());
      else sendFailure(response, query.failure);
    };
  return [
    { path: '/api/v1/status/config', methods: { get: show(() => ({ yaml: backend.config.redactedYaml })) } },
    {
      path: '/api/v1/status/buildinfo',
      methods: { get: show(() => ({ ...backend.build, node_version: process.version })) },
    },
  ];
}
