// A stand-in for your pipeline: its training is a timer. What is reported, and why: docs/receiver.md.
import { setTimeout as sleep } from 'node:timers/promises';

const { TRAINING_MS = 3000 } = process.env;

/** In earnest a job of your pipeline, with the request's id as its name. */
export async function train({ id, model, reason, outcome }) {
  console.log(`${id}: training ${model.name} ${model.version}: ${reason}`);
  await report(outcome, { status: 'running' });
  await sleep(Number(TRAINING_MS));
  await report(outcome, { status: 'succeeded', version: `${model.version}-retrained` });
  console.log(`${id}: succeeded`);
}

/** Until it was heard, because without an outcome the next request waits for `in_flight_timeout`. */
async function report({ url, token }, said) {
  const options = {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
    body: JSON.stringify(said),
  };
  const answer = await fetch(url, options).catch(() => null);
  if (answer && answer.status < 500 && answer.status !== 429) return;
  await sleep(1000);
  await report({ url, token }, said);
}
