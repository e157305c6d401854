import { describe, expect, it } from 'vitest';
import { composePayload, type PayloadSource } from './payload.ts';

const source: PayloadSource = {
  request: {
    id: 'rt_1',
    model: { name: 'fraud', version: '1.4.0' },
    episode: 'ep_1',
    reason: 'EMA for accuracy breached threshold 0.850, current 0.612',
    requestedAt: Date.UTC(2026, 10, 24, 10, 0, 0, 0),
  },
  facts: {
    breachSince: Date.UTC(2026, 10, 24, 9, 54, 30) + 0.999,
    driftingSince: Date.UTC(2026, 10, 24, 9, 59, 30),
    signals: [{ metric: 'accuracy', value: 0.58, ema: 0.612, bound: 'below', threshold: 0.85, samples: 240 }],
    gates: [{ gate: 'cooldown', verdict: 'pass', detail: 'last request ended 31h ago' }],
  },
  externalLabels: new Map([['env', 'prod']]),
  externalUrl: 'http://10.1.2.3:9822',
  token: 'secret-token',
};

const text = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

describe('payload', () => {
  it('is the JSON of the contract, key by key', () => {
    expect(text(composePayload(source))).toBe(
      '{"type":"retrain.requested","timestamp":"2026-11-24T10:00:00.000Z",' +
        '"data":{"id":"rt_1","model":{"name":"fraud","version":"1.4.0"},"labels":{"env":"prod"},"episode":"ep_1",' +
        '"reason":"EMA for accuracy breached threshold 0.850, current 0.612",' +
        '"breach_since":"2026-11-24T09:54:30.000Z","drifting_since":"2026-11-24T09:59:30.000Z",' +
        '"signals":[{"metric":"accuracy","value":0.58,"ema":0.612,"bound":"below","threshold":0.85,"samples":240}],' +
        '"gates":[{"gate":"cooldown","verdict":"pass","detail":"last request ended 31h ago"}],' +
        '"outcome":{"url":"http://10.1.2.3:9822/api/v1/retrains/rt_1/outcome","token":"secret-token"}}}',
    );
  });

  it('says of a gate that waits the same three things', () => {
    const gates = [{ gate: 'cooldown', verdict: 'wait', until: 5, detail: 'for 5h' }] as const;
    const { data } = JSON.parse(text(composePayload({ ...source, facts: { ...source.facts, gates } })));
    expect(data.gates).toEqual([{ gate: 'cooldown', verdict: 'wait', detail: 'for 5h' }]);
  });

  it('has no episode where a person asked', () => {
    const { data } = JSON.parse(
      text(composePayload({ ...source, request: { ...source.request, episode: null } })),
    );
    expect(data.episode).toBeNull();
  });

  it.each(['http://h:1/driftgauge/', 'http://h:1/driftgauge//', 'http://h:1/driftgauge'])(
    'joins %s and the path by one slash',
    (externalUrl) => {
      const { data } = JSON.parse(text(composePayload({ ...source, externalUrl })));
      expect(data.outcome.url).toBe('http://h:1/driftgauge/api/v1/retrains/rt_1/outcome');
    },
  );

  it.each(['__proto__', 'constructor', '"', '\u0000', '\u202e', '\ud800', ''])(
    'carries the name %j and gives it back',
    (name) => {
      const payload = composePayload({
        ...source,
        request: { ...source.request, model: { name, version: name } },
        externalLabels: new Map([[name, name]]),
      });
      const { data } = JSON.parse(text(payload));
      expect(data.model).toEqual({ name, version: name });
      expect(Object.entries(data.labels)).toEqual([[name, name]]);
      expect(Object.keys(Object.prototype)).toEqual([]);
    },
  );

  it.each([
    [-1e300, '0000-01-01T00:00:00.000Z'],
    [1e300, '9999-12-31T23:59:59.999Z'],
    [-0.001, '1969-12-31T23:59:59.999Z'],
  ])('writes the sample time %d as %s', (breachSince, expected) => {
    const { data } = JSON.parse(text(composePayload({ ...source, facts: { ...source.facts, breachSince } })));
    expect(data.breach_since).toBe(expected);
  });
});
