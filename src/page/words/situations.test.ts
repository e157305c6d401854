/** What the page says in each situation: the headline of all models, the decision in a row, and the story of one model. */
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, makeConfig, makePolicy, makeRule, SECOND } from '../../core/scenario.testing.ts';
import { resolveSignal } from '../../core/signals.ts';
import { FakeBackend } from '../../http/backend.testing.ts';
import { wordsOf } from '../page.testing.ts';
import { standings } from '../standing.ts';
import { decisionWords } from './decision-words.ts';
import { headline } from './headline.ts';
import { story } from './story.ts';

const RULES = [
  makeRule(),
  makeRule({ metric: 'recall', entry: 1, forMs: 5 * MINUTE, minSamples: 3 }),
  makeRule({ metric: 'drop_rate', entry: 2, action: 'flag' }),
  makeRule({ metric: 'error_ratio', entry: 3, action: 'inhibit' }),
  makeRule({ metric: 'f1', entry: 4, warmUp: 10 }),
  makeRule({
    metric: 'precision',
    entry: 5,
    action: 'flag',
    detector: { kind: 'threshold', bound: 'below', threshold: 0.85, clear: 0.87 },
    keepFiringForMs: 10 * MINUTE,
  }),
];

function backendWith(play: (backend: FakeBackend) => void): FakeBackend {
  const backend = new FakeBackend(
    makeConfig({ rules: RULES, policy: makePolicy({ cooldownMs: 4 * HOUR, groupWaitMs: 30 * SECOND }) }),
  );
  play(backend);
  return backend;
}

const asked = ({ scenario }: FakeBackend) => {
  scenario.sample(0.6);
  scenario.wait(30 * SECOND);
};
const delivered = (backend: FakeBackend) => {
  asked(backend);
  backend.scenario.report({ kind: 'attempt' });
  backend.scenario.report({ kind: 'delivered' });
};
const ended = (status: 'succeeded' | 'failed', version: string | null) => (backend: FakeBackend) => {
  delivered(backend);
  backend.scenario.wait(MINUTE);
  backend.scenario.report({ kind: 'outcome', status, version, message: null });
};
const failing = (backend: FakeBackend) => {
  asked(backend);
  const { scenario } = backend;
  const retryAt = scenario.at + 10 * MINUTE;
  scenario.report({ kind: 'attempt' });
  scenario.report({
    kind: 'attempt_failed',
    reason: 'http_5xx',
    message: 'answered 503 Service Unavailable',
    written: true,
    retryAt,
    refused: false,
  });
};
const pendingFor =
  (ms: number) =>
  ({ scenario }: FakeBackend) => {
    scenario.sample(0.6, { metric: 'recall' });
    scenario.wait(ms);
    scenario.sample(0.6, { metric: 'recall' });
  };

describe.each<
  [string, (backend: FakeBackend) => void, { headline: string; decision: string; story: string }]
>([
  [
    'all is well',
    ({ scenario }) => {
      scenario.sample(0.9);
      scenario.wait(41 * MINUTE);
      scenario.sample(0.9);
    },
    {
      headline: 'No model drifts.',
      decision: '',
      story: 'It does not drift.',
    },
  ],
  [
    'a signal is warming up',
    ({ scenario }) => void scenario.sample(0.1, { metric: 'f1' }),
    {
      headline: 'No model drifts. 1 is warming up and not judged yet.',
      decision: '',
      story: 'It does not drift. 1 of its 1 signals is warming up and not judged yet.',
    },
  ],
  [
    'a breach has not lasted long enough',
    pendingFor(3 * MINUTE),
    {
      headline: 'No model drifts. 1 is beyond a threshold, not long enough yet.',
      decision: 'waits: 3m of 5m, 2 of 3 samples',
      story:
        'It is beyond a threshold since 00:00, 3m: average of recall 0.6 < 0.85. That is no drift yet; recall waits: 3m of 5m, 2 of 3 samples.',
    },
  ],
  [
    'it has lasted, but for too few samples',
    pendingFor(5 * MINUTE),
    {
      headline: 'No model drifts. 1 is beyond a threshold, not long enough yet.',
      decision: 'waits: 2 of 3 samples',
      story:
        'It is beyond a threshold since 00:00, 5m: average of recall 0.6 < 0.85. That is no drift yet; recall waits: 2 of 3 samples.',
    },
  ],
  [
    'a drift is only flagged',
    ({ scenario }) => void scenario.sample(0.6, { metric: 'drop_rate' }),
    {
      headline: '1 model drifts.',
      decision: 'flag: shown, asks for nothing',
      story:
        'It drifts since 00:00:00, 0s: average of drop_rate 0.6 < 0.85. Nothing is asked for that: the action is flag.',
    },
  ],
  [
    'a drift only inhibits',
    ({ scenario }) => void scenario.sample(0.6, { metric: 'error_ratio' }),
    {
      headline: '1 model drifts.',
      decision: 'inhibit: holds the retrains of its version',
      story:
        'It drifts since 00:00:00, 0s: average of error_ratio 0.6 < 0.85. Nothing is asked for that: the action is inhibit.',
    },
  ],
  [
    'the average is back within the threshold, and not clear yet',
    ({ scenario }) => {
      scenario.sample(0.5, { metric: 'precision' });
      scenario.wait(MINUTE);
      scenario.sample(0.86, { metric: 'precision' });
    },
    {
      headline: '1 model drifts.',
      decision: 'flag: shown, asks for nothing',
      story:
        'It drifts since 00:00:00, 1m: average of precision 0.86 ≥ 0.85 (not clear before 0.87). Nothing is asked for that: the action is flag.',
    },
  ],
  [
    'it is clear, and not for long enough',
    ({ scenario }) => {
      scenario.sample(0.5, { metric: 'precision' });
      scenario.wait(MINUTE);
      scenario.sample(0.9, { metric: 'precision' });
    },
    {
      headline: '1 model drifts.',
      decision: 'flag: shown, asks for nothing',
      story:
        'It drifts since 00:00:00, 1m: average of precision 0.9 ≥ 0.85 (recovering: ok at 00:11, if it stays so). Nothing is asked for that: the action is flag.',
    },
  ],
  [
    'it was clear, and its samples have stopped',
    ({ scenario }) => {
      scenario.sample(0.5, { metric: 'precision' });
      scenario.wait(MINUTE);
      scenario.sample(0.9, { metric: 'precision' });
      scenario.wait(6 * MINUTE);
    },
    {
      headline: '1 model drifts.',
      decision: 'flag: shown, asks for nothing; no sample for 6m',
      story:
        'It drifts since 00:00, 7m: average of precision 0.9 ≥ 0.85 (recovering: waits for samples). Nothing is asked for that: the action is flag.',
    },
  ],
  [
    'it has asked again',
    (backend) => {
      ended('failed', null)(backend);
      const { scenario } = backend;
      scenario.hold(0.6, { ms: 4 * HOUR });
      scenario.wait(30 * SECOND);
      scenario.report({ kind: 'cancel' });
    },
    {
      headline: '1 model drifts.',
      decision: 'retrain cancelled 04:02:00; may ask again 08:02',
      story:
        'It drifts since 00:00, 4h2m: average of accuracy 0.6 < 0.85. It has asked: retrain cancelled 04:02:00. If the drift lasts, it may ask again at 08:02.',
    },
  ],
  [
    'an episode is held until a known time',
    ({ scenario }) => {
      scenario.sample(0.6);
      scenario.wait(10 * SECOND);
    },
    {
      headline: '1 model drifts. Retrains: 1 is held: group_wait until 00:00:30.',
      decision: 'held: group_wait until 00:00:30',
      story:
        'It drifts since 00:00:00, 10s: average of accuracy 0.6 < 0.85. It has not asked for a retrain: group_wait, collecting signals for 30s. It could ask at 00:00:30.',
    },
  ],
  [
    'an episode is held by what has no time',
    ({ scenario }) => {
      scenario.sample(0.6, { metric: 'error_ratio' });
      scenario.sample(0.6);
    },
    {
      headline: '1 model drifts. Retrains: 1 is held: inhibited.',
      decision: 'held: inhibited',
      story:
        'It drifts since 00:00:00, 0s: average of accuracy 0.6 < 0.85. It has not asked for a retrain: inhibited, error_ratio drifts and inhibits.',
    },
  ],
  [
    'a request is on its way',
    asked,
    {
      headline: '1 model drifts. Retrains: 1 waits for delivery.',
      decision: 'retrain requested 00:00:30, being delivered',
      story:
        'It drifts since 00:00:00, 30s: average of accuracy 0.6 < 0.85. It has asked: retrain requested 00:00:30, being delivered.',
    },
  ],
  [
    'an attempt has failed',
    failing,
    {
      headline: '1 model drifts. Retrains: 1 waits for delivery.',
      decision: 'retrain requested 00:00:30, attempt 1 failed: http_5xx, next attempt 00:10',
      story:
        'It drifts since 00:00:00, 30s: average of accuracy 0.6 < 0.85. It has asked: retrain requested 00:00:30, attempt 1 failed: http_5xx, next attempt 00:10.',
    },
  ],
  [
    'an attempt has failed, and the next is due',
    (backend) => {
      failing(backend);
      backend.scenario.wait(10 * MINUTE);
    },
    {
      headline: '1 model drifts. Retrains: 1 waits for delivery.',
      decision: 'retrain requested 00:00, attempt 1 failed: http_5xx',
      story:
        'It drifts since 00:00, 10m30s: average of accuracy 0.6 < 0.85. It has asked: retrain requested 00:00, attempt 1 failed: http_5xx.',
    },
  ],
  [
    'another attempt is under way',
    (backend) => {
      failing(backend);
      backend.scenario.wait(10 * MINUTE);
      backend.scenario.report({ kind: 'attempt' });
    },
    {
      headline: '1 model drifts. Retrains: 1 waits for delivery.',
      decision: 'retrain requested 00:00, attempt 2 is under way, the one before failed: http_5xx',
      story:
        'It drifts since 00:00, 10m30s: average of accuracy 0.6 < 0.85. It has asked: retrain requested 00:00, attempt 2 is under way, the one before failed: http_5xx.',
    },
  ],
  [
    'delivery was given up',
    (backend) => {
      failing(backend);
      backend.scenario.report({
        kind: 'parked',
        reason: 'refused',
        message: 'answered 404 Not Found',
        written: true,
      });
    },
    {
      headline: '1 model drifts. Retrains: 1 is parked.',
      decision: 'retrain parked after 1 attempt: refused',
      story:
        'It drifts since 00:00:00, 30s: average of accuracy 0.6 < 0.85. It has asked: retrain parked after 1 attempt: refused.',
    },
  ],
  [
    'the pipeline has it',
    delivered,
    {
      headline: '1 model drifts. Retrains: 1 was delivered.',
      decision: 'retrain delivered 00:00:30, no word from the pipeline yet',
      story:
        'It drifts since 00:00:00, 30s: average of accuracy 0.6 < 0.85. It has asked: retrain delivered 00:00:30, no word from the pipeline yet.',
    },
  ],
  [
    'the pipeline works on it',
    (backend) => {
      delivered(backend);
      backend.scenario.report({ kind: 'outcome', status: 'running', version: null, message: null });
    },
    {
      headline: '1 model drifts. Retrains: 1 is running.',
      decision: 'retrain running since 00:00:30',
      story:
        'It drifts since 00:00:00, 30s: average of accuracy 0.6 < 0.85. It has asked: retrain running since 00:00:30.',
    },
  ],
  [
    'it succeeded, and the drift goes on',
    ended('succeeded', '2'),
    {
      headline: '1 model drifts.',
      decision: 'retrain succeeded 00:01:30 with version 2; may ask again 04:01',
      story:
        'It drifts since 00:00:00, 1m30s: average of accuracy 0.6 < 0.85. It has asked: retrain succeeded 00:01:30 with version 2. If the drift lasts, it may ask again at 04:01.',
    },
  ],
  [
    'it failed, and the drift goes on',
    ended('failed', null),
    {
      headline: '1 model drifts.',
      decision: 'retrain failed 00:01:30; may ask again 04:01',
      story:
        'It drifts since 00:00:00, 1m30s: average of accuracy 0.6 < 0.85. It has asked: retrain failed 00:01:30. If the drift lasts, it may ask again at 04:01.',
    },
  ],
  [
    'samples have stopped',
    ({ scenario }) => {
      scenario.sample(0.9);
      scenario.wait(HOUR);
    },
    {
      headline: 'No model drifts. 1 model has had no sample for long: the state stands still.',
      decision: 'no sample for 1h',
      story: 'It does not drift. 1 of its 1 signals is stale: no sample for long, so the state stands still.',
    },
  ],
  [
    'an episode has ended',
    (backend) => {
      delivered(backend);
      const { scenario } = backend;
      scenario.report({ kind: 'outcome', status: 'succeeded', version: null, message: null });
      scenario.wait(MINUTE);
      scenario.sample(0.9);
      scenario.wait(41 * MINUTE);
      scenario.sample(0.9, { version: '1' });
    },
    {
      headline: 'No model drifts. The last episode ended 00:01, 41m ago.',
      decision: '',
      story: 'It does not drift. The last episode ended 00:01, 41m ago.',
    },
  ],
  [
    'a breach has not lasted long enough, and nothing comes any more',
    (backend) => {
      pendingFor(3 * MINUTE)(backend);
      backend.scenario.wait(10 * MINUTE);
    },
    {
      headline: 'No model drifts. 1 is beyond a threshold, not long enough yet.',
      decision: 'waits: 3m of 5m, 2 of 3 samples; no sample for 10m',
      story:
        'It is beyond a threshold since 00:00, 13m: average of recall 0.6 < 0.85. That is no drift yet; recall waits: 3m of 5m, 2 of 3 samples; no sample for 10m.',
    },
  ],
  [
    'nothing is sent, because it is a trial',
    (backend) => {
      const { scenario } = backend;
      const policy = makePolicy({ cooldownMs: 4 * HOUR, mode: 'dry_run' });
      scenario.reconfigure(makeConfig({ rules: RULES, policy }));
      scenario.sample(0.6);
    },
    {
      headline: '1 model drifts.',
      decision: 'retrain not sent 00:00:00: dry_run; may ask again 04:00',
      story:
        'It drifts since 00:00:00, 0s: average of accuracy 0.6 < 0.85. It has asked: retrain not sent 00:00:00: dry_run. If the drift lasts, it may ask again at 04:00.',
    },
  ],
])('where %s', (_, play, expected) => {
  const backend = backendWith(play);
  const all = standings(backend.world, backend.now());

  it('the headline says so', () => {
    expect(wordsOf(headline(all, backend))).toBe(expected.headline);
  });

  it('the row says why or what next', () => {
    expect(wordsOf(decisionWords(all[0]!, backend))).toBe(expected.decision);
  });

  it('the model tells the story', () => {
    expect(wordsOf(story(all[0]!.version, { source: backend, root: '', successor: all[0]!.successor }))).toBe(
      expected.story,
    );
  });
});

it('the headline counts models, and agrees with the numbers', () => {
  const backend = backendWith(({ scenario }) => {
    for (const model of ['a', 'b']) scenario.sample(0.6, { model });
    scenario.sample(0.6, { model: 'a', version: '2' });
    scenario.sample(0.6, { model: 'a', version: '3', metric: 'recall' });
    for (const model of ['a', 'c', 'd']) scenario.sample(0.6, { model, metric: 'recall' });
  });
  const all = standings(backend.world, backend.now());
  expect(wordsOf(headline(all, backend))).toBe(
    '2 models drift. 2 more are beyond a threshold, not long enough yet. Retrains: 3 are held.',
  );
});

it('the episode that ended last is told, whichever began last', () => {
  const backend = backendWith(({ scenario }) => {
    scenario.sample(0.6, { model: 'a' });
    scenario.wait(SECOND);
    scenario.sample(0.6, { model: 'b' });
    scenario.wait(MINUTE);
    scenario.sample(0.9, { model: 'b' });
    scenario.wait(4 * MINUTE);
    scenario.sample(0.9, { model: 'a' });
    scenario.wait(2 * MINUTE);
  });
  const all = standings(backend.world, backend.now());
  expect(wordsOf(headline(all, backend))).toMatch(/The last episode ended 00:05, 2m ago\./);
});

describe('a version that was replaced', () => {
  const replaced = () =>
    backendWith((backend) => {
      ended('succeeded', '2')(backend);
      const { scenario } = backend;
      for (let minutes = 0; minutes <= 120; minutes++) {
        scenario.wait(MINUTE);
        scenario.sample(0.9, { version: '2' });
      }
    });

  it('is no model that drifts, and no model without samples', () => {
    const backend = replaced();
    expect(backend.scenario.story.at(-1)).toBe('close ep_fraud:1#1 replaced');
    const all = standings(backend.world, backend.now());
    expect(wordsOf(headline(all, backend))).toMatch(/^No model drifts\. The last episode ended/);
    expect(all.map(({ version, state }) => `${version.name.version} ${state}`)).toEqual([
      '2 ok',
      '1 replaced',
    ]);
  });

  it('drifts like any other while its samples are fresh, and says what became of its episode', () => {
    const fresh = [makeRule({ staleAfterMs: 24 * HOUR })];
    const backend = backendWith(({ scenario }) => {
      scenario.reconfigure(makeConfig({ rules: fresh, policy: makePolicy({ groupWaitMs: 2 * HOUR }) }));
      scenario.sample(0.6);
      scenario.hold(0.9, { ms: 61 * MINUTE, version: '2' });
    });
    expect(backend.scenario.story.at(-1)).toBe('close ep_fraud:1#1 replaced');
    const all = standings(backend.world, backend.now());
    expect(all.map(({ version, state }) => `${version.name.version} ${state}`)).toEqual([
      '1 drifting',
      '2 ok',
    ]);
    const [old] = all;
    expect(wordsOf(headline(all, backend))).toMatch(/^1 model drifts\./);
    expect(wordsOf(decisionWords(old!, backend))).toBe('its episode was closed as replaced');
    expect(wordsOf(story(old!.version, { source: backend, root: '', successor: old!.successor }))).toMatch(
      / No retrain is asked for: its episode was closed as replaced\.$/,
    );
  });

  it('is not said to have given way to one that has samples, where nobody has any', () => {
    const backend = replaced();
    backend.scenario.wait(HOUR);
    const [, old] = standings(backend.world, backend.now());
    expect(wordsOf(decisionWords(old!, backend))).toBe('version 2 had the last samples');
  });

  it('names what came after it', () => {
    const backend = replaced();
    const [, old] = standings(backend.world, backend.now());
    expect(wordsOf(decisionWords(old!, backend))).toBe('version 2 has the samples now');
    expect(wordsOf(story(old!.version, { source: backend, root: '', successor: old!.successor }))).toBe(
      'It was replaced: version 2 has the samples now. It still drifted when its last sample came.',
    );
  });
});

it('a version whose signals are gone is not told as one that never had any', () => {
  const backend = backendWith((backend) => {
    delivered(backend);
    backend.scenario.reconfigure(makeConfig({ rules: [] }));
  });
  const version = backend.scenario.version()!;
  expect(wordsOf(story(version, { source: backend, root: '', successor: null }))).toBe(
    'No signal of it is known any more: they had no samples for long, or the config has none of them. It has asked: retrain delivered 00:00:30, no word from the pipeline yet.',
  );
});

it('a version whose signals began anew is not told as one whose signals are gone', () => {
  const backend = backendWith((backend) => {
    delivered(backend);
    const anew = makeRule({ inputFingerprint: 'another smoothing' });
    backend.scenario.reconfigure(makeConfig({ rules: [anew] }));
    resolveSignal(backend.world, anew, { name: 'fraud', version: '1' });
  });
  const version = backend.scenario.version()!;
  expect(wordsOf(story(version, { source: backend, root: '', successor: null }))).toBe(
    'Its signals began anew with the config, and wait for their first sample.',
  );
});

it('an episode whose request was forgotten is not told as one that has not asked', () => {
  const backend = backendWith(ended('failed', null));
  const request = backend.scenario.request.id;
  backend.history.request = () => undefined;
  const [standing] = standings(backend.world, backend.now());
  expect(wordsOf(decisionWords(standing!, backend))).toBe(`asked once, with ${request}; its history is gone`);
  expect(wordsOf(story(standing!.version, { source: backend, root: '', successor: null }))).toMatch(
    /It has asked once, and the history of that is gone\.$/,
  );
});
