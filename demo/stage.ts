/** Brings everybody onto the stage, on free ports, with a folder of their own that is gone afterwards. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoConfig, SECRET_FILE } from './config.ts';
import { type ModelServer, startModelServer } from './model-server.ts';
import { type Prometheus, startPrometheus } from './prometheus.ts';
import { Sidecar } from './sidecar.ts';
import type { Happening } from './story.ts';
import { startTrainer, type Trainer } from './trainer.ts';

const SEED = 20;
const TRAINING_MS = 4000;

export interface Stage {
  readonly model: ModelServer;
  readonly trainer: Trainer;
  readonly sidecar: Sidecar;
  readonly configFile: string;
  readonly prometheus: Prometheus;
}

/** All that is started ends with `stack`. Rejects with a `SidecarError`. */
export async function setStage(
  stack: AsyncDisposableStack,
  { program, tell }: { readonly program: string; readonly tell: (happening: Happening) => void },
): Promise<Stage> {
  const folder = makeFolder(stack);
  const model = stack.use(await startModelServer({ seed: SEED }));
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  const trainer = stack.use(
    await startTrainer({
      secret,
      trainingMs: TRAINING_MS,
      deploy(version) {
        model.deploy(version);
        tell({ atMs: Date.now(), who: 'model', text: `serves version ${version} now` });
      },
      tell: (text) => tell({ atMs: Date.now(), who: 'trainer', text }),
    }),
  );
  const configFile = join(folder, 'driftgauge.yaml');
  const target = new URL(model.url).host;
  writeFileSync(configFile, demoConfig({ target, trainerUrl: trainer.url }));
  writeFileSync(join(folder, SECRET_FILE), secret, { mode: 0o600 });
  const sidecar = stack.use(await Sidecar.start({ program, configFile, storagePath: join(folder, 'data') }));
  const prometheus = stack.use(
    await startPrometheus({ folder: join(folder, 'prometheus'), target: new URL(sidecar.url).host }),
  );
  return { model, trainer, sidecar, configFile, prometheus };
}

function makeFolder(stack: AsyncDisposableStack): string {
  const folder = mkdtempSync(join(tmpdir(), 'driftgauge-demo-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // Also where the process ends without unwinding.
  process.once('exit', remove);
  stack.defer(() => {
    process.off('exit', remove);
    remove();
  });
  return folder;
}
