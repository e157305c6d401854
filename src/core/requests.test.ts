import { describe, expect, it } from 'vitest';
import { reportFits } from './requests.ts';
import type { Report } from './retrain.ts';
import { HOUR, MINUTE, makeConfig, makePolicy, Scenario, START } from './scenario.testing.ts';
import { DAY_MS } from './signal.ts';

const B = 0.5;
const C = 0.9;
const outcome = (status: 'running' | 'succeeded' | 'failed'): Report => ({
  kind: 'outcome',
  status,
  version: null,
  message: null,
});
const failed = (written: boolean): Report => ({
  kind: 'attempt_failed',
  reason: 'connect',
  message: 'connect ECONNREFUSED 127.0.0.1:8080',
  written,
  retryAt: START + MINUTE,
  refused: false,
});

function asked(config = makeConfig()): Scenario {
  const scenario = new Scenario(config);
  scenario.sample(B);
  return scenario;
}

describe('a request', () => {
  const stories: Record<string, { reports: readonly Report[]; status: string; ended?: boolean }> = {
    'waits for its delivery': { reports: [], status: 'requested' },
    'is delivered, and waits for its outcome': {
      reports: [{ kind: 'attempt' }, { kind: 'delivered' }],
      status: 'delivered',
    },
    runs: { reports: [{ kind: 'attempt' }, { kind: 'delivered' }, outcome('running')], status: 'running' },
    succeeds: {
      reports: [{ kind: 'attempt' }, { kind: 'delivered' }, outcome('succeeded')],
      status: 'succeeded',
      ended: true,
    },
    fails: {
      reports: [{ kind: 'attempt' }, { kind: 'delivered' }, outcome('failed')],
      status: 'failed',
      ended: true,
    },
    'a failed attempt leaves it waiting': {
      reports: [{ kind: 'attempt' }, failed(true)],
      status: 'requested',
    },
    'is parked': {
      reports: [
        { kind: 'attempt' },
        { kind: 'parked', reason: 'gone', message: 'answered 410 Gone', written: true },
      ],
      status: 'parked',
    },
    'an outcome before our 2xx proves delivery': {
      reports: [{ kind: 'attempt' }, outcome('running')],
      status: 'running',
    },
    'an outcome while parked proves delivery': {
      reports: [
        { kind: 'attempt' },
        { kind: 'parked', reason: 'gone', message: 'answered 410 Gone', written: true },
        outcome('running'),
      ],
      status: 'running',
    },
    'our 2xx after its outcome changes nothing': {
      reports: [{ kind: 'attempt' }, outcome('succeeded'), { kind: 'delivered' }],
      status: 'succeeded',
      ended: true,
    },
    'our 2xx after a running report leaves it running': {
      reports: [{ kind: 'attempt' }, outcome('running'), { kind: 'delivered' }],
      status: 'running',
    },
    'is cancelled': { reports: [{ kind: 'cancel' }], status: 'cancelled', ended: true },
    'is redelivered when parked': {
      reports: [
        { kind: 'attempt' },
        { kind: 'parked', reason: 'gone', message: 'answered 410 Gone', written: true },
        { kind: 'redeliver', trigger: 'notes' },
      ],
      status: 'requested',
    },
  };

  it.each(Object.entries(stories))('%s', (_sentence, { reports, status, ended = false }) => {
    const scenario = asked();
    for (const report of reports) scenario.report(report);
    expect(scenario.request.status).toBe(status);
    expect(scenario.request.endedAt !== null).toBe(ended);
    expect(scenario.world.requests.has(scenario.request.id)).toBe(!ended);
    expect(scenario.version()!.model.inFlight !== null).toBe(!ended);
  });

  const parked: Report = { kind: 'parked', reason: 'gone', message: 'answered 410 Gone', written: true };
  const histories: Record<string, { reports: readonly Report[]; steps: readonly string[] }> = {
    'each attempt that failed, and the delivery': {
      reports: [
        { kind: 'attempt' },
        failed(true),
        { kind: 'attempt' },
        failed(true),
        { kind: 'attempt' },
        { kind: 'delivered' },
      ],
      steps: ['2 attempt_failed connect: connect ECONNREFUSED 127.0.0.1:8080', 'delivered'],
    },
    'why it was parked, and that it was sent again': {
      reports: [{ kind: 'attempt' }, parked, { kind: 'redeliver', trigger: 'notes' }],
      steps: ['parked gone: answered 410 Gone', 'redelivered: through trigger notes'],
    },
    'what the pipeline said, once where it ends it': {
      reports: [
        { kind: 'attempt' },
        { kind: 'delivered' },
        outcome('running'),
        outcome('running'),
        outcome('failed'),
      ],
      steps: ['delivered', '2 running', 'failed'],
    },
    'no delivery after a word of the pipeline that proves it': {
      reports: [{ kind: 'attempt' }, outcome('running'), { kind: 'delivered' }],
      steps: ['running'],
    },
    'that a person gave it up': { reports: [{ kind: 'cancel' }], steps: ['cancelled'] },
    'that its episode closed before anybody saw it': {
      reports: [{ kind: 'attempt' }, failed(false)],
      steps: ['attempt_failed connect: connect ECONNREFUSED 127.0.0.1:8080', 'withdrawn'],
    },
  };

  it.each(Object.entries(histories))('remembers %s', (_what, { reports, steps }) => {
    const scenario = asked();
    const { request } = scenario;
    for (const report of reports) scenario.report(report);
    if (steps.includes('withdrawn')) scenario.hold(C, { ms: HOUR });
    const told = request.steps.map(({ event, count, reason, detail }) => {
      const words = [count > 1 && count, event, reason].filter(Boolean).join(' ');
      return detail === null ? words : `${words}: ${detail}`;
    });
    expect(told).toEqual(['requested', ...steps]);
  });

  it('remembers when it timed out, and what came too late', () => {
    const scenario = asked();
    const { request } = scenario;
    scenario.report({ kind: 'attempt' });
    scenario.report({ kind: 'delivered' });
    scenario.wait(25 * HOUR);
    scenario.report(outcome('succeeded'), request);
    expect(request.steps.map(({ event, at }) => [event, at - START])).toEqual([
      ['requested', 0],
      ['delivered', 0],
      ['timed_out', 24 * HOUR],
      ['succeeded', 25 * HOUR],
    ]);
  });

  it('ends with its delivery where the trigger has no outcome', () => {
    const scenario = asked(makeConfig({ triggers: [{ name: 'training', models: [], outcome: 'none' }] }));
    scenario.report({ kind: 'attempt' });
    scenario.report({ kind: 'delivered' });
    expect(scenario.request).toMatchObject({ status: 'delivered', endedAt: START });
  });

  it('succeeds when a version is first seen after its delivery', () => {
    const scenario = asked();
    scenario.report({ kind: 'attempt' });
    scenario.report({ kind: 'delivered' });
    scenario.at += HOUR;
    scenario.sample(C, { version: '2' });
    expect(scenario.request).toMatchObject({ status: 'succeeded', outcome: { version: '2' } });
    expect(scenario.request.steps.at(-1)).toMatchObject({
      event: 'succeeded',
      reason: 'version_seen',
      detail: 'version 2 was first seen',
    });
  });

  it('does not succeed by a version that was seen before its delivery', () => {
    const scenario = new Scenario();
    scenario.sample(C, { version: '2' });
    scenario.sample(B);
    scenario.report({ kind: 'attempt' });
    scenario.report({ kind: 'delivered' });
    scenario.at += HOUR;
    scenario.sample(C, { version: '2' });
    expect(scenario.request.status).toBe('delivered');
  });

  it('in dry_run ends at once, starts a cooldown and counts for max_per_day', () => {
    const scenario = asked(makeConfig({ policy: makePolicy({ mode: 'dry_run' }) }));
    expect(scenario.request).toMatchObject({ status: 'dry_run', endedAt: START });
    expect(scenario.version()!.model).toMatchObject({ lastEndedAt: START, asks: [START], inFlight: null });
  });
});

describe('a request whose episode closes', () => {
  const recover = (scenario: Scenario) => {
    scenario.at += MINUTE;
    scenario.sample(C);
  };

  it('before any attempt is withdrawn: no cooldown, not counted', () => {
    const scenario = asked();
    recover(scenario);
    expect(scenario.request.status).toBe('withdrawn');
    expect(scenario.version()!.model).toMatchObject({ lastEndedAt: null, asks: [] });
  });

  it('after attempts that never wrote a byte is withdrawn', () => {
    const scenario = asked();
    scenario.report({ kind: 'attempt' });
    scenario.report(failed(false));
    recover(scenario);
    expect(scenario.request.status).toBe('withdrawn');
  });

  it('during an attempt stays, and is withdrawn when that attempt wrote nothing', () => {
    const scenario = asked();
    scenario.report({ kind: 'attempt' });
    recover(scenario);
    expect(scenario.request.status).toBe('requested');
    scenario.report(failed(false));
    expect(scenario.request.status).toBe('withdrawn');
  });

  it('after an attempt that may have written bytes stays to be delivered', () => {
    const scenario = asked();
    scenario.report({ kind: 'attempt' });
    scenario.report(failed(true));
    recover(scenario);
    expect(scenario.request.status).toBe('requested');
  });
});

describe('a cancelled request', () => {
  it('that was not delivered starts no cooldown, yet the same drift asks again only after one', () => {
    const scenario = asked();
    scenario.report({ kind: 'cancel' });
    expect(scenario.version()!.model.lastEndedAt).toBeNull();
    scenario.hold(B, { ms: 6 * HOUR - MINUTE });
    expect(scenario.requests).toHaveLength(1);
    scenario.hold(B, { ms: MINUTE });
    expect(scenario.requests).toHaveLength(2);
  });

  it('that was delivered starts a cooldown', () => {
    const scenario = asked();
    scenario.report({ kind: 'attempt' });
    scenario.report({ kind: 'delivered' });
    scenario.report({ kind: 'cancel' });
    expect(scenario.version()!.model.lastEndedAt).toBe(START);
  });
});

describe('what a report does to an ended request', () => {
  const ended = (...reports: Report[]) => {
    const scenario = asked();
    scenario.report({ kind: 'attempt' });
    for (const report of reports) scenario.report(report);
    return scenario;
  };

  it.each([
    ['the same outcome again is the same', [outcome('succeeded')], outcome('succeeded'), 'same'],
    ['another outcome is a conflict', [outcome('succeeded')], outcome('failed'), 'conflict'],
    [
      'the same outcome with another version is a conflict',
      [outcome('succeeded')],
      { ...outcome('succeeded'), version: '3' },
      'conflict',
    ],
    ['running after the end is a conflict', [outcome('failed')], outcome('running'), 'conflict'],
    [
      'an outcome of a cancelled request is a conflict',
      [{ kind: 'cancel' }],
      outcome('succeeded'),
      'conflict',
    ],
    ['cancelling twice is the same', [{ kind: 'cancel' }], { kind: 'cancel' }, 'same'],
    [
      'redelivering what is not parked is a conflict',
      [],
      { kind: 'redeliver', trigger: 'training' },
      'conflict',
    ],
  ] as const)('%s', (_sentence, before, report, fit) => {
    expect(reportFits(ended(...before).request, report)).toBe(fit);
  });

  it('an outcome after timed_out is recorded, once', () => {
    const scenario = ended({ kind: 'delivered' });
    scenario.wait(DAY_MS);
    expect(reportFits(scenario.request, outcome('succeeded'))).toBe('new');
    scenario.report(outcome('succeeded'));
    expect(scenario.request).toMatchObject({ status: 'timed_out', outcome: { status: 'succeeded' } });
    expect(reportFits(scenario.request, outcome('succeeded'))).toBe('same');
    expect(reportFits(scenario.request, outcome('failed'))).toBe('conflict');
  });
});
