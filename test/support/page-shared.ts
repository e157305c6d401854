/** One browser page for a whole table of cases, because a context for each costs more than what they look at. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type Visitor, type VisitorOptions, visit } from './browser.ts';

/** To be called in `describe`. Each case begins without complaints. */
export function sharedVisitor(browser: () => Browser, options: () => VisitorOptions): () => Visitor {
  let visitor: Visitor;
  beforeAll(async () => {
    visitor = await visit(browser(), options());
  });
  beforeEach(() => {
    visitor.complaints.length = 0;
    visitor.requests.length = 0;
  });
  afterAll(() => visitor[Symbol.asyncDispose]());
  return () => visitor;
}
