/** The runbooks: a section for each alert, and what they tell people to type works on a real sidecar in trouble. */
import { execFile, spawnSync } from 'node:child_process';
import { cpSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prometheusRule } from '../tools/build-prometheus-rule.ts';
import { ALERTS, faultsOf } from './support/alerts.ts';
import { describeWith } from './support/requirements.ts';
import { scratch } from './support/scratch.ts';
import { MODELS, startTroubled, type Troubled } from './support/troubled.ts';

const ROOT = join(import.meta.dirname, '..');
const TEXT = readFileSync(join(ROOT, 'docs/runbooks.md'), 'utf8');
const SECTIONS = TEXT.split(/^## /m)
  .slice(1)
  .map((text) => ({ name: text.slice(0, text.indexOf('\n')), text }));
const blocks = (language: string) =>
  [...TEXT.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)\`\`\``, 'gms'))].map(([, text]) => text!.trim());

it('there is a section for each alert, in the order of the rules, and for nothing else', () => {
  expect(SECTIONS.map(({ name }) => name)).toEqual(ALERTS.map(({ alert }) => alert));
});

it.each(SECTIONS)('$name says what it means, what follows, where to look and what to do', ({ text }) => {
  expect([...text.matchAll(/^- \*\*(.+?)\*\*: /gm)].map(([, part]) => part)).toEqual([
    'Means',
    'Consequence',
    'Look',
    'Do',
  ]);
});

it('its links to sections lead somewhere', () => {
  const anchors = SECTIONS.map(({ name }) => `#${name.toLowerCase()}`);
  for (const [, target] of TEXT.matchAll(/\]\((#[^)]+)\)/g)) expect(anchors).toContain(target);
});

it('every log message that it quotes is logged', () => {
  const source = globSync('src/**/*.ts', { cwd: ROOT })
    .map((file) => readFileSync(join(ROOT, file), 'utf8'))
    .join('\n');
  const quoted = [...TEXT.matchAll(/`msg="([^"]+)"`/g)].map(([, message]) => message!);
  expect(quoted.length).toBeGreaterThan(5);
  for (const message of quoted) expect(source).toContain(`'${message}'`);
});

it.each(blocks('promql'))('names what is exposed: %s', (text) => {
  expect(faultsOf(text)).toEqual([]);
});

describeWith(['promtool'], 'the command that points runbook_url at a copy', () => {
  it('changes the rules, their tests and the PrometheusRule, which still fit each other', () => {
    using folder = scratch();
    for (const name of ['prometheus', 'k8s'])
      cpSync(join(ROOT, name), folder.file(name), { recursive: true });
    const sed = blocks('sh').find((text) => text.startsWith('sed '))!;
    const RUNBOOKS = 'https://git.example.org/ml/driftgauge/blob/main';
    const run = (command: string) => {
      const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
        cwd: folder.path,
        env: { ...process.env, RUNBOOKS },
        encoding: 'utf8',
      });
      expect(status, stdout + stderr).toBe(0);
    };
    run(sed);
    const rules = readFileSync(folder.file('prometheus/driftgauge.rules.yaml'), 'utf8');
    const urls = [...rules.matchAll(/runbook_url: (.*)/g)].map(([, url]) => url);
    expect(urls).toEqual(ALERTS.map(({ alert }) => `${RUNBOOKS}/docs/runbooks.md#${alert.toLowerCase()}`));
    run('! grep -r "driftgauge[.]example" .');
    // The quickest of them; the others have their links from the same command.
    run('promtool test rules prometheus/tests/deliveries.test.yaml');
    expect(readFileSync(folder.file('k8s/overlays/monitoring/prometheus-rule.yaml'), 'utf8')).toBe(
      prometheusRule(rules),
    );
  });
});

const CURL = blocks('sh').filter((text) => text.startsWith('curl '));

describeWith(['curl'], 'on a real sidecar in trouble', () => {
  const stack = new AsyncDisposableStack();
  let troubled: Troubled;

  beforeAll(async () => {
    troubled = stack.use(await startTroubled(stack.use(scratch())));
  });
  afterAll(() => stack.disposeAsync());

  // A request is cancelled once only; what is sent again is parked anew, and can be cancelled all the same.
  let cancelled = 0;

  it('there is something to type', () => {
    expect(CURL.length).toBeGreaterThan(10);
    expect(CURL.filter((text) => text.includes('/cancel'))).toHaveLength(MODELS.length);
  });

  it.each(CURL.map((text, index) => [`${index + 1}: ${text}`, text]))('%s', async (_title, text) => {
    const id = troubled.parked[cancelled]!;
    if (text.includes('/cancel')) cancelled++;
    const { stdout } = await promisify(execFile)('sh', ['-c', text], {
      env: {
        ...process.env,
        DRIFTGAUGE: troubled.program.url,
        MODEL: MODELS[0],
        VERSION: '1',
        METRIC: 'accuracy',
        ID: id,
      },
    });
    if (text.includes('/-/ready')) return expect(stdout).toBe('Driftgauge is Ready.\n');
    const answer = JSON.parse(stdout) as { status: string; data: unknown };
    expect(answer.status).toBe('success');
    if (text.includes('/cancel')) expect(answer.data).toMatchObject({ id, status: 'cancelled' });
    if (text.includes('/redeliver')) expect(answer.data).toMatchObject({ id, status: 'requested' });
    if (text.includes('/explain'))
      expect(answer).toMatchObject({
        data: [{ gates: expect.any(Array), decision: expect.any(Object), unmatched: expect.any(Array) }],
        metrics_without_signals: ['precision'],
        dropped_samples: {},
      });
    if (text.includes('status=parked'))
      expect(answer.data).toMatchObject([{ id: troubled.parked[1], status: 'parked' }]);
    if (text.includes('/signals'))
      expect(answer.data).toMatchObject([{ metric: 'accuracy', state: 'drifting' }]);
  });
});
