import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePush } from './push.ts';
import type { PushProblem } from './push-body.ts';

const NOW = Date.UTC(2026, 10, 24, 10);
const EVENT = { model: { name: 'fraud', version: '1.4.0' }, metric: 'accuracy', value: 0.5 };

function parse(body: string | Uint8Array) {
  return parsePush(typeof body === 'string' ? Buffer.from(body) : body, NOW);
}

function events(body: string | Uint8Array) {
  const result = parse(body);
  if (!result.ok) throw new Error(JSON.stringify(result.items));
  return result.events;
}

function problems(body: string | Uint8Array): readonly PushProblem[] {
  const result = parse(body);
  if (result.ok) throw new Error('was taken');
  return result.items;
}

describe('the form of a body is told by its bytes', () => {
  const one = JSON.stringify(EVENT);
  const two = JSON.stringify({ ...EVENT, value: 0.75 });

  it.each<[form: string, body: string, values: number[]]>([
    ['one object', one, [0.5]],
    ['one object over several lines', JSON.stringify(EVENT, null, 2), [0.5]],
    ['an array', `[${one},${two}]`, [0.5, 0.75]],
    ['an array over several lines', `\n [\n${one},\r\n${two}\n]\n`, [0.5, 0.75]],
    ['an empty array: nothing', '[]', []],
    ['an object per line', `${one}\n${two}`, [0.5, 0.75]],
    ['an object per line, with a last line break', `${one}\n${two}\n`, [0.5, 0.75]],
    ['an object per line, with blank lines and CRLF', `\r\n${one}\r\n\r\n  \r\n${two}\r\n`, [0.5, 0.75]],
    ['an object after blanks', ` \t\r\n${one}`, [0.5]],
    ['an object after a byte order mark', `\ufeff${one}`, [0.5]],
  ])('%s', (_form, body, values) => expect(events(body).map(({ value }) => value)).toEqual(values));

  it.each<[fault: string, body: string | Uint8Array, index: number, message: RegExp]>([
    ['an empty body', '', 0, /^the body is empty$/],
    ['a blank body', ' \r\n\t', 0, /^the body is empty$/],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 0, /^the body is not valid UTF-8$/],
    [
      'an overlong form of a slash',
      Buffer.from([0x22, 0xc0, 0xaf, 0x22]),
      0,
      /^the body is not valid UTF-8$/,
    ],
    ['no JSON at all', 'accuracy 0.5', 0, /^not valid JSON: /],
    ['a number', '5', 0, /^expected an object, found 5$/],
    ['null', 'null', 0, /^expected an object, found null$/],
    ['an array in an array', '[[]]', 0, /^expected an object, found an array$/],
    ['an array that does not end', `[${one}`, 0, /^not valid JSON: /],
    ['a broken object over several lines', '{\n"model": {}\n"metric": 1\n}', 0, /^not valid JSON: /],
    ['a broken second line', `${one}\n{"model"\n${one}`, 1, /^not valid JSON: /],
    ['two objects on one line', `${one}${one}`, 0, /^not valid JSON: /],
    ['NaN as a literal', `{"value": NaN}`, 0, /^not valid JSON: /],
  ])('%s is refused', (_fault, body, index, message) => {
    expect(problems(body)).toEqual([{ index, path: '', message: expect.stringMatching(message) }]);
  });
});

describe('an event', () => {
  it('has model, metric, value and time', () => {
    expect(events(JSON.stringify({ ...EVENT, timestamp: '2026-11-24T09:59:59.25Z' }))).toEqual([
      { model: { name: 'fraud', version: '1.4.0' }, metric: 'accuracy', value: 0.5, timestamp: NOW - 750 },
    ]);
  });

  it('without a version has the version none', () => {
    expect(events(JSON.stringify({ ...EVENT, model: { name: 'fraud' } }))[0]!.model).toEqual({
      name: 'fraud',
      version: 'none',
    });
  });

  it('without a timestamp has the time NaN', () => {
    expect(events(JSON.stringify(EVENT))[0]).not.toHaveProperty('timestamp');
  });

  it.each<[timestamp: unknown, time: number]>([
    [NOW / 1000, NOW],
    [NOW / 1000 + 0.25, NOW + 250],
    [NOW / 1000 + 0.000001, (NOW * 1000 + 1) / 1000],
    [0, 0],
    [-1, -1000],
    ['2026-11-24T11:00:00+01:00', NOW],
    ['2026-11-24T10:05:00Z', NOW + 300_000],
  ])('takes the timestamp %j', (timestamp, time) => {
    expect(events(JSON.stringify({ ...EVENT, timestamp }))[0]!.timestamp).toBe(time);
  });

  it.each<[name: string]>([
    ['__proto__'],
    ['constructor'],
    ['a:b%c'],
    ['"quoted"\n\r\t\\'],
    ['\u202egnirts'],
    ['\u0000'],
    ['模型'],
    ['🙂'],
    ['x'.repeat(1024)],
    ['🙂'.repeat(256)],
  ])('may be of any model, version and metric: %j', (name) => {
    const [event] = events(JSON.stringify({ model: { name, version: name }, metric: name, value: 1 }));
    expect(event).toMatchObject({ model: { name, version: name }, metric: name });
  });

  it('takes the last of a key that comes twice, as JSON does', () => {
    expect(events('{"model":{"name":"a"},"metric":"m","value":1,"value":2}')[0]!.value).toBe(2);
  });

  it.each<[fault: string, event: string, path: string, message: RegExp]>([
    [
      'no model',
      '{"metric":"m","value":1}',
      'model',
      /^expected an object with name and version, found nothing$/,
    ],
    ['a model that is a name', '{"model":"a","metric":"m","value":1}', 'model', /found "a"$/],
    ['a model that is a list', '{"model":[],"metric":"m","value":1}', 'model', /found an array$/],
    ['a model without a name', '{"model":{},"metric":"m","value":1}', 'model.name', /found nothing$/],
    ['an empty name', '{"model":{"name":""},"metric":"m","value":1}', 'model.name', /^must not be empty$/],
    [
      'a version that is a number',
      '{"model":{"name":"a","version":1.4},"metric":"m","value":1}',
      'model.version',
      /found 1.4$/,
    ],
    [
      'a version that is null',
      '{"model":{"name":"a","version":null},"metric":"m","value":1}',
      'model.version',
      /found null$/,
    ],
    [
      'an unknown key',
      '{"model":{"name":"a"},"metric":"m","value":1,"x":1}',
      'x',
      /^unknown key, expected model/,
    ],
    [
      'an unknown key of the model',
      '{"model":{"name":"a","id":1},"metric":"m","value":1}',
      'model.id',
      /^unknown key, expected name/,
    ],
    [
      'a __proto__ key',
      '{"model":{"name":"a"},"metric":"m","value":1,"__proto__":{}}',
      '__proto__',
      /^unknown key/,
    ],
    [
      'a __proto__ that would be the model',
      '{"__proto__":{"model":{"name":"a"}},"metric":"m","value":1}',
      '__proto__',
      /^unknown key/,
    ],
    ['no metric', '{"model":{"name":"a"},"value":1}', 'metric', /found nothing$/],
    [
      'half a surrogate pair',
      '{"model":{"name":"\\ud800"},"metric":"m","value":1}',
      'model.name',
      /surrogate/,
    ],
    ['no value', '{"model":{"name":"a"},"metric":"m"}', 'value', /^expected a number, found nothing$/],
    ['a value that is text', '{"model":{"name":"a"},"metric":"m","value":"NaN"}', 'value', /found "NaN"$/],
    ['a value that is null', '{"model":{"name":"a"},"metric":"m","value":null}', 'value', /found null$/],
    ['a value that overflows', '{"model":{"name":"a"},"metric":"m","value":1e999}', 'value', /^too large/],
    [
      'a value that overflows downwards',
      '{"model":{"name":"a"},"metric":"m","value":-1e999}',
      'value',
      /^too large/,
    ],
  ])('with %s is refused', (_fault, event, path, message) => {
    expect(problems(event)).toContainEqual({ index: 0, path, message: expect.stringMatching(message) });
  });

  it.each<[fault: string, name: string]>([
    ['1025 letters', 'x'.repeat(1025)],
    ['1026 bytes of 342 characters', '模'.repeat(342)],
    ['1028 bytes of 257 emoji', '🙂'.repeat(257)],
  ])('with a name of %s is refused', (_fault, name) => {
    expect(problems(JSON.stringify({ ...EVENT, metric: name }))).toEqual([
      { index: 0, path: 'metric', message: 'longer than 1024 bytes' },
    ]);
  });

  const seconds = NOW / 1000;
  it.each<[timestamp: unknown, message: RegExp]>([
    [seconds + 301, /^more than 5m ahead of our clock$/],
    ['2026-11-24T10:05:01Z', /^more than 5m ahead of our clock$/],
    [NOW, /looks like milliseconds, Unix seconds are expected$/],
    [NOW * 1e3, /looks like microseconds/],
    [NOW * 1e6, /looks like nanoseconds/],
    [1e300, /^more than 5m ahead of our clock$/],
    [-1e12, /^outside the years 0000 to 9999$/],
    ['yesterday', /^expected RFC 3339 with an offset, or Unix seconds, found "yesterday"$/],
    ['2026-11-24T10:00:00', /^expected RFC 3339/],
    ['1764000000', /^expected RFC 3339/],
    [null, /found null$/],
    [true, /found true$/],
  ])('with the timestamp %j is refused', (timestamp, message) => {
    expect(problems(JSON.stringify({ ...EVENT, timestamp }))).toEqual([
      { index: 0, path: 'timestamp', message: expect.stringMatching(message) },
    ]);
  });
});

describe('a body with faults', () => {
  it('gives no event, and lists each fault by index and path', () => {
    const body = JSON.stringify([EVENT, { ...EVENT, value: 'high', metric: '' }, EVENT, {}]);
    expect(problems(body).map(({ index, path }) => `${index} ${path}`)).toEqual([
      '1 metric',
      '1 value',
      '3 model',
      '3 metric',
      '3 value',
    ]);
  });

  it('lists each of them', () => {
    const items = problems(JSON.stringify(Array.from({ length: 5000 }, () => ({ ...EVENT, value: null }))));
    expect(items).toHaveLength(5000);
    expect(items.at(-1)).toEqual({ index: 4999, path: 'value', message: 'expected a number, found null' });
  });

  it.each<[form: string, body: string]>([
    ['lines that are no JSON', `{}\n${'x\n'.repeat(1_000_000)}`],
    ['lines that are no events', '{}\n'.repeat(1_000_000)],
    ['items that are no events', `[${'{},'.repeat(1_000_000)}{}]`],
  ])('is given up where a million of them are %s', (_form, body) => {
    expect(parse(body)).toMatchObject({ ok: false, complete: false, items: { length: 10_000 } });
  });

  it('never quotes much of what was sent', () => {
    const long = 'k'.repeat(100_000);
    const body = JSON.stringify({ ...EVENT, [long]: 1, model: { name: 'a', [long]: 1 }, timestamp: long });
    expect(JSON.stringify(problems(body)).length).toBeLessThan(1000);
  });

  it.each<[name: string, body: string]>([
    ['an array 200,000 deep', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
    [
      'a value 200,000 deep',
      `{"model":{"name":"a"},"metric":"m","value":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
    ],
    ['an object 100,000 deep', `${'{"model":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['brackets that never close', '['.repeat(200_000)],
  ])('may be %s', (_name, body) => {
    expect(problems(body).length).toBeGreaterThan(0);
  });
});

describe('for any input', () => {
  it('a body either gives events of the right form or lists problems, and never throws', () => {
    const nearly = fc.oneof(
      fc.record({
        name: fc.oneof(fc.string(), fc.jsonValue()),
        version: fc.oneof(fc.string(), fc.jsonValue()),
      }),
      fc.jsonValue(),
    );
    const event = fc.record(
      {
        model: nearly,
        metric: fc.oneof(fc.string(), fc.jsonValue()),
        value: fc.oneof(fc.double(), fc.jsonValue()),
        timestamp: fc.oneof(
          fc.double(),
          fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
          fc.jsonValue(),
        ),
      },
      { requiredKeys: [] },
    );
    const body = fc.oneof(
      event.map((item) => JSON.stringify(item)),
      fc.array(event).map((items) => JSON.stringify(items)),
      fc.json(),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(body, (text) => {
        const result = parse(text);
        if (!result.ok) return result.items.length > 0;
        return result.events.every(
          ({ model, metric, value, timestamp }) =>
            [model.name, model.version, metric].every((name) => name !== '' && name.isWellFormed()) &&
            Number.isFinite(value) &&
            (timestamp === undefined || timestamp <= NOW + 300_000),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('valid events survive the way, in order, in each form', () => {
    const name = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
    const event = fc.record({
      model: fc.record({ name, version: name }),
      metric: name,
      value: fc.double({ noNaN: true, noDefaultInfinity: true }),
    });
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 5 }), (sent) => {
        const lines = sent.map((item) => JSON.stringify(item));
        // JSON has no negative zero.
        const expected = sent.map((item) => ({ ...item, value: item.value + 0 }));
        expect(events(`[${lines.join(',')}]`)).toEqual(expected);
        expect(events(lines.join('\n'))).toEqual(expected);
      }),
    );
  });

  it('leaves Object.prototype as it was', () => {
    parse(
      '{"__proto__":{"polluted":1},"model":{"__proto__":{"polluted":1},"name":"a"},"metric":"m","value":1}',
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
