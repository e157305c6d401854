/** The status page of the shipped program in Chromium: what it shows, to whom, how fast, and that it stays what it is. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, type Visitor, visit } from './support/browser.ts';
import { seriousFindings } from './support/page-axe.ts';
import { startRelay } from './support/page-relay.ts';
import { sharedVisitor } from './support/page-shared.ts';
import { type PageSituation, pushEvents, startPageSituation } from './support/page-situation.ts';
import { Program } from './support/program.ts';
import { describeWith } from './support/requirements.ts';
import { scratch } from './support/scratch.ts';

const PHONE = { width: 360, height: 740 };
const DESK = { width: 1280, height: 800 };
/** 300 models, two signals each: 5 drift, 5 are near it, the rest is well. */
const CROWD = 300;

/** The kinds of pages, in the situation. */
const PAGES: Readonly<Record<string, string>> = {
  'the overview': '/',
  'a filtered overview': '/?q=fraud',
  'a model whose retrain was delivered': '/models/fraud:1',
  'a model with a parked request': '/models/legacy:1',
  'a model with an episode that is over': '/models/churn:1',
  'a model that is well': '/models/steady:1',
  'the targets': '/targets',
  'the triggers': '/triggers',
  'the config': '/config',
};
/** The rules that depend on the colour scheme. */
const COLOURS = ['color-contrast', 'link-in-text-block'];
const NOT_FOUND = '/models/nobody:1';

describeWith(['chromium'], 'the status page in a browser', () => {
  const stack = new AsyncDisposableStack();
  let browser: Browser;
  let situation: PageSituation;
  let empty: Program;
  let crowd: Program;

  beforeAll(async () => {
    const folder = stack.use(scratch());
    const start = (name: string) => Program.start({ storagePath: folder.file(name) });
    [browser, situation, empty, crowd] = await Promise.all([
      launchBrowser(),
      startPageSituation(folder),
      start('empty'),
      start('crowd'),
    ]);
    stack.defer(() => browser.close());
    for (const one of [situation, empty, crowd]) stack.use(one);
    const models = Array.from({ length: CROWD }, (_, index) => index);
    // Twice, so that there is something to draw a line between.
    for (const value of [0.95, 0.93]) {
      await pushEvents(
        crowd,
        models.flatMap((index) => [
          [`model-${index}`, index % 60 === 7 ? 0.5 : value],
          [`model-${index}`, 40, 'inference_latency'],
        ]),
      );
    }
  });
  afterAll(() => stack.disposeAsync());

  const open = async (path: string, options: Partial<Parameters<typeof visit>[1]> = {}): Promise<Visitor> => {
    const visitor = await visit(browser, { origin: situation.program.url, viewport: DESK, ...options });
    await visitor.page.goto(path);
    return visitor;
  };

  describe('300 models', () => {
    it('are painted within a second, in at most 200 kB, the most urgent first, and the rest can be reached', async () => {
      await using visitor = await open('/', { origin: crowd.url });
      const { page } = visitor;
      const paints: number[] = [];
      for (let load = 0; load < 3; load++) {
        await page.goto('/');
        paints.push(await visitor.ask<number>('painted()'));
      }
      const [best, median] = paints.sort((a, b) => a - b) as [number, number];
      const bytes = (await (await crowd.get('/')).arrayBuffer()).byteLength;
      console.info(
        `300 models: first contentful paint ${Math.round(best)} ms (best of 3; median ${Math.round(median)} ms), ${bytes} bytes`,
      );
      // The best one, because the machine is shared: what the page costs, not what others do meanwhile.
      expect(best).toBeLessThan(1000);
      expect(bytes).toBeLessThan(200_000);

      const seen: string[] = [];
      for (let skip = 0; ; skip++) {
        seen.push(...(await visitor.ask<string[]>('rowNames()')));
        const next = page.getByRole('link', { name: 'Next', exact: true });
        if ((await next.count()) === 0) break;
        await next.click();
        await page.waitForURL(new RegExp(`skip=${(skip + 1) * 100}`));
      }
      expect(seen.slice(0, 5)).toEqual([
        'model-7 1',
        'model-67 1',
        'model-127 1',
        'model-187 1',
        'model-247 1',
      ]);
      expect(seen.length).toBe(CROWD);
      expect(new Set(seen).size).toBe(CROWD);
      expect(visitor.complaints).toEqual([]);
    });
  });

  describe('says nothing to the console, breaks no policy, and asks nobody else', () => {
    /** Until the page's own script has been at work, too. */
    const atWork = async ({ page, complaints }: Visitor, path: string) => {
      const looked = page.waitForResponse((response) => response.request().resourceType() === 'fetch');
      await page.goto(path);
      await looked;
      return complaints;
    };

    const visitorOf = sharedVisitor(
      () => browser,
      () => ({ origin: situation.program.url }),
    );

    it.each(Object.entries(PAGES))('%s', async (_kind, path) => {
      const visitor = visitorOf();
      expect(await atWork(visitor, path)).toEqual([]);
      expect(visitor.requests).toContain('GET /assets/live.js');
      expect(visitor.requests).toContain('GET /api/v1/events');
      expect(await visitor.ask('intruders()')).toEqual([]);
    });

    it('the first page of a new one, which teaches how to push', async () => {
      await using visitor = await visit(browser, { origin: empty.url });
      expect(await atWork(visitor, '/')).toEqual([]);
      expect(await visitor.page.locator('pre').textContent()).toContain(`${empty.url}/api/v1/events`);
    });

    // Chromium itself notes that a page's own status is an error; there is nothing else.
    const ownStatus = (status: string) => [
      `console: Failed to load resource: the server responded with a status of ${status}`,
    ];

    it('a model that nobody knows', async () => {
      await using visitor = await open(NOT_FOUND);
      expect(await visitor.page.locator('h1').textContent()).toBe('No such model version');
      expect(visitor.complaints).toEqual(ownStatus('404 (Not Found)'));
    });

    it('an action that can not be done', async () => {
      await using visitor = await open('/');
      const answered = visitor.page.waitForURL('**/cancel');
      await visitor.page.evaluate(
        `{ const form = document.createElement('form'); form.method = 'post';
           form.action = 'retrains/${situation.ended}/cancel'; document.body.append(form); form.submit(); }`,
      );
      await answered;
      expect(await visitor.page.locator('h1').textContent()).toBe('Nothing was changed');
      expect(visitor.complaints).toEqual(ownStatus('409 (Conflict)'));
      await visitor.page.getByRole('link', { name: 'All models' }).click();
      await visitor.page.locator('#models').waitFor();
    });
  });

  describe('axe-core finds nothing serious, light and dark, on a desk and on a phone', () => {
    // axe can only be put into a page whose policy is not obeyed.
    const visitorOf = sharedVisitor(
      () => browser,
      () => ({ origin: situation.program.url, bypassCSP: true }),
    );

    it.each<[kind: string, path: string, program: () => Program]>([
      ...Object.entries({ ...PAGES, 'a model that nobody knows': NOT_FOUND }).map(
        ([kind, path]): [string, string, () => Program] => [kind, path, () => situation.program],
      ),
      ['the first page of a new one', '/', () => empty],
      ['300 models', '/', () => crowd],
    ])('%s', async (_kind, path, program) => {
      const { page } = visitorOf();
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize(DESK);
      await page.goto(program().url + path);
      const found = [await seriousFindings(page)];
      await page.emulateMedia({ colorScheme: 'dark' });
      found.push(await seriousFindings(page, COLOURS));
      await page.setViewportSize(PHONE);
      found.push(await seriousFindings(page));
      await page.emulateMedia({ colorScheme: 'light' });
      found.push(await seriousFindings(page, COLOURS));
      expect(found).toEqual([[], [], [], []]);
    });
  });

  describe('at 360 px', () => {
    const visitorOf = sharedVisitor(
      () => browser,
      () => ({ origin: situation.program.url, viewport: PHONE, hasTouch: true }),
    );

    it.each([...Object.entries(PAGES), ['a model that nobody knows', NOT_FOUND] as const])(
      'nothing is cut off and a finger hits: %s',
      async (_kind, path) => {
        const visitor = visitorOf();
        await visitor.page.goto(path);
        expect(await visitor.ask('cutOff()')).toEqual([]);
        expect(await visitor.ask('smallTargets()')).toEqual([]);
      },
    );

    it('rows and cells keep their roles, states are words, plots have names', async () => {
      const visitor = visitorOf();
      const { page, context } = visitor;
      await page.goto('/');
      await page.locator('svg.plot').first().waitFor();
      const session = await context.newCDPSession(page);
      const { nodes } = await session.send('Accessibility.getFullAXTree');
      const names = (role: string) =>
        nodes
          .filter((node) => !node.ignored && node.role?.value === role)
          .map((node) => String(node.name?.value).trim());
      expect(names('table')).toHaveLength(1);
      expect(names('rowheader')).toEqual(await visitor.ask('rowNames()'));
      expect(names('row')).toHaveLength(names('rowheader').length);
      expect(names('cell').filter((name) => /^(drifting|pending|ok)$/.test(name))).toHaveLength(
        names('row').length,
      );
      expect(names('image').filter((name) => name.startsWith('Average of')).length).toBeGreaterThan(2);
      expect(names('main')).toHaveLength(1);
      expect(names('search')).toHaveLength(1);
    });
  });

  describe('without JavaScript', () => {
    const plain = { javaScriptEnabled: false };

    it('everything can be read', async () => {
      await using visitor = await open('/', plain);
      const { page } = visitor;
      expect(await page.locator('#headline').textContent()).toMatch(/^3 models drift\. 1 more is beyond/);
      expect(await page.locator('#models tbody tr').count()).toBe(5);
      await page.getByRole('link', { name: 'fraud 1', exact: true }).click();
      expect(await page.locator('#headline').textContent()).toContain('accuracy 0.612 < 0.85');
      expect(await page.locator('#gates li').count()).toBe(8);
      expect(await page.locator('#signals figure').count()).toBe(2);
      expect(await page.locator('#episodes').textContent()).toContain('delivered');
    });

    it('the filter filters', async () => {
      await using visitor = await open('/targets', plain);
      const { page } = visitor;
      await page.getByLabel('Filter').fill('FRAUD');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/?q=FRAUD');
      expect(await page.locator('#models tbody th').allTextContents()).toEqual(['fraud 1']);
      await page.getByRole('link', { name: 'Show all' }).click();
      expect(await page.locator('#models tbody tr').count()).toBe(5);
    });

    it('who may not write is offered nothing, and would be refused', async () => {
      await using relay = await startRelay(situation.program.url);
      await using visitor = await open('/models/legacy:1', { ...plain, origin: relay.url });
      expect(await visitor.page.locator('#episodes').textContent()).toContain('parked');
      expect(await visitor.page.locator('form[method=post], button').count()).toBe(0);
      const asked = await fetch(`${relay.url}/retrains/${situation.parked}/cancel`, { method: 'POST' });
      expect(asked.status).toBe(403);
    });

    it('a parked request is sent again, and given up, by forms that lead back to the model', async () => {
      await using visitor = await open('/models/legacy:1', plain);
      const { page } = visitor;
      const { parked, receiver, program } = situation;
      const before = receiver.deliveries.filter(({ id }) => id === parked).length;
      const total = receiver.deliveries.length;
      await page.getByRole('button', { name: 'Redeliver' }).click();
      await page.waitForURL(`**/models/legacy:1?request=${parked}#${parked}`);
      await receiver.received(total + 1);
      expect(receiver.deliveries.filter(({ id }) => id === parked)).toHaveLength(before + 1);
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.waitForURL(`**/models/legacy:1?request=${parked}#${parked}`);
      await page.getByText('was cancelled').first().waitFor();
      expect(await page.locator('form[method=post]').count()).toBe(0);
      const retrain = await program.data<{ status: string }>(`/api/v1/retrains/${parked}`);
      expect(retrain.status).toBe('cancelled');
    });
  });

  describe('by keyboard', () => {
    it('the way goes from the skip link through the pages to the rows, and is visible', async () => {
      await using visitor = await open('/');
      const way: string[] = [];
      for (;;) {
        await visitor.page.keyboard.press('Tab');
        const { text, hasOutline, isInView } = await visitor.ask<Record<string, string>>('focused()');
        expect({ text, hasOutline, isInView }).toEqual({ text, hasOutline: true, isInView: true });
        way.push(text!);
        if (text === 'churn 1') break;
      }
      expect(way.slice(0, 8)).toEqual([
        'Skip to content',
        'Driftgauge',
        'Models',
        'Targets',
        'Triggers',
        'Config',
        'Metrics',
        'Filter',
      ]);
      await visitor.page.keyboard.press('Enter');
      await visitor.page.waitForURL('**/models/churn:1');
    });

    it('the skip link skips', async () => {
      await using visitor = await open('/');
      await visitor.page.keyboard.press('Tab');
      await visitor.page.keyboard.press('Enter');
      expect(await visitor.ask('focused()')).toMatchObject({ id: 'main' });
    });

    it('a slash goes to the filter, which filters while it is typed into', async () => {
      await using visitor = await open('/');
      const { page } = visitor;
      await page.keyboard.press('/');
      expect(await visitor.ask('focused()')).toMatchObject({ id: 'filter' });
      await page.keyboard.type('slip');
      await page.locator('#filtered').waitFor();
      expect(await page.getByLabel('Filter').inputValue()).toBe('slip');
      expect(await visitor.ask('rowNames()')).toEqual(['slipping 1']);
      expect(new URL(page.url()).search).toBe('?q=slip');
      await page.keyboard.type('/');
      expect(await page.getByLabel('Filter').inputValue()).toBe('slip/');
    });
  });

  describe('as somebody asked to see it', () => {
    it('nothing moves, whether or not motion is welcome', async () => {
      await using visitor = await open('/models/fraud:1');
      expect(await visitor.ask('moving()')).toBe(0);
    });

    it('on paper there is no navigation and no button', async () => {
      await using visitor = await open('/models/fraud:1');
      await visitor.page.emulateMedia({ media: 'print' });
      expect(await visitor.page.locator('nav, button, #filter').filter({ visible: true }).count()).toBe(0);
      expect(await visitor.page.locator('#headline').isVisible()).toBe(true);
    });
  });
});
