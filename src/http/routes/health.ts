/** `/-/healthy` and `/-/ready`, for probes. Nothing outside the process makes it unready: that would take the model out of service. */
import { sendText } from '../answer.ts';
import type { Backend } from '../backend.ts';
import type { Route } from '../route.ts';

export function healthRoutes(backend: Backend): readonly Route[] {
  return [
    {
      path: '/-/healthy',
      methods: { get: (_request, response) => sendText(response, 200, 'Driftgauge is Healthy.\n') },
    },
    {
      path: '/-/ready',
      methods: {
        get(_request, response) {
          if (backend.ready) sendText(response, 200, 'Driftgauge is Ready.\n');
          else sendText(response, 503, 'Driftgauge is starting.\n');
        },
      },
    },
  ];
}
