/** The open status page: that it follows what happens without a reload, and leaves alone what its reader does. */
import { writeFileSync } from 'node:fs';
import { hashSync } from 'bcryptjs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCertificateFolder } from '../src/http/certificates.testing.ts';
import { launchBrowser, type Visitor, visit } from './support/browser.ts';
import { HOSTILE_NAMES } from './support/page-hostile-names.ts';
import { startRelay } from './support/page-relay.ts';
import { sharedVisitor } from './support/page-shared.ts';
import { type PageSituation, pushEvents, startPageSituation } from './support/page-situation.ts';
import { Program } from './support/program.ts';
import { describeWith } from './support/requirements.ts';
import { scratch } from './support/scratch.ts';

const DESK = { width: 1280, height: 600 };
/** As often as a page looks for numbers while no state changes, and a little more. */
const LOOK_MS = 5500;
const PHONE = { width: 360, height: 740 };

/** A word may move in its sentence; 0.1 is what browsers call good, and a table that moves by a line has 0.02. */
const shiftOf = (shifts: readonly string[]) => shifts.reduce((sum, text) => sum + Number.parseFloat(text), 0);

describeWith(['chromium'], 'the open status page', () => {
  const stack = new AsyncDisposableStack();
  let browser: Browser;
  let situation: PageSituation;

  beforeAll(async () => {
    const folder = stack.use(scratch());
    [browser, situation] = await Promise.all([launchBrowser(), startPageSituation(folder)]);
    stack.defer(() => browser.close());
    stack.use(situation);
  });
  afterAll(() => stack.disposeAsync());

  /** A page whose script has made its first look; with a clock that the test can put forward. */
  const open = async (path: string, options: Partial<Parameters<typeof visit>[1]> = {}): Promise<Visitor> => {
    const visitor = await visit(browser, { origin: situation.program.url, viewport: DESK, ...options });
    await visitor.page.clock.install();
    const looked = visitor.page.waitForResponse((response) => response.request().resourceType() === 'fetch');
    await visitor.page.goto(path);
    await looked;
    return visitor;
  };

  describe('follows', () => {
    it('a breach that is pushed', async () => {
      await using visitor = await open('/');
      const row = visitor.page.getByRole('row').filter({ hasText: 'newcomer 1' });
      const pushedAt = performance.now();
      await situation.push(['newcomer', 0.4]);
      await row.filter({ hasText: 'drifting' }).waitFor({ timeout: 5000 });
      console.info(`a breach is on the page ${Math.round(performance.now() - pushedAt)} ms after its push`);
      expect(await visitor.page.title()).toMatch(/^\(\d\) Driftgauge$/);
      expect(visitor.requests.filter((request) => request === 'GET /')).not.toHaveLength(1);
      expect(visitor.requests.filter((request) => request === 'GET /assets/live.js')).toHaveLength(1);
    });

    it('a model that is forgotten while its page is open', async () => {
      using folder = scratch();
      writeFileSync(folder.file('short.yaml'), 'metrics: [{name: accuracy, ttl: 8s, drift: {below: 0.1}}]\n');
      const configFile = folder.file('short.yaml');
      await using program = await Program.start({ storagePath: folder.file('data'), configFile });
      await pushEvents(program, [['brief', 0.9]]);
      await using visitor = await open('/models/brief:1', { origin: program.url });
      await visitor.page.getByRole('heading', { name: 'No such model version' }).waitFor();
      expect(await visitor.page.locator('#lost').textContent()).toBe('');
    });

    it('a server that goes away and comes back, and says so', async () => {
      using folder = scratch();
      const options = { storagePath: folder.file('data') };
      await using program = await Program.start(options);
      await using relay = await startRelay(program.url);
      await pushEvents(program, [['fraud', 0.9]]);
      // Far from UTC, and malformed: neither matters.
      await using visitor = await open('/#%zz', { origin: relay.url, timezoneId: 'Asia/Tokyo' });
      await program[Symbol.asyncDispose]();
      const lost = visitor.page.locator('#lost');
      const words = /^Not connected since [\d:]{8} UTC; this is how it was at ([\d:]{8}) UTC\.$/;
      await lost.filter({ hasText: words }).waitFor();
      const [, shown] = words.exec((await lost.textContent())!)!;
      const title = await visitor.page.locator('#as-of time').first().getAttribute('title');
      // The server's clock, to the second; what passed since is the browser's.
      expect(title).toContain(` ${shown} UTC`);
      const { y } = (await lost.boundingBox())!;
      expect(y).toBeLessThan(DESK.height);
      expect(await visitor.ask('rowNames()')).toEqual(['fraud 1']);
      await using again = await Program.start(options);
      relay.target = again.url;
      await visitor.page.locator('#lost:empty').waitFor({ state: 'attached' });
      await pushEvents(again, [['churn', 0.2]]);
      await visitor.page.getByRole('row').filter({ hasText: 'churn 1' }).waitFor();
    });
  });

  describe('leaves alone', () => {
    it('what is open, what is typed, the focus and where the reader is', async () => {
      await using visitor = await open('/models/churn:1');
      const { page } = visitor;
      const [first, second] = [page.locator('details').nth(0), page.locator('details').nth(1)];
      await first.locator('summary').click();
      await second.locator('summary').click();
      await page.keyboard.press('/');
      await page.keyboard.type('half a wo');
      await page.evaluate('scrollTo(0, 150)');
      const scrolled = await page.evaluate<number>('scrollY');
      expect(scrolled).toBeGreaterThan(0);
      await situation.push(['churn', 0.6543]);
      await page.clock.runFor(LOOK_MS);
      await page.locator('#headline').filter({ hasText: '0.654' }).waitFor();
      expect(await first.getAttribute('open')).toBeNull();
      expect(await second.getAttribute('open')).toBe('');
      expect(await page.getByLabel('Filter').inputValue()).toBe('half a wo');
      expect(await visitor.ask('focused()')).toMatchObject({ id: 'filter' });
      expect(await page.evaluate('scrollY')).toBe(scrolled);
    });

    it.each([
      ['/', '#models', DESK],
      ['/models/fraud:1', '#signals', DESK],
      ['/', '#models', PHONE],
      ['/models/fraud:1', '#signals', PHONE],
    ])('the place of everything on %s while only numbers change (%s, %o)', async (path, place, viewport) => {
      await using visitor = await open(path, { viewport });
      await visitor.page.locator('svg.plot').first().waitFor();
      const order = await visitor.ask('rowNames()');
      await visitor.ask('shifts.splice(0)');
      for (const value of [0.5, 0.4444, 0.61]) {
        await situation.push(['fraud', value], ['fraud', value * 1000, 'latency']);
        await visitor.page.clock.runFor(LOOK_MS);
        const shown = visitor.page
          .locator(place)
          .filter({ hasText: `${Number(value.toPrecision(3))} < 0.85` });
        await shown.waitFor();
      }
      const shifts = await visitor.ask<string[]>('shifts');
      // A word may move inside its sentence, once for each number; a line that moves is ten times as much.
      expect(shiftOf(shifts), shifts.join('\n')).toBeLessThan(0.02);
      expect(await visitor.ask('rowNames()')).toEqual(order);
    });

    it('the row of a model that comes to drift: it moves, and stays the same element with the focus', async () => {
      await situation.push(['wanderer', 0.95]);
      await using visitor = await open('/');
      const { page } = visitor;
      const link = page.getByRole('link', { name: 'wanderer 1' });
      const row = (await page.getByRole('row').filter({ has: link }).elementHandle())!;
      const before = await visitor.ask<string[]>('rowNames()');
      await link.focus();
      await situation.push(['wanderer', 0.3]);
      await page.getByRole('row').filter({ has: link, hasText: 'drifting' }).waitFor();
      const after = await visitor.ask<string[]>('rowNames()');
      expect(after.indexOf('wanderer 1')).toBeLessThan(before.indexOf('wanderer 1'));
      const others = (names: string[]) => names.filter((name) => name !== 'wanderer 1');
      expect(others(after)).toEqual(others(before));
      // A handle, not a locator: another element in its place would not be it.
      expect(await row.isVisible()).toBe(true);
      expect(await visitor.ask('focused()')).toMatchObject({ text: 'wanderer 1' });
    });

    it('the server, while it is hidden', async () => {
      await using visitor = await open('/');
      const { page, requests } = visitor;
      await visitor.ask('hide(true)');
      const before = requests.length;
      await situation.push(['unseen', 0.2]);
      await page.clock.runFor(60_000);
      expect(requests.slice(before)).toEqual([]);
      expect(await page.getByText('unseen').count()).toBe(0);
      await visitor.ask('hide(false)');
      await page.clock.runFor(2000);
      await page.getByRole('row').filter({ hasText: 'unseen 1' }).waitFor();
      expect(requests.slice(before)).toContain('GET /api/v1/events');
    });

    it('memory: 40 looks later it has as many nodes and listeners', async () => {
      await using visitor = await open('/models/fraud:1');
      const { page, context } = visitor;
      const session = await context.newCDPSession(page);
      await session.send('Performance.enable');
      const look = async () => {
        const looked = page.waitForResponse((response) => response.request().resourceType() === 'fetch');
        await page.clock.runFor(LOOK_MS);
        await looked;
        await session.send('HeapProfiler.collectGarbage');
        const { metrics } = await session.send('Performance.getMetrics');
        const value = (name: string) => metrics.find((metric) => metric.name === name)!.value;
        return { nodes: value('Nodes'), listeners: value('JSEventListeners') };
      };
      /** The fewest after any of them: a collection may leave the document that was taken over last. */
      const fewest = async (looks: number) => {
        const counts = [];
        for (let index = 0; index < looks; index++) counts.push(await look());
        return {
          nodes: Math.min(...counts.map(({ nodes }) => nodes)),
          listeners: Math.min(...counts.map(({ listeners }) => listeners)),
        };
      };
      const early = await fewest(8);
      await fewest(24);
      const late = await fewest(8);
      expect(late.listeners).toBe(early.listeners);
      expect(late.nodes).toBeLessThan(early.nodes * 1.5);
    });
  });

  describe('keeps names text', () => {
    let program: Program;

    beforeAll(async () => {
      const folder = stack.use(scratch());
      const names = Object.values(HOSTILE_NAMES);
      writeFileSync(
        folder.file('hostile.yaml'),
        JSON.stringify({
          metrics: names.map((name) => ({ name, smoothing: { alpha: 1 }, drift: { below: 0.85 } })),
        }),
      );
      program = stack.use(
        await Program.start({
          storagePath: folder.file('hostile'),
          configFile: folder.file('hostile.yaml'),
        }),
      );
      await pushEvents(
        program,
        names.map((name) => [name, 0.5, name, name]),
      );
    });

    const visitorOf = sharedVisitor(
      () => browser,
      () => ({ origin: program.url, viewport: PHONE }),
    );

    /** Nothing of them became markup, and nothing of them ran. */
    const expectText = async (visitor: Visitor) => {
      expect(await visitor.ask('intruders()')).toEqual([]);
      expect(visitor.complaints).toEqual([]);
    };

    it('on the first page, on a phone and a desk, and when it changes', async () => {
      await using visitor = await open('/', { origin: program.url, viewport: PHONE });
      expect(await visitor.page.locator('#models tbody tr').count()).toBe(Object.keys(HOSTILE_NAMES).length);
      expect(await visitor.ask('cutOff()')).toEqual([]);
      await visitor.page.setViewportSize(DESK);
      expect(await visitor.ask('cutOff()')).toEqual([]);
      await pushEvents(
        program,
        Object.values(HOSTILE_NAMES).map((name) => [name, 0.321, name, `${name}!`]),
      );
      await visitor.page
        .locator('#models tbody tr')
        .filter({ hasText: '0.321' })
        .nth(Object.keys(HOSTILE_NAMES).length - 1)
        .waitFor();
      await expectText(visitor);
    });

    it.each(Object.entries(HOSTILE_NAMES))('on its own page: %s', async (_kind, name) => {
      const visitor = visitorOf();
      const { page } = visitor;
      await page.goto('/');
      const names = await visitor.ask<string[][]>('wholeNames("#models tbody th")');
      const index = names.findIndex(([model, version]) => model === name && version === name);
      const link = page.locator('#models tbody tr').nth(index).locator('a.whole');
      const address = new URL((await link.getAttribute('href'))!, page.url()).href;
      const [response] = await Promise.all([page.waitForResponse(address), link.press('Enter')]);
      expect(response.status()).toBe(200);
      await page.locator('#gates').waitFor();
      expect(await visitor.ask('wholeNames("h1")')).toEqual([[name, name]]);
      expect(await visitor.ask('wholeNames("figcaption")')).toEqual([[name]]);
      expect(await visitor.ask('cutOff()')).toEqual([]);
      await expectText(visitor);
    });

    it('in the filter', async () => {
      const visitor = visitorOf();
      const name = HOSTILE_NAMES['the end of an attribute and a script']!;
      await visitor.page.goto(`/?${new URLSearchParams({ q: name })}`);
      expect(await visitor.page.getByLabel('Filter').inputValue()).toBe(name);
      expect(await visitor.page.locator('#filtered').textContent()).toContain(name);
      await expectText(visitor);
    });
  });

  describe('for users with a login, over TLS', () => {
    let program: Program;

    beforeAll(async () => {
      const folder = stack.use(scratch());
      const { certFile, keyFile } = stack.use(createCertificateFolder()).get('server-1');
      const web = {
        tls_server_config: { cert_file: certFile, key_file: keyFile },
        basic_auth_users: { ada: hashSync('secret', 4) },
      };
      const config = {
        metrics: [{ name: 'accuracy', smoothing: { alpha: 1 }, drift: { below: 0.85 }, action: 'retrain' }],
        retrain: {
          initial_hold: '0s',
          group_wait: '0s',
          triggers: [{ name: 'training', webhook: { url: situation.receiver.url } }],
        },
      };
      writeFileSync(folder.file('web.yaml'), JSON.stringify(web));
      writeFileSync(folder.file('driftgauge.yaml'), JSON.stringify(config));
      program = stack.use(
        await Program.start({
          storagePath: folder.file('data'),
          configFile: folder.file('driftgauge.yaml'),
          args: [`--web.config.file=${folder.file('web.yaml')}`],
        }),
      );
    });

    it.each([
      ['a login that the browser asks for', 'fraud', ''],
      ['a login in the address', 'churn', 'ada:secret@'],
    ])('shows, follows and acts: %s', async (_how, model, login) => {
      const send = { username: 'ada', password: 'secret' };
      await using visitor = await visit(browser, {
        origin: program.url,
        ignoreHTTPSErrors: true,
        ...(login === '' && { httpCredentials: send }),
      });
      const { page } = visitor;
      await page.goto(program.url.replace('://', `://${login}`));
      await using service = await visit(browser, {
        origin: program.url,
        ignoreHTTPSErrors: true,
        httpCredentials: { ...send, send: 'always' },
      });
      const event = { model: { name: model, version: '1' }, metric: 'accuracy', value: 0.4 };
      const pushed = await service.context.request.post('/api/v1/events', { data: event });
      expect(pushed.status()).toBe(204);
      await page.getByRole('link', { name: `${model} 1`, exact: true }).click();
      await page.getByText('delivered').first().waitFor();
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.waitForURL(`**/models/${model}:1?request=rt_*`);
      await page.getByText('was cancelled').first().waitFor();
      expect(visitor.complaints).toEqual([]);
    });

    it('shows nothing to others', async () => {
      await using visitor = await visit(browser, { origin: program.url, ignoreHTTPSErrors: true });
      const response = await visitor.context.request.get('/');
      expect(response.status()).toBe(401);
      expect(await response.text()).not.toContain('fraud');
    });
  });
});
