/** Which fenced blocks there may be in the docs, and what is checked of each. A block that no rule takes is a fault. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { parseAllDocuments } from 'yaml';
import { readWebConfig } from '../../../src/http/web-config.ts';
import { loadConfig } from '../../../src/index.ts';
import { commandFaults } from './commands.ts';
import { type Block, ROOT } from './pages.ts';

/** What is wrong with a block of this language; empty: nothing. */
type Rule = (block: Block) => readonly string[] | Promise<readonly string[]>;

const shell: Rule = ({ text }) => {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
  return [...(status === 0 ? [] : [stderr.trim()]), ...commandFaults(text)];
};

const json: Rule = ({ text }) => {
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
};

/** Strictly: the tree has a node for what is no PromQL. */
const promql: Rule = ({ text }) => {
  const faults: string[] = [];
  parser.parse(text).iterate({
    enter: ({ type, from, to }) =>
      void (type.isError && faults.push(`no PromQL at "${text.slice(from, to + 10)}"`)),
  });
  return faults;
};

/** Of code and output: a test that names the page has it in hand. */
const testedElsewhere: Rule = ({ place }) => {
  const page = place.replace(/:\d+$/, '');
  return testsNaming(page).length > 0 ? [] : [`no test names ${page}, so nobody runs this`];
};

const mermaid: Rule = ({ text }) =>
  /^(flowchart|stateDiagram-v2|sequenceDiagram)\b/.test(text) ? [] : ['begins like no diagram'];

const yaml: Rule = async (block) => {
  const documents = parseAllDocuments(block.text);
  const faults = documents.flatMap(({ errors }) => errors.map(({ message }) => message));
  if (faults.length > 0) return faults;
  const kinds = documents.map((document) => yamlKind(document.toJS()));
  const results = await Promise.all(
    kinds.map((kind) => (kind ? YAML_KINDS[kind](block) : ['YAML of no known kind'])),
  );
  return results.flat();
};

type YamlKind = 'kustomization' | 'driftgauge' | 'prometheus' | 'rules' | 'web' | 'elsewhere';

function yamlKind(value: unknown): YamlKind | null {
  const has = (...keys: string[]) => keys.some((key) => Object.hasOwn(Object(value), key));
  if (has('configMapGenerator', 'secretGenerator') && !has('apiVersion')) return 'kustomization';
  // Manifests, kustomizations, Alertmanager's and Grafana's files have tests of their own.
  if (has('apiVersion', 'receivers', 'route', 'resources', 'patches', 'datasources', 'providers'))
    return 'elsewhere';
  if (has('metrics')) return 'driftgauge';
  if (has('tls_server_config', 'basic_auth_users', 'http_server_config')) return 'web';
  if (has('groups')) return 'rules';
  return has('scrape_configs', 'rule_files', 'remote_write', 'alerting') ? 'prometheus' : null;
}

const YAML_KINDS: Readonly<Record<YamlKind, Rule>> = {
  driftgauge({ text, place }) {
    // Variables of the reader's environment.
    const env = Object.fromEntries([...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => [name, 'set']));
    const loaded = loadConfig({ text, file: place, env });
    return loaded.ok ? [] : loaded.problems.map(({ path, message }) => `${path}: ${message}`);
  },
  prometheus: ({ text }) => promtool(['check', 'config', '--syntax-only'], text),
  rules: ({ text }) => promtool(['check', 'rules'], text),
  web: ({ text }) =>
    inFile(text, async (file) => {
      const reading = await readWebConfig(file);
      // Certificates are the reader's.
      return reading.ok
        ? []
        : reading.error.problems.filter((problem) => !/cannot be read|, and so is/.test(problem));
    }),
  /** Of a piece of one: the files that it names are in the repository, where their names have a folder. */
  kustomization: async ({ text }) =>
    [...text.matchAll(/^\s*- (?:\w+=)?([\w.-]+\/\S+)$/gm)].flatMap(([, file]) =>
      existsSync(join(ROOT, file!)) ? [] : [`there is no ${file}`],
    ),
  elsewhere: testedElsewhere,
};

async function promtool(command: readonly string[], text: string): Promise<readonly string[]> {
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((folder) => existsSync(join(folder, 'promtool')));
  if (!found) return process.env['CI'] === 'true' ? ['promtool (Debian package prometheus) is missing'] : [];
  return inFile(text, async (file) => {
    const { status, stdout, stderr } = spawnSync('promtool', [...command, file], { encoding: 'utf8' });
    return status === 0 ? [] : [`${stdout}${stderr}`];
  });
}

async function inFile<T>(text: string, use: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'driftgauge-'));
  try {
    const file = join(folder, 'block.yml');
    writeFileSync(file, text);
    return await use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Test files that name a page, that of the docs in general aside. */
function testsNaming(page: string): readonly string[] {
  const folder = join(ROOT, 'test');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.test.ts') && file !== 'docs.test.ts')
    .filter((file) => readFileSync(join(folder, file), 'utf8').includes(page));
}

export const RULES: Readonly<Record<string, Rule>> = {
  sh: shell,
  yaml,
  json,
  promql,
  mermaid,
  ts: testedElsewhere,
  js: testedElsewhere,
  text: testedElsewhere,
  /** A picture in the README. */
  '': ({ place }) => (place.startsWith('README.md:') ? [] : ['a block needs a language']),
};
