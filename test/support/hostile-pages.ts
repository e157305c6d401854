/** Scrapes that go wrong: pages that were good once, with a content type that may lie, and those that were kept. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { FormatName } from './good-pages.ts';
import { CONTENT_TYPES, FORMATS } from './good-pages.ts';
import { brokenPage } from './hostile-edits.ts';

export interface HostilePage {
  readonly contentType: string;
  readonly content: Buffer;
}

/** What comes to a target that has given good pages before. */
export interface HostileScrapes {
  /** The format of the good pages. */
  readonly before: FormatName;
  readonly pages: readonly HostilePage[];
}

/** Of none of our formats, or none that makes sense. */
const OTHER_TYPES = [
  ...[
    '',
    ';',
    'text',
    'text/html; charset=utf-8',
    'application/json',
    'TEXT/PLAIN;VERSION=1.0.0',
    '__proto__',
  ],
  ...[
    'text/plain; version="0.0.4',
    'application/openmetrics-text;version=;;;=',
    `text/plain;${'a=b;'.repeat(1000)}`,
  ],
  'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=text',
  'application/vnd.google.protobuf; proto="\\"\\\\"; encoding=compact-text',
  'application/vnd.google.protobuf',
];

const page = fc.tuple(
  brokenPage,
  fc.oneof(
    { weight: 8, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom(...Object.values(CONTENT_TYPES)) },
    { weight: 1, arbitrary: fc.constantFrom(...OTHER_TYPES) },
  ),
);

export function hostileScrapes(maxPages: number): fc.Arbitrary<HostileScrapes> {
  return fc
    .tuple(fc.constantFrom(...FORMATS), fc.array(page, { minLength: 1, maxLength: maxPages, size: 'max' }))
    .map(([before, pages]) => ({
      before,
      pages: pages.map(([broken, lie]) => {
        const { format, content } = broken(before);
        return { contentType: lie ?? CONTENT_TYPES[format], content };
      }),
    }));
}

const FOLDER = join(import.meta.dirname, '../data/hostile');

/** As a file has it: base64 in lines, so that a page of some kilobytes can be looked at. */
interface KeptCase {
  /** What was wrong with what we did. */
  readonly fault: string;
  readonly before: FormatName;
  readonly pages: readonly { readonly contentType: string; readonly base64: readonly string[] }[];
}

/** Every failure that was ever found, by what it was. */
export function keptScrapes(): readonly (readonly [title: string, scrapes: HostileScrapes])[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const { fault, before, pages } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as KeptCase;
      const scrapes = {
        before,
        pages: pages.map(({ contentType, base64 }) => ({
          contentType,
          content: Buffer.from(base64.join(''), 'base64'),
        })),
      };
      return [`${file}: ${fault}`, scrapes];
    });
}

/** Answers the name of the file. */
export function keepScrapes(fault: string, { before, pages }: HostileScrapes): string {
  const kept: KeptCase = {
    fault: fault.split('\n')[0]!.slice(0, 200),
    before,
    pages: pages.map(({ contentType, content }) => ({
      contentType,
      base64: content.toString('base64').match(/.{1,100}/g) ?? [],
    })),
  };
  const text = `${JSON.stringify(kept, null, 2)}\n`;
  const name = `${createHash('sha256').update(text).digest('hex').slice(0, 12)}.json`;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, name), text);
  return name;
}
