/** The status page: `GET /`, what it links to, and the forms by which a person acts without JavaScript. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RetrainRequest } from '../../core/retrain.ts';
import type { ModelVersion } from '../../core/signal.ts';
import { loadAssets } from '../../page/assets.ts';
import { configPage } from '../../page/config-page.ts';
import { errorPage } from '../../page/error-page.ts';
import type { Html } from '../../page/html.ts';
import { modelPath, readModelKey, readModelName, requestPath } from '../../page/links.ts';
import { modelPage } from '../../page/model-page.ts';
import { overviewPage } from '../../page/overview.ts';
import type { Visit } from '../../page/source.ts';
import { targetsPage } from '../../page/targets-page.ts';
import { triggersPage } from '../../page/triggers-page.ts';
import { StorageError } from '../../storage-error.ts';
import type { Failure } from '../answer.ts';
import { refuse, sendError, statusOf } from '../answer.ts';
import type { Backend } from '../backend.ts';
import type { BodyReader } from '../body.ts';
import { STORAGE_FAILURE } from '../failed.ts';
import { gzipped, takesGzip } from '../gzip.ts';
import { readQuery } from '../query.ts';
import type { Acted } from '../retrain-acts.ts';
import { cancel, redeliver } from '../retrain-acts.ts';
import type { Handler, Route } from '../route.ts';

export interface PageOptions {
  readonly readBody: BodyReader;
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

const HEADERS = [
  ['Content-Security-Policy', CONTENT_SECURITY_POLICY],
  ['Cache-Control', 'no-store'],
  ['Vary', 'Accept-Encoding'],
  // Not `no-referrer`: browsers would then send `Origin: null` with our own forms.
  ['Referrer-Policy', 'same-origin'],
] as const;

/** Of a form: a trigger's name, percent-encoded. */
const FORM_BYTES = 16 * 1024;

export function pageRoutes(backend: Backend, options: PageOptions): readonly Route[] {
  const { readBody } = options;
  const unreadable = ({ message }: Failure, root: string): Html =>
    errorPage(backend, { title: 'There is no such page', message, root });
  const visitOf = (request: IncomingMessage): Visit => ({
    mayWrite: options.mayWrite(request),
    origin: `${options.scheme}://${hostOf(request)}`,
  });
  /** A page whose query has these keys; others are refused in words. */
  const page =
    (keys: readonly string[], render: (values: ReadonlyMap<string, string>, visit: Visit) => Html): Handler =>
    (request, response) => {
      const query = readQuery(withoutEmpty(request.url!), keys);
      if (query.ok) return send(request, response, 200, render(query.values, visitOf(request)));
      return send(request, response, 400, unreadable(query.failure, ''));
    };

  /** Where only a model is named. */
  const newestVersion = (key: string): ModelVersion | null => {
    const versions = backend.world.models.get(readModelName(key) ?? '')?.versions.values() ?? [];
    const [newest] = [...versions].sort((a, b) => b.firstSeenAt - a.firstSeenAt);
    return newest?.name ?? null;
  };

  const model: Handler = (request, response) => {
    const name = readModelKey(request.params['key']!);
    const query = readQuery(request.url!, ['before', 'skip', 'request']);
    if (!query.ok) return send(request, response, 400, unreadable(query.failure, '../'));
    const newest = name ? null : newestVersion(request.params['key']!);
    if (newest) {
      response.writeHead(302, { Location: `../${modelPath(newest)}` }).end();
      return;
    }
    const before = query.values.get('before');
    const known = before !== undefined && backend.history.episode(before) !== undefined;
    const asked = query.values.get('request');
    const shown =
      name &&
      modelPage(backend, visitOf(request), {
        name,
        query: {
          skip: readSkip(query.values),
          ...(known && { before }),
          ...(asked !== undefined && { request: asked }),
        },
      });
    if (shown) return send(request, response, 200, shown);
    const message = 'No model version of this name has been seen, or it was forgotten.';
    const error = { title: 'No such model version', message, root: '../' };
    return send(request, response, 404, errorPage(backend, error));
  };

  const unchanged = (request: IncomingMessage, response: ServerResponse, failure: Failure): Promise<void> => {
    const error = {
      title: 'Nothing was changed',
      message: `It was not done: ${failure.message}.`,
      root: '../../',
    };
    return send(request, response, statusOf(failure), errorPage(backend, error));
  };

  const act =
    (action: (retrain: RetrainRequest, form: URLSearchParams) => Promise<Acted>): Handler =>
    async (request, response) => {
      const body = await readBody(request, FORM_BYTES);
      if (!body.ok) return body.failure ? unchanged(request, response, body.failure) : undefined;
      if (body.bytes.length > 0 && !FORM_TYPE.test(request.headers['content-type'] ?? ''))
        return unchanged(request, response, NO_FORM);
      const retrain = backend.history.request(request.params['id']!);
      if (!retrain) return unchanged(request, response, NO_SUCH_REQUEST);
      const acted = await stored(action(retrain, new URLSearchParams(body.bytes.toString('utf8'))));
      if (!acted.ok) return unchanged(request, response, acted.failure);
      // See Other, so that loading the page again does not act again.
      response.writeHead(303, { Location: `../../${requestPath(retrain)}` }).end();
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
      methods: {
        post: act((retrain, form) => redeliver(backend, retrain, form.get('trigger') ?? undefined)),
      },
    },
    { path: '/retrains/:id/cancel', methods: { post: act((retrain) => cancel(backend, retrain)) } },
    { path: '/assets/:file', methods: { get: assetHandler() } },
  ];
}

const FORM_TYPE = /^application\/x-www-form-urlencoded\b/i;
const NO_FORM = refuse('unsupported_media_type', 'expected application/x-www-form-urlencoded').failure;
const NO_SUCH_REQUEST = refuse('not_found', 'no retrain request has this id').failure;

/** A store that takes nothing is a failure like others: who sent a form gets a page. */
async function stored(acting: Promise<Acted>): Promise<Acted> {
  try {
    return await acting;
  } catch (error) {
    if (error instanceof StorageError) return { ok: false, failure: STORAGE_FAILURE };
    throw error;
  }
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  { text }: Html,
): Promise<void> {
  const whole = Buffer.from(text);
  const zipped = takesGzip(request.headers['accept-encoding']);
  const body = zipped ? await gzipped(whole) : whole;
  for (const [name, value] of HEADERS) {
    // What the web config says of every answer comes first.
    if (!response.hasHeader(name)) response.setHeader(name, value);
  }
  if (zipped) response.setHeader('Content-Encoding', 'gzip');
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': body.length,
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
