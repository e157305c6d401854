/** The page of metrics: a view that reads everything at scrape time and keeps nothing but encoded labels and its buffer. */
import { writeDeliveries, writeOutbox } from './delivery-families.ts';
import { writeEpisodes, writeModels } from './episode-families.ts';
import { Exposition } from './exposition.ts';
import { createLabelCache } from './label-cache.ts';
import { CONTENT_TYPES, negotiate } from './negotiate.ts';
import { writeBuild, writeDrops, writeOwn, writeTargets } from './own-families.ts';
import type { ProcessMetrics } from './process.ts';
import { writeProcess } from './process.ts';
import { writeSignals } from './signal-families.ts';
import type { MetricsSource } from './source.ts';

/** The body is the reader's until it disposes of the page; then its memory is used for the next one. */
export interface RenderedPage extends Disposable {
  readonly contentType: string;
  readonly body: Buffer;
}

export interface MetricsPage {
  /** `accept` is the request's header. */
  render(accept: string | undefined): Promise<RenderedPage>;
}

/** Without `process`, only our own families. */
export function createMetricsPage(source: MetricsSource, process?: ProcessMetrics): MetricsPage {
  const labels = createLabelCache();
  let spare: Buffer | undefined;
  return {
    async render(accept) {
      const format = negotiate(accept);
      const ofProcess = (await process?.read()) ?? [];
      // From here on nothing is awaited: the page shows one instant.
      const out = new Exposition(format, spare);
      spare = undefined;
      writeBuild(out, source);
      writeSignals(out, source, labels);
      writeEpisodes(out, source, labels);
      writeModels(out, source, labels);
      writeDeliveries(out, source);
      writeOutbox(out, source);
      writeTargets(out, source);
      writeDrops(out, source);
      writeOwn(out, source);
      writeProcess(out, ofProcess);
      const { page, buffer } = out.finish();
      return {
        contentType: CONTENT_TYPES[format],
        body: page,
        [Symbol.dispose]() {
          spare = buffer;
        },
      };
    },
  };
}
