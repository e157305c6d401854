import { describe, expect, it } from 'vitest';
import type { Outcome, RequestStep, RetrainRequest } from '../../core/retrain.ts';
import { MINUTE, START } from '../../core/scenario.testing.ts';
import { wordsOf } from '../page.testing.ts';
import { stepLine } from './step-words.ts';

const NOW = START + 10 * 60 * MINUTE;

function told(step: Partial<RequestStep> & Pick<RequestStep, 'event'>, outcome: Outcome | null = null) {
  const whole: RequestStep = { at: START, lastAt: START, count: 1, reason: null, detail: null, ...step };
  // All that is read of the request.
  const request = { outcome } as RetrainRequest;
  return wordsOf(stepLine(whole, { request, now: NOW }));
}

const outcome = (status: Outcome['status'], version: string | null): Outcome => ({
  status,
  version,
  message: null,
  at: START,
});
const several = { count: 3, lastAt: START + 5 * MINUTE };

describe('a step of a request is told with its time', () => {
  it.each<[string, Parameters<typeof told>[0], string, Outcome?]>([
    ['an event that says all by its name', { event: 'requested' }, '00:00 requested'],
    ['an attempt', { event: 'attempt_failed', reason: 'connect' }, '00:00 1 attempt failed: connect'],
    [
      'attempts that failed in the same way',
      { event: 'attempt_failed', ...several, reason: 'http_5xx', detail: 'answered 503' },
      '00:00 to 00:05 3 attempts failed: http_5xx, answered 503',
    ],
    [
      'parking',
      { event: 'parked', reason: 'refused', detail: 'answered 410 Gone' },
      '00:00 parked: refused, answered 410 Gone',
    ],
    [
      'a redelivery',
      { event: 'redelivered', detail: 'through trigger notes' },
      '00:00 sent again by a person, through trigger notes',
    ],
    ['work on it', { event: 'running' }, '00:00 running, says the pipeline'],
    [
      'work on it that was told several times',
      { event: 'running', ...several, detail: 'epoch 3' },
      '00:00 to 00:05 3 times running, says the pipeline – “epoch 3”',
    ],
    [
      'success with a version',
      { event: 'succeeded', detail: 'done' },
      '00:00 succeeded, says the pipeline: it made version 2 – “done”',
      outcome('succeeded', '2'),
    ],
    [
      'success without one',
      { event: 'succeeded' },
      '00:00 succeeded, says the pipeline',
      outcome('succeeded', null),
    ],
    [
      'success that nobody reported',
      { event: 'succeeded', reason: 'version_seen', detail: 'version 2 was seen' },
      '00:00 succeeded, version 2 was seen',
      outcome('succeeded', '2'),
    ],
    [
      'failure',
      { event: 'failed', detail: 'out of memory' },
      '00:00 failed, says the pipeline – “out of memory”',
      outcome('failed', null),
    ],
    [
      'failure, whatever was made later',
      { event: 'failed' },
      '00:00 failed, says the pipeline',
      outcome('succeeded', '2'),
    ],
    ['the end of patience', { event: 'timed_out' }, '00:00 timed out: no outcome came in time'],
    ['withdrawal', { event: 'withdrawn' }, '00:00 withdrawn: its episode closed before anybody had seen it'],
    ['a trial', { event: 'dry_run' }, '00:00 not sent: dry_run'],
    [
      'steps that are not kept',
      { event: 'omitted', ...several },
      '00:00 to 00:05 3 steps, not kept one by one',
    ],
  ])('%s', (_, step, expected, of) => {
    expect(told(step, of)).toBe(expected);
  });
});
