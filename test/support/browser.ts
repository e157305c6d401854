/** Debian's Chromium, and pages in it that note whatever a browser complains of. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

const PROBE = join(import.meta.dirname, 'page-probe.js');
const ARGS = [
  // CI and containers run as root.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function launchBrowser(): Promise<Browser> {
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'chromium'))
    .find((file) => existsSync(file));
  if (found === undefined) throw new Error('there is no chromium on the PATH');
  return chromium.launch({ executablePath: found, args: ARGS });
}

export interface Visitor extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors and warnings of the console, errors of scripts, breaches of the CSP, dialogs, and requests to elsewhere. */
  readonly complaints: string[];
  /** `GET /path` of each request so far. */
  readonly requests: string[];
  /** Runs a probe of page-probe.js in the page. */
  ask<T>(probe: string): Promise<T>;
}

export interface VisitorOptions extends BrowserContextOptions {
  /** The only origin that may be asked for anything. */
  readonly origin: string;
}

/** A context of its own with one page; nothing is loaded yet. */
export async function visit(browser: Browser, { origin, ...options }: VisitorOptions): Promise<Visitor> {
  const context = await browser.newContext({ baseURL: origin, locale: 'en-GB', ...options });
  const complaints: string[] = [];
  const requests: string[] = [];
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`script: ${error.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin) complaints.push(`asked elsewhere: ${url}`);
    requests.push(`${request.method()} ${url.pathname}`);
  });
  await page.exposeFunction('noteViolation', (what: string) => complaints.push(`CSP: ${what}`));
  await page.addInitScript({ path: PROBE });
  return {
    page,
    context,
    complaints,
    requests,
    ask: <T>(probe: string) => page.evaluate<T>(`probe.${probe}`),
    [Symbol.asyncDispose]: () => context.close(),
  };
}
