/**
 * A base image made of what this machine runs, in place of docker.io's Node image: the running Node, a shell, the few
 * programs that our Dockerfile calls, their libraries, and npm. Nothing is fetched.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

const PROGRAMS = ['cat', 'chmod', 'chown', 'env', 'find', 'grep', 'mkdir', 'rm', 'sleep'];
const NPM = 'usr/local/lib/node_modules/npm';

/** Fills an empty folder with the base's Dockerfile and its files. */
export function writeBaseImage(folder: string): void {
  const root = join(folder, 'root');
  const programs = PROGRAMS.map(onPath);
  const files = new Map<string, string>([['usr/local/bin/node', process.execPath]]);
  files.set('bin/sh', realpathSync('/bin/sh'));
  for (const program of programs)
    files.set(join('usr/bin', program.slice(program.lastIndexOf('/'))), program);
  for (const library of [process.execPath, '/bin/sh', ...programs].flatMap(libraries))
    files.set(library, library);
  for (const [to, from] of files) {
    const target = join(root, to);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(realpathSync(from), target);
    chmodSync(target, 0o755);
  }
  for (const name of ['etc', 'root', 'run', 'tmp', 'var/lib', 'var/tmp'])
    mkdirSync(join(root, name), { recursive: true });
  for (const name of ['tmp', 'var/tmp']) chmodSync(join(root, name), 0o1777);
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\n');
  cpSync(npmFolder(), join(root, NPM), { recursive: true, dereference: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'));
  writeFileSync(
    join(folder, 'Dockerfile'),
    ['FROM scratch', 'COPY root /', 'ENV PATH=/usr/local/bin:/usr/bin:/bin', 'CMD ["node"]', ''].join('\n'),
  );
}

/** The libraries of a program and its loader, by their absolute paths. */
function libraries(program: string): string[] {
  const listed = execFileSync('ldd', [realpathSync(program)], { encoding: 'utf8' });
  return [...listed.matchAll(/(\/\S+) \(0x/g)].map((match) => match[1]!);
}

function npmFolder(): string {
  const folder = dirname(dirname(realpathSync(onPath('npm'))));
  // Debian's own npm is spread over many folders.
  if (!existsSync(join(folder, 'node_modules')))
    throw new Error(`the image needs an npm in one piece; ${folder} has no node_modules`);
  return folder;
}

function onPath(name: string): string {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter))
    if (existsSync(join(folder, name))) return join(folder, name);
  throw new Error(`the base image needs ${name}, which is not on the PATH`);
}
