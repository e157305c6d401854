import { once } from 'node:events';
import { createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { PASS, type Verdict } from './answer.ts';
import { createPipeline, type PipelineOptions } from './pipeline.ts';

/** A server that does no more than the pipeline, and the answer that it makes to one GET of `/hot`. */
async function serve(options: Partial<PipelineOptions>, act: (port: number) => Promise<void>): Promise<void> {
  const pipeline = createPipeline({
    headers: () => new Map(),
    access: () => PASS,
    hot: new Map([['GET /hot', (_request, response) => void response.end('hot')]]),
    app: (_request, response) => void response.end('app'),
    failed: (_error, _request, response) => void response.writeHead(500).end('failed'),
    ...options,
  });
  const server = createServer(pipeline).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await act((server.address() as AddressInfo).port);
  server.close();
}

async function get(port: number, path: string): Promise<string> {
  const sent = request({ host: '127.0.0.1', port, path, agent: false }).end();
  const [response] = await once(sent, 'response');
  let text = `${response.headers['x-frame-options'] ?? '-'} `;
  for await (const chunk of response) text += chunk;
  return text;
}

describe('the pipeline', () => {
  it('calls a hot route itself, and leaves everything else to the app', async () => {
    await serve({ headers: () => new Map([['X-Frame-Options', 'deny']]) }, async (port) => {
      expect(await get(port, '/hot')).toBe('deny hot');
      expect(await get(port, '/hot?')).toBe('deny app');
      expect(await get(port, '/cold')).toBe('deny app');
    });
  });

  it.each<[what: string, options: Partial<PipelineOptions>]>([
    [
      'a handler that throws',
      {
        hot: new Map([
          [
            'GET /hot',
            () => {
              throw new Error('bug');
            },
          ],
        ]),
      },
    ],
    ['a handler that rejects', { hot: new Map([['GET /hot', () => Promise.reject(new Error('bug'))]]) }],
    [
      'an access that throws',
      {
        access: () => {
          throw new Error('bug');
        },
      },
    ],
    ['a login that rejects', { access: () => Promise.reject(new Error('bug')) }],
  ])('answers for %s', async (_what, options) => {
    await serve(options, async (port) => expect(await get(port, '/hot')).toBe('- failed'));
  });

  it('begins nothing for a client that left during its login', async () => {
    const called: string[] = [];
    const begun = Promise.withResolvers<void>();
    const login = Promise.withResolvers<Verdict>();
    const left = Promise.withResolvers<void>();
    const options: Partial<PipelineOptions> = {
      access: () => {
        begun.resolve();
        return login.promise;
      },
      hot: new Map([['GET /hot', () => void called.push('hot')]]),
      headers: () => new Map(),
      app: () => void called.push('app'),
    };
    const pipeline = createPipeline({
      failed: () => void called.push('failed'),
      ...options,
    } as PipelineOptions);
    const server = createServer((incoming, response: ServerResponse) => {
      response.on('close', left.resolve);
      void pipeline(incoming, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = request({ host: '127.0.0.1', port, path: '/hot', agent: false });
    client.on('error', () => {});
    client.end();
    await begun.promise;
    client.destroy();
    await left.promise;
    login.resolve(PASS);
    await login.promise;
    await new Promise((resolve) => setImmediate(resolve));
    expect(called).toEqual([]);
    server.close();
  });
});
