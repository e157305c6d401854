/** Every path of the API, in the order of the document. */
import type { z } from 'zod';
import { metricEvent } from './bodies.ts';
import { changeMessage, eventMessage, missedMessage } from './messages.ts';
import type { Operations } from './operation.ts';
import { EVENT_OPERATIONS } from './operations/events.ts';
import { PROCESS_OPERATIONS } from './operations/process.ts';
import { RETRAIN_OPERATIONS } from './operations/retrains.ts';
import { STATE_OPERATIONS } from './operations/state.ts';

export const OPERATIONS: Operations = {
  ...EVENT_OPERATIONS,
  ...STATE_OPERATIONS,
  ...RETRAIN_OPERATIONS,
  ...PROCESS_OPERATIONS,
};

/** In the document though no operation names them: what the frames of the stream and lines of text hold. */
export const MENTIONED: readonly z.ZodType[] = [metricEvent, eventMessage, changeMessage, missedMessage];
