import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Minutes rather than seconds: begun last, they would run alone at the end. `kill` measures how fast the program starts, so
 * beside it come two that mostly wait.
 */
const LONG = ['kill', 'promql', 'prometheus', 'hostile-pages', 'page', 'page-live', 'image', 'demo'];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const index = LONG.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return index < 0 ? LONG.length : index;
    };
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    projects: [
      // They touch nothing global, so one worker runs file after file: a new one for each would be half of their time.
      { extends: true, test: { name: 'unit', include: ['src/**/*.test.ts'], isolate: false } },
      { extends: true, test: { name: 'whole', include: ['test/**/*.test.ts', 'grafana/**/*.test.ts'] } },
    ],
    // One more than the default on two cores: many tests wait for other programs, while a third would make the others late.
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
