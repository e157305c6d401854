import { describe, expect, it } from 'vitest';
import type { LogFields, LogFormat, LogLevel } from './log.ts';
import { createLogger } from './log.ts';

function lines(format: LogFormat, fields: LogFields, level: LogLevel = 'info'): string[] {
  const written: string[] = [];
  createLogger({ level, format, write: (line) => written.push(line) }).info('retrain held', fields);
  return written.map((line) => line.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, 'TIME'));
}

describe('logfmt', () => {
  const rows: Record<string, [LogFields, string]> = {
    'plain values are bare': [{ model: 'fraud', count: 3, ok: true }, 'model=fraud count=3 ok=true'],
    'blanks are quoted': [{ detail: 'last request' }, 'detail="last request"'],
    'an empty value is quoted': [{ model: '' }, 'model=""'],
    'quotes and equal signs are quoted': [{ model: 'a="b"' }, 'model="a=\\"b\\""'],
    'a line break does not begin a line': [{ model: 'a\nlevel=error' }, 'model="a\\nlevel=error"'],
    'control and bidi characters are escaped': [
      { model: 'a\u001b[31m\u202eb' },
      'model="a\\u001b[31m\\u202eb"',
    ],
    'other scripts are left alone': [{ model: 'größe' }, 'model=größe'],
    'nothing is null': [{ model: null }, 'model=null'],
  };

  it.each(Object.entries(rows))('%s', (_sentence, [fields, text]) => {
    expect(lines('logfmt', fields)).toEqual([`ts=TIME level=info msg="retrain held" ${text}\n`]);
  });
});

it('JSON says the same words', () => {
  const [line] = lines('json', { model: 'a\nb' });
  expect(JSON.parse(line!)).toEqual({ level: 'info', ts: 'TIME', msg: 'retrain held', model: 'a\nb' });
  expect(line!.split('\n')).toHaveLength(2);
});

it('what is less severe than the level is not written', () => {
  expect(lines('json', {}, 'warn')).toEqual([]);
});
