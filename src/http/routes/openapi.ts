/** `GET /api/v1/openapi.json`. The document is made at the first request: nobody else should wait for it. */
import { sendFailure, sendJsonText } from '../answer.ts';
import type { Backend } from '../backend.ts';
import { readQuery } from '../query.ts';
import type { Route } from '../route.ts';

export function openApiRoutes(backend: Backend): readonly Route[] {
  let text: Promise<string> | undefined;
  const make = async (): Promise<string> => {
    const { buildDocument } = await import('../openapi/document.ts');
    return JSON.stringify(buildDocument(backend.build));
  };
  return [
    {
      path: '/api/v1/openapi.json',
      methods: {
        async get(request, response) {
          const query = readQuery(request.url!, []);
          if (!query.ok) return sendFailure(response, query.failure);
          text ??= make();
          sendJsonText(response, await text);
        },
      },
    },
  ];
}
