import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { webhookUrl } from './webhook-url.ts';

const template = 'http://trainer:8080/models/{model}/versions/{version}?m={model}#{version}';

function href(url: string, name: string, version = '1'): string {
  const result = webhookUrl(url, { name, version });
  return result.ok ? result.url.href : `refused: ${result.message}`;
}

describe('webhook URL', () => {
  it.each([
    ['plain names', 'fraud', '1.4.0', '/models/fraud/versions/1.4.0?m=fraud#1.4.0'],
    ['a slash', 'a/b', '1', '/models/a%2Fb/versions/1?m=a%2Fb#1'],
    [
      'query and fragment characters',
      'a?b#c&d=e',
      '1',
      '/models/a%3Fb%23c%26d%3De/versions/1?m=a%3Fb%23c%26d%3De#1',
    ],
    ['a backslash and a line break', 'a\\b\r\n', '1', '/models/a%5Cb%0D%0A/versions/1?m=a%5Cb%0D%0A#1'],
    ['a name that looks encoded', '%2e%2e', '1', '/models/%252e%252e/versions/1?m=%252e%252e#1'],
    ['a name that is a placeholder', '{version}', 'x', '/models/%7Bversion%7D/versions/x?m=%7Bversion%7D#x'],
    ['replacement patterns', '$&$1', '1', '/models/%24%26%241/versions/1?m=%24%26%241#1'],
    ['dots among other characters', '..a', 'b..', '/models/..a/versions/b..?m=..a#b..'],
    ['a lone surrogate', '\ud800', '1', '/models/%EF%BF%BD/versions/1?m=%EF%BF%BD#1'],
  ])('takes %s', (_, name, version, expected) => {
    expect(href(template, name, version)).toBe(`http://trainer:8080${expected}`);
  });

  it.each([
    ['.', '/m/{model}/x'],
    ['..', '/m/{model}/x'],
    ['.', '/m/.{model}/x'],
    ['.', '/m/%2e{model}'],
    ['.', '/m\\{model}\\x'],
  ])('refuses the name %j in the path %s, which would climb', (name, path) => {
    expect(href(`http://trainer${path}`, name)).toBe(
      "refused: this model or version cannot stand in the path of the webhook's URL",
    );
  });

  it('takes a dotted name in the query', () => {
    expect(href('http://trainer/x?m={model}', '..')).toBe('http://trainer/x?m=..');
  });

  it('lets a name be one label of the host', () => {
    expect(href('https://{model}.trainers.svc:8443/x', 'Fraud-2')).toBe(
      'https://fraud-2.trainers.svc:8443/x',
    );
  });

  it.each(['evil.com', 'evil.com/', 'a@b', 'a:1', '', '-a', '[::1]', 'a#', '\\'])(
    'does not let the name %j choose a host',
    (name) => {
      expect(href('http://{model}/x', name)).toBe(
        "refused: this model cannot stand in the host of the webhook's URL",
      );
    },
  );

  it('refuses a scheme that is not HTTP', () => {
    expect(href('ftp://trainer/{model}', 'a')).toBe(
      'refused: the URL of the webhook is not an http or https URL',
    );
  });

  it('never leaves its host nor its path, whatever the names are', () => {
    const anyName = fc.string({ unit: 'binary', minLength: 1 });
    fc.assert(
      fc.property(anyName, anyName, (name, version) => {
        const result = webhookUrl('http://trainer:8080/models/{model}/{version}/retrain', { name, version });
        if (!result.ok) return;
        expect(result.url.origin).toBe('http://trainer:8080');
        const segments = result.url.pathname.split('/');
        expect(segments).toHaveLength(5);
        expect(decodeURIComponent(segments[2]!)).toBe(name.toWellFormed());
        expect(decodeURIComponent(segments[3]!)).toBe(version.toWellFormed());
      }),
    );
  });
});
