/** The status page: `GET /`, what it links to, and the forms by which a person acts without JavaScript. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { loadAssets } from '../../page/assets.ts';
import { configPage } from '../../page/config-page.ts';
import { errorPage } from '../../page/error-page.ts';
import type { Html } from '../../page/html.ts';
import { modelPath, readModelKey } from '../../page/links.ts';
import { modelPage } from '../../page/model-page.ts';
import { overviewPage } from '../../page/overview.ts';
import type { Visit } from '../../page/source.ts';
import { targetsPage } from '../../page/targets-page.ts';
import { triggersPage } from '../../page/triggers-page.ts';
import { sendError } from '../answer.ts';
import type { Backend } from '../backend.ts';
import { readQuery } from '../query.ts';
import { cancel, redeliver } from '../retrain-acts.ts';
import type { Handler, Route } from '../route.ts';

export interface PageOptions {
  mayWrite(request: IncomingMessage): boolean;
  readonly scheme: 'http' | 'https';
}

/** Nothing from elsewhere, nothing inline: a name that got through as markup could still do nothing. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function pageRoutes(backend: Backend, options: PageOptions): readonly Route[] {
  const visitOf = (request: IncomingMessage): Visit => ({
    mayWrite: options.mayWrite(request),
    origin: `${options.scheme}://${hostOf(request)}`,
  });
  /** A page whose query has these keys; others are refused in words. */
  const page =
    (keys: readonly string[], render: (values: ReadonlyMap<string, string>, visit: Visit) => Html): Handler =>
    (request, response) => {
      const query = readQuery(withoutEmpty(request.url!), keys);
      if (query.ok) return sendPage(response, 200, render(query.values, visitOf(request)));
      const error = { title: 'There is no such page', message: query.failure.message, root: '' };
      sendPage(response, 400, errorPage(backend, error));
    };

  const model: Handler = (request, response) => {
    const name = readModelKey(request.params['key']!);
    const query = readQuery(request.url!, ['before', 'skip']);
    const before = query.ok ? query.values.get('before') : undefined;
    const shown =
      name &&
      query.ok &&
      modelPage(backend, visitOf(request), {
        name,
        query: {
          skip: readSkip(query.values),
          ...(before !== undefined && backend.history.episode(before) && { before }),
        },
      });
    if (shown) return sendPage(response, 200, shown);
    const message = 'No model version of this name has been seen, or it was forgotten.';
    sendPage(response, 404, errorPage(backend, { title: 'No such model version', message, root: '../' }));
  };

  const act =
    (action: typeof cancel): Handler =>
    async (request, response) => {
      const retrain = backend.history.request(request.params['id']!);
      const acted = retrain && (await action(backend, retrain));
      if (acted?.ok) {
        // See Other, so that loading the page again does not act again.
        response.writeHead(303, { Location: `../../${modelPath(retrain!.model)}#${retrain!.id}` }).end();
        return;
      }
      const message = acted
        ? `It was not done: ${acted.failure.message}.`
        : 'No retrain request has this id.';
      const error = { title: 'Nothing was changed', message, root: '../../' };
      sendPage(response, acted ? 409 : 404, errorPage(backend, error));
    };

  return [
    {
      path: '/',
      methods: {
        get: page(['q', 'skip'], (values, visit) =>
          overviewPage(backend, visit, { filter: values.get('q') ?? '', skip: readSkip(values) }),
        ),
      },
    },
    { path: '/models/:key', methods: { get: model } },
    { path: '/targets', methods: { get: page([], () => targetsPage(backend)) } },
    { path: '/triggers', methods: { get: page([], () => triggersPage(backend)) } },
    { path: '/config', methods: { get: page([], () => configPage(backend)) } },
    {
      path: '/retrains/:id/redeliver',
      methods: { post: act((backend, retrain) => redeliver(backend, retrain)) },
    },
    { path: '/retrains/:id/cancel', methods: { post: act(cancel) } },
    { path: '/assets/:file', methods: { get: assetHandler() } },
  ];
}

function sendPage(response: ServerResponse, status: number, { text }: Html): void {
  const body = Buffer.from(text);
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    // Not `no-referrer`: browsers would then send `Origin: null` with our own forms.
    'Referrer-Policy': 'same-origin',
  });
  response.end(body);
}

function assetHandler(): Handler {
  const assets = loadAssets();
  return (request, response) => {
    const asset = assets.get(request.params['file']!);
    if (!asset) return sendError(response, 'not_found', 'there is nothing at this path');
    response.setHeader('ETag', asset.etag);
    // Asked for each time, so that a new build is seen at once.
    response.setHeader('Cache-Control', 'no-cache');
    if (request.headers['if-none-match'] === asset.etag) {
      response.writeHead(304).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': asset.contentType, 'Content-Length': asset.body.length });
    response.end(asset.body);
  };
}

/** What the visitor calls us; only a name that a shell command may hold. */
function hostOf({ headers, socket }: IncomingMessage): string {
  const { host } = headers;
  if (host !== undefined && /^[\w.-]+(:\d+)?$|^\[[\da-f:.]+\](:\d+)?$/i.test(host)) return host;
  return `localhost:${socket.localPort}`;
}

/** A form sends its empty fields, too. */
function withoutEmpty(url: string): string {
  return url.replace(/([?&])q=(?=&|$)/, '$1').replace(/[?&]$/, '');
}

function readSkip(values: ReadonlyMap<string, string>): number {
  const skip = values.get('skip') ?? '0';
  return /^\d{1,6}$/.test(skip) ? Number(skip) : 0;
}
