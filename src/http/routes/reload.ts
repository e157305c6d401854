/** `/-/reload`: applies the config file as it is now, whole or not at all. */
import { sendData, sendError } from '../answer.ts';
import type { Backend } from '../backend.ts';
import type { Handler, Route } from '../route.ts';

export function reloadRoutes(backend: Backend, { enabled }: { enabled: boolean }): readonly Route[] {
  const reload: Handler = async (_request, response) => {
    if (!enabled) {
      sendError(response, 'forbidden', 'reload over HTTP needs --web.enable-lifecycle');
      return;
    }
    const result = await backend.reload();
    if (result.ok) sendData(response, null);
    else sendError(response, 'internal', `the config was not reloaded: ${result.error}`);
  };
  return [{ path: '/-/reload', methods: { post: reload, put: reload } }];
}
