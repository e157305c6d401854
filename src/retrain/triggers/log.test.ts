import { describe, expect, it } from 'vitest';
import { type LogFields, silentLogger } from '../../log.ts';
import { createLogTrigger } from './log.ts';

describe('the log trigger', () => {
  it('tells a request in one line, and has then delivered it', async () => {
    const lines: [string, LogFields | undefined][] = [];
    const log = {
      ...silentLogger,
      info: (message: string, fields?: LogFields) => void lines.push([message, fields]),
    };
    const request = {
      id: 'rt_1',
      model: { name: 'fraud', version: '1.4.0' },
      reason: 'EMA for accuracy breached threshold 0.850, current 0.612',
      body: new TextEncoder().encode('{"token": "canary"}'),
      attempt: 1,
    };
    const trigger = createLogTrigger({ name: 'notes', log });
    expect(await trigger.deliver(request, new AbortController().signal)).toEqual({ ok: true });
    expect(lines).toEqual([
      [
        'retrain requested',
        { request: 'rt_1', trigger: 'notes', model: 'fraud', version: '1.4.0', reason: request.reason },
      ],
    ]);
  });
});
