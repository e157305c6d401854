/** Measures one figure in a process of its own, so that no figure runs on what another has left behind. */
import { join } from 'node:path';
import type { FigureModule } from './figure.ts';

const [name, quick] = process.argv.slice(2);
const { default: figure } = (await import(join(import.meta.dirname, 'figures', `${name}.ts`))) as {
  default: FigureModule;
};
const measured = await figure.measure({ quick: quick === 'quick' });
process.send!(measured, () => process.exit());
