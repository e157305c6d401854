/** The parts of the shipped program that a scraped page goes through. */
import { shipped } from './shipped.ts';

export type ShippedPath = Awaited<ReturnType<typeof loadShippedPath>>;

export async function loadShippedPath() {
  return {
    ...(await shipped<typeof import('../src/sources/formats/page.ts')>('sources/formats/page.js')),
    ...(await shipped<typeof import('../src/sources/formats/index.ts')>('sources/formats/index.js')),
    ...(await shipped<typeof import('../src/sources/series-table.ts')>('sources/series-table.js')),
    ...(await shipped<typeof import('../src/sources/target-page.ts')>('sources/target-page.js')),
    ...(await shipped<typeof import('../src/sources/target-url.ts')>('sources/target-url.js')),
    ...(await shipped<typeof import('../src/sources/entries.ts')>('sources/entries.js')),
    ...(await shipped<typeof import('../src/core/derive/samples.ts')>('core/derive/samples.js')),
    ...(await shipped<typeof import('../src/core/derive/feeds.ts')>('core/derive/feeds.js')),
    ...(await shipped<typeof import('../src/core/derive/index.ts')>('core/derive/index.js')),
    ...(await shipped<typeof import('../src/core/batch.ts')>('core/batch.js')),
    ...(await shipped<typeof import('../src/core/world.ts')>('core/world.js')),
    ...(await shipped<typeof import('../src/core/signal.ts')>('core/signal.js')),
    ...(await shipped<typeof import('../src/detector.ts')>('detector.js')),
    ...(await shipped<typeof import('../src/engine.ts')>('engine.js')),
    ...(await shipped<typeof import('../src/bus.ts')>('bus.js')),
    ...(await shipped<typeof import('../src/log.ts')>('log.js')),
    ...(await shipped<typeof import('../src/store/open.ts')>('store/open.js')),
  };
}
