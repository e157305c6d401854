/** The script of the open page, by a clock that stands still: when it looks, what it takes over, and which keys it takes. */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from './support/browser.ts';
import { PageServer } from './support/page-server.ts';
import { describeWith } from './support/requirements.ts';

const PROBE = join(import.meta.dirname, 'support/page-client-probe.js');
/** After an event, and after a look. */
const SETTLE_MS = 300;
const REST_MS = 1000;
const LOOK_MS = 5000;
const PATIENCE_MS = 10_000;

describeWith(['chromium'], 'the script of an open page', () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await launchBrowser();
    page = await browser.newPage();
    await page.addInitScript({ path: PROBE });
    await page.clock.install({ time: 0 });
    await page.clock.pauseAt(1000);
  });
  afterAll(() => browser.close());

  /** A page whose stream was answered, and no time has passed. */
  const open = async (path = '/', prepare?: (server: PageServer) => void) => {
    const server = await PageServer.start();
    prepare?.(server);
    await page.goto(server.url + path);
    const ask = <T>(name: string) => page.evaluate<T>(`probe.${name}`);
    /** Settles when the script has heard so many events. */
    const heard = async (count: number) => {
      await expect
        .poll(() => ask('heard.length'), { interval: 5, timeout: 10_000 })
        .toBeGreaterThanOrEqual(count);
    };
    await heard(1);
    return {
      server,
      heard,
      lost: page.locator('#lost'),
      pass: (ms: number) => page.clock.runFor(ms),
      looks: () => ask<number>('looks'),
      streams: () => ask<number>('streams'),
      /** Settles when the page shows the server's answer of this number; the first is the page itself. */
      shows: (look: number) => page.locator('#look').getByText(String(look), { exact: true }).waitFor(),
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  };

  describe('looks', () => {
    it('a little after its stream is open, because much may have changed since the page was made', async () => {
      await using visit = await open();
      await visit.pass(SETTLE_MS - 1);
      expect(await visit.looks()).toBe(0);
      await visit.pass(1);
      await visit.shows(2);
    });

    it.each<[what: string, happens: (server: PageServer) => void]>([
      ['a change', (server) => server.tell('change')],
      ['changes that it missed', (server) => server.tell('missed')],
      ['the end of its stream', (server) => server.endStreams()],
    ])('after %s, a second after the look before', async (_what, happens) => {
      await using visit = await open();
      await visit.pass(SETTLE_MS);
      await visit.shows(2);
      happens(visit.server);
      await visit.heard(2);
      await visit.pass(REST_MS - 1);
      expect(await visit.looks()).toBe(1);
      await visit.pass(1);
      await visit.shows(3);
    });

    it('every five seconds while nothing happens', async () => {
      await using visit = await open();
      await visit.pass(SETTLE_MS);
      await visit.shows(2);
      await visit.pass(LOOK_MS - 1);
      expect(await visit.looks()).toBe(1);
      await visit.pass(1);
      await visit.shows(3);
    });

    it('once at a time, and again for what changed meanwhile', async () => {
      await using visit = await open();
      visit.server.stall();
      await visit.pass(SETTLE_MS);
      visit.server.tell('change');
      await visit.heard(2);
      await visit.pass(LOOK_MS);
      expect(await visit.looks()).toBe(1);
      visit.server.resume();
      await visit.shows(2);
      await visit.pass(SETTLE_MS);
      await visit.shows(3);
    });

    it('no longer than ten seconds for an answer: then it is not connected, until there is one', async () => {
      await using visit = await open();
      visit.server.stall();
      await visit.pass(SETTLE_MS);
      await visit.pass(PATIENCE_MS - 1);
      expect(await visit.lost.textContent()).toBe('');
      await visit.pass(1);
      await visit.lost.getByText('Not connected since').waitFor();
      visit.server.resume();
      await visit.pass(LOOK_MS);
      await page.locator('#lost:empty').waitFor({ state: 'attached' });
    });
  });

  it('opens its stream again five seconds after it was refused', async () => {
    await using visit = await open('/', (server) => {
      server.refusesStream = true;
    });
    visit.server.refusesStream = false;
    await visit.pass(LOOK_MS - 1);
    expect(await visit.streams()).toBe(1);
    await visit.pass(1);
    await visit.heard(2);
    expect(await visit.streams()).toBe(2);
  });

  describe('takes over', () => {
    it('a page of ours whatever its status: that a model is gone is worth knowing', async () => {
      await using visit = await open();
      visit.server.status = 404;
      await visit.pass(SETTLE_MS);
      await visit.shows(2);
      expect(await visit.lost.textContent()).toBe('');
    });

    it.each([
      ['a proxy that fails', 502, '<main>Bad gateway</main>'],
      ['a login that answers for us', 200, '<main><form>Who are you?</form></main>'],
      ['an error of the API', 401, '{"status":"error","errorType":"unauthorized"}'],
    ])('nothing of %s, but says that it is not connected', async (_who, status, foreign) => {
      await using visit = await open();
      Object.assign(visit.server, { status, foreign });
      await visit.pass(SETTLE_MS);
      await visit.lost.getByText('Not connected since').waitFor();
      await visit.shows(1);
    });
  });

  describe('the key of the filter', () => {
    it.each([
      ['/', 'body', 'filter'],
      ['Control+/', 'body', ''],
      ['Alt+/', 'body', ''],
      ['Meta+/', 'body', ''],
      ['/', '#other', 'other'],
    ])('%s, pressed in %s, leaves the focus in "%s"', async (key, place, focused) => {
      await using _visit = await open();
      await page.locator(place).press(key);
      expect(await page.evaluate('document.activeElement.id')).toBe(focused);
    });
  });

  describe('opens the episode that an address names', () => {
    it('when the page is loaded', async () => {
      await using _visit = await open('/#ep_1');
      await page.getByText('Its story').waitFor();
    });

    it('when a link of the page leads to it', async () => {
      await using _visit = await open();
      await page.evaluate('location.hash = "#ep_1"');
      await page.getByText('Its story').waitFor();
    });
  });
});
