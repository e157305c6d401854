import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Config } from '../../config/config.ts';
import type { Rule } from '../../core/rule.ts';
import { HOUR, MINUTE, makeConfig, makePolicy, makeRule } from '../../core/scenario.testing.ts';
import { Html } from '../../page/html.ts';
import { wordsOf } from '../../page/page.testing.ts';
import { FakeBackend, withHistory } from '../backend.testing.ts';
import { GAUGE, RATIO, scraped } from '../scraped.testing.ts';
import { type Answer, startServer, type TestServer } from '../server.testing.ts';

const words = ({ text }: Answer) => wordsOf(new Html(text));
const mainOf = ({ text }: Answer) => wordsOf(new Html(/<main.*<\/main>/s.exec(text)![0]));

/** A request of fraud:1 that was given up. */
function withParked(): FakeBackend {
  const backend = new FakeBackend();
  const { scenario } = backend;
  scenario.sample(0.5);
  scenario.report({ kind: 'attempt' });
  scenario.report({ kind: 'parked', reason: 'refused', message: 'answered 404 Not Found', written: true });
  return backend;
}

const PAGES = ['/', '/models/fraud:1', '/targets', '/triggers', '/config', '/models/unknown:1'];

describe.each(PAGES)('%s', (path) => {
  it('is a page that may load and do nothing from elsewhere', async () => {
    await using server = await startServer({ backend: withHistory() });
    const { headers, text } = await server.ask(path);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
    });
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(text).not.toMatch(
      /\sstyle=|\son\w+=|<style|<script(?! type="module" src="[^"]*assets\/live\.js")/,
    );
  });

  it('refers only to what is there', async () => {
    await using server = await startServer({ backend: withHistory() });
    const { text } = await server.ask(path);
    const links = [...text.matchAll(/ (?:href|src|action)="([^"#]*)(?:#[^"]*)?"/g)].map(([, link]) => link!);
    expect(links.length).toBeGreaterThan(8);
    for (const link of new Set(links)) {
      // To a place of the page itself.
      if (link === '') continue;
      const url = new URL(link, `http://host${path}`);
      // The client of the page is compiled into the build only.
      if (url.pathname === '/assets/live.js') continue;
      expect((await server.ask(url.pathname + url.search)).status, link).toBe(200);
    }
  });
});

it('what the web config says of every answer comes first', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'driftgauge-pages-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const webConfigFile = join(folder, 'web.yml');
  writeFileSync(
    webConfigFile,
    "http_server_config: {headers: {Content-Security-Policy: default-src 'self'}}",
  );
  await using server = await startServer({ webConfigFile });
  expect((await server.ask('/')).headers['content-security-policy']).toBe("default-src 'self'");
});

describe('the overview', () => {
  it('teaches how to push while nothing is known, in words that a shell takes as they are', async () => {
    const rules = [makeRule({ metric: "it's" }), makeRule({ metric: 'recall', entry: 1 })];
    await using server = await startServer({ backend: new FakeBackend(makeConfig({ rules })) });
    const answer = await server.ask('/', { headers: { host: 'gauge.example:9822' } });
    expect(mainOf(answer)).toContain('No model has been seen yet');
    expect(mainOf(answer)).toContain(
      `curl -d '{"model":{"name":"fraud","version":"1.4.0"},"metric":"it'\\''s","value":0.61}' http://gauge.example:9822/api/v1/events`,
    );
    expect(mainOf(answer)).toContain("it's (pushed) recall (pushed)");
  });

  it.each<[string, Partial<Rule>[], string | null]>([
    ['of a model that the entry is for', [{ models: ['risk*', 'b'] }], '"name":"riskx"'],
    ['of the first metric that is pushed', [{ from: GAUGE }, { metric: 'f1', entry: 1 }], '"metric":"f1"'],
    ['of none, where all are scraped', [{ from: GAUGE }], null],
  ])('teaches to push an event %s', async (_, rules, expected) => {
    const config = makeConfig({ rules: rules.map((rule) => makeRule(rule)) });
    await using server = await startServer({ backend: new FakeBackend(config) });
    const text = mainOf(await server.ask('/'));
    if (expected === null) expect(text).not.toContain('curl');
    else expect(text).toContain(expected);
  });

  it('tells of a model that has no sample yet, and leads to it', async () => {
    const { backend, page } = scraped(RATIO);
    page(0, [['denominator', 'x', 5]]);
    await using server = await startServer({ backend });
    const answer = await server.ask('/');
    expect(mainOf(answer)).toContain(
      'No sample has come yet Without a first sample yet fraud 1: derived waits for a second scrape to compare with',
    );
    expect((await server.ask(/href="(models\/[^"]*)"/.exec(answer.text)![1]!.replace(/^/, '/'))).status).toBe(
      200,
    );
  });

  it('knows that there was something, after all signals have expired', async () => {
    const backend = new FakeBackend(makeConfig({ policy: makePolicy({ cooldownMs: MINUTE }) }));
    backend.scenario.sample(0.5);
    backend.scenario.wait(48 * HOUR);
    await using server = await startServer({ backend });
    expect(mainOf(await server.ask('/'))).toMatch(/^No model is known at present/);
  });

  it('shows the first rows where there are no longer so many, or no number says how many', async () => {
    await using server = await startServer({ backend: withHistory() });
    for (const skip of ['500', '2', '-1', '1.5', '0x1', '1e0', '0000001', 'x']) {
      const { text } = await server.ask(`/?skip=${skip}`);
      expect(text.match(/<tr role="row" id/g), skip).toHaveLength(2);
    }
    expect((await server.ask('/?skip=1')).text.match(/<tr role="row" id/g)).toHaveLength(1);
  });

  it('does not repeat a host that no shell should see', async () => {
    await using server = await startServer();
    const answer = await server.ask('/', { headers: { host: "x';reboot" } });
    expect(answer.text).not.toContain('reboot');
  });

  it('has a line for each model version, the open episode first', async () => {
    await using server = await startServer({ backend: withHistory() });
    const rows = [...(await server.ask('/')).text.matchAll(/<tr role="row" id.*?<\/tr>/gs)].map(([row]) =>
      wordsOf(new Html(row)),
    );
    expect(rows).toEqual([
      expect.stringMatching(/^● drifting churn 7 accuracy 0\.5 < 0\.85 .*retrain requested/),
      expect.stringMatching(/^● drifting fraud 1 accuracy 0\.5 < 0\.85 .*held: cooldown until 01:00/),
    ]);
  });

  it('finds by a part of name or version, in any case', async () => {
    await using server = await startServer({ backend: withHistory() });
    expect(mainOf(await server.ask('/?q=CHU'))).toMatch(/1 model version with “CHU” in the name.*churn/);
    expect(mainOf(await server.ask('/?q=nothing'))).toContain('0 model versions with “nothing”');
    expect((await server.ask('/?q=')).status, 'a form sends its empty field').toBe(200);
    expect((await server.ask('/?z=1')).status).toBe(400);
  });

  it.each<[crowd: string, count: number, play: (backend: FakeBackend) => void, told: RegExp[]]>([
    [
      '300 models',
      300,
      ({ scenario }) => {
        for (let index = 0; index < 300; index++)
          scenario.sample(index % 50 === 0 ? 0.5 : 0.9, { model: `model-${index}` });
      },
      [
        /^1 to 100 of 300, the most urgent first\. Next$/,
        /^101 to 200 of 300, the most urgent first\. The first models Next$/,
        /^201 to 300 of 300, the most urgent first\. The first models$/,
      ],
    ],
    [
      '200 models with long plots',
      200,
      ({ scenario, recent }) => {
        for (let look = 0; look < 100; look++) {
          scenario.wait(1000);
          for (let index = 0; index < 200; index++) {
            const level = index % 50 === 0 ? 0.5 : 0.9;
            scenario.sample(level + Math.sin(look + index) / 10, { model: `model-${index}` });
          }
          recent.note(scenario.world, scenario.at);
        }
      },
      [/^1 to \d\d of 200/, /of 200.*The first models Next$/, /to 200 of 200.*The first models$/],
    ],
    [
      '30 models with the longest names',
      30,
      ({ scenario }) => {
        const version = '"'.repeat(1000);
        for (let index = 0; index < 30; index++)
          scenario.sample(0.9, { model: `${'%:'.repeat(490)}model-${index}`, version });
      },
      [/^1 to \d\d of 30/, /of 30.*The first models Next$/, /to 30 of 30.*The first models$/],
    ],
  ])('pages through %s, each under 200 kB', async (_, count, play, expected) => {
    const backend = new FakeBackend();
    play(backend);
    await using server = await startServer({ backend });
    const seen: string[] = [];
    const told: string[] = [];
    for (let path: string | undefined = '/'; path; ) {
      const { text, bytes } = await server.ask(path);
      expect(bytes.length).toBeLessThan(200_000);
      const [pages] = /<nav class="pages".*?<\/nav>/s.exec(text)!;
      const words = wordsOf(new Html(pages));
      told.push(words);
      expect(words).toContain(`${seen.length + 1} to `);
      seen.push(...[...text.matchAll(/model-\d+(?=<\/bdi>)/g)].map(([name]) => name));
      expect(words).toContain(` to ${seen.length} of ${count}`);
      expect(pages.includes('href="./"')).toBe(path !== '/');
      path = /href="\.(\/\?skip=\d+)">Next</.exec(pages)?.[1];
    }
    expect(told).toEqual(expected.map((words) => expect.stringMatching(words)));
    expect(new Set(seen).size).toBe(count);
    expect(seen[0]).toBe('model-0');
  });
});

describe('the page of a model', () => {
  it('tells the story, the gates, the signals and the episodes', async () => {
    await using server = await startServer({ backend: withHistory() });
    const text = mainOf(await server.ask('/models/fraud:1'));
    expect(text).toContain('It has not asked for a retrain: cooldown, last request ended');
    expect(text).toMatch(/✗ cooldown waits, until 01:00/);
    expect(text).toMatch(/✓ no_trigger passes: through trigger training/);
    expect(text).toMatch(/drifts below 0\.85/);
    expect(text).toMatch(/open, held: cooldown until.*recovered, retrain succeeded/);
  });

  it('names the metrics that have no sample, and why', async () => {
    const rules = [makeRule(), makeRule({ metric: 'recall', entry: 1 })];
    const backend = new FakeBackend(makeConfig({ rules }));
    backend.scenario.sample(0.9);
    await using server = await startServer({ backend });
    expect(mainOf(await server.ask('/models/fraud:1'))).toContain('recall was not pushed');
  });

  it('goes on after its signals were forgotten', async () => {
    const backend = new FakeBackend(makeConfig({ policy: makePolicy({ cooldownMs: MINUTE }) }));
    backend.scenario.sample(0.5);
    backend.scenario.succeed();
    backend.scenario.wait(1000);
    backend.scenario.sample(0.9);
    backend.scenario.wait(48 * HOUR);
    expect(backend.world.models.size).toBe(0);
    await using server = await startServer({ backend });
    const text = mainOf(await server.ask('/models/fraud:1'));
    expect(text).toContain('No signal of this version is known any more');
    expect(text).toMatch(/recovered, retrain succeeded/);
  });

  it('stays under 200 kB with long names, many versions and many metrics', async () => {
    const metrics = Array.from({ length: 3000 }, (_, index) => `${'"'.repeat(500)}${index}`);
    const rules = metrics.map((metric, entry) => makeRule({ metric, entry }));
    const backend = new FakeBackend(makeConfig({ rules }));
    const model = "'".repeat(1000);
    for (const metric of metrics.slice(0, 300)) backend.scenario.sample(0.5, { model, version: '1', metric });
    for (let index = 0; index < 60; index++)
      backend.scenario.sample(0.9, { model, version: '"'.repeat(1000) + index, metric: metrics[0]! });
    await using server = await startServer({ backend });
    const { bytes, status } = await server.ask(`/models/${encodeURIComponent(`${model}:1`)}`);
    expect(status).toBe(200);
    expect(bytes.length).toBeLessThan(200_000);
  });

  it('shows each of its signals once, some at a time', async () => {
    const metrics = Array.from({ length: 40 }, (_, index) => `${'"'.repeat(1000)}${index}`);
    const backend = new FakeBackend(
      makeConfig({ rules: metrics.map((metric, entry) => makeRule({ metric, entry })) }),
    );
    for (const metric of metrics) backend.scenario.sample(0.9, { metric });
    await using server = await startServer({ backend });
    const shown: number[] = [];
    const ids: string[] = [];
    for (let path: string | undefined = '/models/fraud:1'; path; ) {
      const { text } = await server.ask(path);
      const here = [...text.matchAll(/<figure id="([^"]*)"/g)].map(([, id]) => id!);
      ids.push(...here);
      shown.push(here.length);
      expect(text.includes('">The first signals</a>'), path).toBe(shown.length > 1);
      const more: RegExpExecArray | null = /href="\.\.(\/models[^"#]*)#signals">(\d+) more signals</.exec(
        text,
      );
      expect(Number(more?.[2] ?? 0)).toBe(metrics.length - ids.length);
      path = more?.[1];
    }
    expect(shown.length).toBeGreaterThan(2);
    expect(new Set(ids).size).toBe(metrics.length);
    // Where there are no longer so many.
    const { text } = await server.ask(`/models/fraud:1?skip=${metrics.length}`);
    expect(text.match(/<figure/g)).toHaveLength(shown[0]!);
  });

  /** An episode whose request was given up, and 30 that have come and gone since. */
  function withOldParked(): FakeBackend {
    const backend = withParked();
    const { scenario } = backend;
    for (let count = 0; count <= 60; count++) {
      scenario.wait(1000);
      scenario.sample(count % 2 === 0 ? 0.9 : 0.5);
    }
    return backend;
  }

  it('has the request in flight first and unfolded, however old its episode is', async () => {
    const backend = withOldParked();
    await using server = await startServer({ backend });
    const { text } = await server.ask('/models/fraud:1');
    const shown = [...text.matchAll(/<details id="([^"]*)" class="episode \w+"( open)?>/g)];
    expect(shown).toHaveLength(21);
    expect(shown.map(([, , open]) => open !== undefined)).toEqual([true, ...Array(20).fill(false)]);
    expect(shown[0]![1]).toBe('ep_fraud:1#1');
    expect(text).toContain('<button>Redeliver</button>');
    const [, before] = /\?before=([^#]*)#episodes/.exec(text)!;
    expect(decodeURIComponent(before!)).toBe(shown.at(-1)![1]);
  });

  it('has the request that somebody was led to, when it has ended, too', async () => {
    const backend = withOldParked();
    const id = encodeURIComponent(backend.scenario.request.id);
    await using server = await startServer({ backend });
    const { headers } = await server.ask(`/retrains/${id}/cancel`, { method: 'POST' });
    const { pathname, search } = new URL(headers.location!, `http://host/retrains/${id}/cancel`);
    expect(words(await server.ask(pathname + search))).toContain('recovered, retrain was cancelled');
    expect((await server.ask(pathname)).text).not.toContain(`id="${backend.scenario.request.id}"`);
  });

  it('has both the request that somebody was led to and the one in flight', async () => {
    const backend = withOldParked();
    const { scenario } = backend;
    const asked = scenario.request.id;
    scenario.report({ kind: 'cancel' });
    for (let count = 0; count <= 60; count++) {
      scenario.wait(1000);
      scenario.sample(count % 2 === 0 ? 0.5 : 0.9);
      if (count === 0) scenario.report({ kind: 'attempt' });
      if (count === 0)
        scenario.report({ kind: 'parked', reason: 'gone', message: 'answered 410 Gone', written: true });
    }
    const inFlight = scenario.request.id;
    expect(inFlight).not.toBe(asked);
    await using server = await startServer({ backend });
    const { text } = await server.ask(`/models/fraud:1?request=${encodeURIComponent(asked)}`);
    for (const id of [asked, inFlight]) expect(text).toContain(`id="${id}"`);
  });

  it('has older episodes behind a link and stays under 200 kB, however much a pipeline says', async () => {
    const backend = withOldParked();
    const { scenario } = backend;
    const say = (count: number) =>
      scenario.report({
        kind: 'outcome',
        status: count < 60 ? 'running' : 'failed',
        version: null,
        message: "'".repeat(500) + count,
      });
    const [asked] = scenario.requests;
    for (let count = 0; count <= 60; count++) say(count);
    scenario.hold(0.5, { ms: 7 * HOUR });
    for (let count = 0; count < 60; count++) say(count);
    expect(scenario.requests).toHaveLength(2);
    await using server = await startServer({ backend });
    const { text, bytes } = await server.ask(`/models/fraud:1?request=${encodeURIComponent(asked!.id)}`);
    expect(text.match(/<details /g)).toHaveLength(22);
    expect(text).toContain('>Older episodes</a>');
    expect(bytes.length).toBeLessThan(100_000);
  });

  it('leads from an episode to the one that it continues, wherever that is in the list', async () => {
    const backend = new FakeBackend(makeConfig({ policy: makePolicy({ cooldownMs: MINUTE }) }));
    const { scenario } = backend;
    scenario.sample(0.5);
    scenario.succeed();
    scenario.hold(0.5, { ms: 2 * MINUTE });
    expect(scenario.story.filter((what) => what.startsWith('open '))).toHaveLength(2);
    await using server = await startServer({ backend });
    const { text } = await server.ask('/models/fraud:1');
    const [, link] = /which continues <a href="\.\.(\/[^"#]*)#[^"]*"><code>ep_fraud:1#1</.exec(text)!;
    expect((await server.ask(link!)).text).toContain('<details id="ep_fraud:1#1"');
  });

  it('leads from the gate to the request in the way, on the page of another version as well', async () => {
    const backend = withParked();
    backend.scenario.sample(0.5, { version: '2' });
    const id = encodeURIComponent(backend.scenario.request.id);
    await using server = await startServer({ backend });
    expect((await server.ask('/models/fraud:1')).text).toContain(`<a href="#${id}"><code>`);
    const other = await server.ask('/models/fraud:2');
    expect(other.text).toContain(`<a href="../models/fraud:1?request=${id}#${id}"><code>`);
    expect(mainOf(other)).toContain('It has not asked for a retrain: in_flight, rt_fraud:1#1 is parked.');
  });

  it('is that of the newest version, where none is named', async () => {
    const backend = new FakeBackend();
    for (const version of ['1', '2']) {
      backend.scenario.wait(1000);
      backend.scenario.sample(0.9, { version, model: 'a b' });
    }
    await using server = await startServer({ backend });
    const { status, headers } = await server.ask('/models/a%20b');
    expect([status, headers.location]).toEqual([302, '../models/a%20b:2']);
  });

  it('refuses a query that nobody knows, in words', async () => {
    await using server = await startServer({ backend: withHistory() });
    const answer = await server.ask('/models/fraud:1?utm=1');
    expect(answer.status).toBe(400);
    expect(mainOf(answer)).toContain('unknown parameter "utm", expected one of before, skip, request');
  });

  it('of what nobody has seen is 404, in words', async () => {
    await using server = await startServer();
    for (const path of ['/models/fraud:9', '/models/fraud', '/models/%25:1']) {
      const answer = await server.ask(path);
      expect(answer.status, path).toBe(404);
      expect(words(answer)).toContain('No such model version');
    }
  });

  it('pages through its episodes', async () => {
    const backend = new FakeBackend(
      makeConfig({ policy: makePolicy({ cooldownMs: 1000, maxPerDay: 1000 }) }),
    );
    for (let index = 0; index < 45; index++) {
      backend.scenario.sample(0.5);
      backend.scenario.succeed();
      backend.scenario.wait(1);
      backend.scenario.sample(0.9);
      backend.scenario.wait(MINUTE);
    }
    await using server = await startServer({ backend });
    const counts: number[] = [];
    for (let path: string | undefined = '/models/fraud:1'; path; ) {
      const { text } = await server.ask(path);
      counts.push(text.match(/<details/g)?.length ?? 0);
      const older: string | undefined = /href="\.\.(\/models[^"#]*)[^"]*">Older/.exec(text)?.[1];
      path = older;
    }
    expect(counts).toEqual([20, 20, 5]);
  });
});

describe('what a visitor can do', () => {
  const act = (
    server: TestServer,
    action: string,
    headers: Record<string, string> = {},
    from = '127.0.0.1',
  ) =>
    server.ask(`/retrains/${encodeURIComponent(server.backend.scenario.request.id)}/${action}`, {
      method: 'POST',
      headers,
      from,
    });

  it('redelivers a parked request, and is led back to it', async () => {
    await using server = await startServer({ backend: withParked() });
    expect(mainOf(await server.ask('/models/fraud:1'))).toMatch(
      /Redeliver Sends the same request.*Cancel Gives/,
    );
    const answer = await act(server, 'redeliver');
    expect(answer.status).toBe(303);
    const { id } = server.backend.scenario.request;
    const encoded = encodeURIComponent(id);
    expect(answer.headers.location).toBe(`../../models/fraud:1?request=${encoded}#${encoded}`);
    expect(server.backend.scenario.request.status).toBe('requested');
  });

  function withTriggers(...names: readonly string[]): FakeBackend {
    const backend = withParked();
    const triggers: Config['triggers'] = names.map((name) => ({
      name,
      models: [],
      outcome: 'none',
      deliver: { kind: 'log' },
    }));
    Object.assign(backend.config, { triggers });
    return backend;
  }

  it('redelivers through its own trigger, unless another is chosen', async () => {
    await using server = await startServer({ backend: withTriggers('jobs', 'training') });
    const { text } = await server.ask('/models/fraud:1');
    expect(text).toContain('<option>jobs</option><option selected>training</option>');
  });

  it('redelivers through another trigger, where its own is gone', async () => {
    const backend = withTriggers('jobs', 'notes');
    await using server = await startServer({ backend });
    const { text } = await server.ask('/models/fraud:1');
    expect(text).toMatch(/<select name="trigger"[^>]*><option>jobs<\/option><option>notes<\/option>/);
    const path = `/retrains/${encodeURIComponent(backend.scenario.request.id)}/redeliver`;
    const form = (type: string) => ({
      method: 'POST',
      body: 'trigger=notes',
      headers: { 'content-type': type },
    });
    const refused = await server.ask(path, form('text/plain'));
    expect([refused.status, mainOf(refused)]).toEqual([
      415,
      expect.stringContaining('It was not done: expected application/x-www-form-urlencoded.'),
    ]);
    expect(backend.scenario.request.status).toBe('parked');
    expect((await server.ask(path, form('application/x-www-form-urlencoded'))).status).toBe(303);
    expect(backend.scenario.request).toMatchObject({ status: 'requested', trigger: 'notes' });
  });

  it('gives a request up', async () => {
    await using server = await startServer({ backend: withParked() });
    expect((await act(server, 'cancel')).status).toBe(303);
    expect(server.backend.scenario.request.status).toBe('cancelled');
  });

  it.each(['x\r\nSet-Cookie: a=b', '日本', '..', '"><script>', 'a:b%'])(
    'is led back to a model called %j, and nowhere else',
    async (model) => {
      const backend = new FakeBackend();
      backend.scenario.sample(0.5, { model });
      // Ids are hashes; those of the scenario hold the name.
      Object.defineProperty(backend.scenario.request, 'id', { value: 'rt_7' });
      Object.assign(backend.history, { request: () => backend.scenario.request });
      backend.world.requests.set('rt_7', backend.scenario.request);
      await using server = await startServer({ backend });
      const { status, headers } = await server.ask('/retrains/rt_7/cancel', { method: 'POST' });
      expect([status, headers['set-cookie']]).toEqual([303, undefined]);
      const { pathname } = new URL(headers.location!, 'http://host/retrains/rt_7/cancel');
      const page = await server.ask(pathname);
      expect(page.status).toBe(200);
      expect(mainOf(page)).toContain(model.replace(/\s+/g, ' '));
    },
  );

  it('is told that the storage takes nothing, and then nothing is changed', async () => {
    await using server = await startServer({ backend: withParked() });
    server.backend.storageUp = false;
    const answer = await act(server, 'cancel');
    expect(answer.status).toBe(503);
    expect(mainOf(answer)).toContain('It was not done: the storage takes nothing at present.');
    expect(server.backend.scenario.request.status).toBe('parked');
  });

  it('is told where there is nothing to do', async () => {
    await using server = await startServer({ backend: withParked() });
    await act(server, 'cancel');
    const again = await act(server, 'redeliver');
    expect(again.status).toBe(409);
    expect(mainOf(again)).toContain(
      'It was not done: only a parked request can be sent again, this is cancelled.',
    );
    expect((await server.ask('/retrains/rt_0/cancel', { method: 'POST' })).status).toBe(404);
  });

  it.each<[who: string, headers: Record<string, string>, from?: string]>([
    ['from another machine', {}, '127.0.0.2'],
    ['by a name that could be anybody’s', { host: 'gauge.example' }],
  ])('is nothing %s, and so nothing is offered', async (_, headers, from) => {
    await using server = await startServer({ backend: withParked(), listen: { host: '0.0.0.0', port: 0 } });
    const page = await server.ask('/models/fraud:1', { headers, ...(from !== undefined && { from }) });
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('<form method="post"');
    const origin = { ...headers, origin: `http://${headers['host'] ?? '127.0.0.1'}` };
    expect((await act(server, 'cancel', origin, from)).status).toBe(403);
    expect(server.backend.scenario.request.status).toBe('parked');
  });

  it('is nothing for a page of another origin', async () => {
    await using server = await startServer({ backend: withParked() });
    for (const origin of ['http://evil.example', 'null']) {
      expect((await act(server, 'cancel', { origin })).status, origin).toBe(403);
    }
    expect(server.backend.scenario.request.status).toBe('parked');
  });
});

describe('what is wrong is told on every page', () => {
  it.each<[string, (backend: FakeBackend) => void, RegExp]>([
    [
      'storage',
      (backend) => Object.assign(backend, { storageUp: false }),
      /Storage is down\. Pushes are refused/,
    ],
    [
      'a failed reload',
      (backend) =>
        Object.assign(backend, { reloadState: { successful: false, lastSuccessAt: backend.now() } }),
      /The last reload of the config failed\. The one of 00:03:00 is live/,
    ],
    [
      'a target that is down',
      (backend) => {
        backend.targetStatus = [
          {
            job: 'fraud',
            target: 'http://a:1/metrics',
            up: false,
            lastScrapeAt: backend.now(),
            durationSeconds: 0.01,
            samples: 0,
            error: 'connect: refused',
            failures: new Map([['connect', 3]]),
          },
        ];
      },
      /1 target is down: http:\/\/a:1\/metrics\./,
    ],
  ])('%s', async (_, change, expected) => {
    const backend = withHistory();
    change(backend);
    await using server = await startServer({ backend });
    for (const path of PAGES) expect(mainOf(await server.ask(path)), path).toMatch(expected);
  });

  it('and absent where all is well', async () => {
    await using server = await startServer({ backend: withHistory() });
    expect((await server.ask('/')).text).not.toContain('class="notices"');
  });
});

it('a page comes compressed to who takes it so', async () => {
  await using server = await startServer({ backend: withHistory() });
  const [plain, zipped] = [
    await server.ask('/'),
    await server.ask('/', { headers: { 'accept-encoding': 'gzip, br' } }),
  ];
  expect(zipped.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
  expect(gunzipSync(zipped.bytes).toString()).toContain('<title>(2) Driftgauge</title>');
  expect(zipped.bytes.length).toBeLessThan(plain.bytes.length);
});

describe('an asset', () => {
  it.each([
    ['style.css', 'text/css; charset=utf-8'],
    ['idiomorph.js', 'text/javascript; charset=utf-8'],
    ['icon.svg', 'image/svg+xml'],
  ])('%s is %s, and asked for anew costs nothing', async (name, type) => {
    await using server = await startServer();
    const first = await server.ask(`/assets/${name}`);
    expect(first).toMatchObject({ status: 200, headers: { 'content-type': type } });
    const again = await server.ask(`/assets/${name}`, { headers: { 'if-none-match': first.headers.etag! } });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);
  });

  it.each(['/assets/server.ts', '/assets/..%2Fassets.ts', '/assets/', '/assets/toString'])(
    '%s is none',
    async (path) => {
      await using server = await startServer();
      expect((await server.ask(path)).status).toBe(404);
    },
  );
});
