/** A folder as kubelet mounts a ConfigMap: each file is a link into `..data`, which is a link that is replaced whole. */
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export class ConfigMapFolder {
  readonly #folder: string;
  readonly #name: string;
  #revision = 0;

  /** `folder` exists and is empty; anybody may read it afterwards. */
  constructor(folder: string, name: string, content: string) {
    this.#folder = folder;
    this.#name = name;
    chmodSync(folder, 0o755);
    this.update(content);
    symlinkSync(`..data/${name}`, join(folder, name));
  }

  update(content: string): void {
    const next = `..2026_${++this.#revision}`;
    mkdirSync(join(this.#folder, next));
    writeFileSync(join(this.#folder, next, this.#name), content);
    symlinkSync(next, join(this.#folder, '..data_tmp'));
    renameSync(join(this.#folder, '..data_tmp'), join(this.#folder, '..data'));
    rmSync(join(this.#folder, `..2026_${this.#revision - 1}`), { recursive: true, force: true });
  }
}
