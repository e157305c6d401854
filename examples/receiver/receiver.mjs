// A receiver of retrain requests: SECRET_FILE=webhook.secret node receiver.mjs. What it must do, and why: docs/receiver.md.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

const { SECRET_FILE, ORDERS = 'orders', PORT = 8080, TRAINING_MS = 3000 } = process.env;
const secret = readFileSync(SECRET_FILE, 'utf8').trim();
const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
mkdirSync(ORDERS, { recursive: true });

function isGenuine(headers, body) {
  const [id, time, given = ''] = ['id', 'timestamp', 'signature'].map((name) => headers[`webhook-${name}`]);
  if (!(Math.abs(Date.now() / 1000 - Number(time)) < 300)) return false;
  const hmac = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64');
  const right = Buffer.from(`v1,${hmac}`);
  const signatures = given.split(' ').map((one) => Buffer.from(one));
  return signatures.some((one) => one.length === right.length && timingSafeEqual(one, right));
}

async function take(request) {
  if (!(Number(request.headers['content-length']) <= 1_000_000)) return 413;
  const body = await text(request);
  if (!isGenuine(request.headers, body)) return 401;
  const { type, data } = JSON.parse(body);
  if (type !== 'retrain.requested') return 202;
  if (existsSync(`${ORDERS}/${data.id}`)) return 409;
  // On the disk before the answer, because nobody sends it again after a 2xx.
  writeFileSync(`${ORDERS}/${data.id}`, body, { flush: true });
  train(data);
  return 202;
}

/** Here a timer; in earnest a job of your pipeline, with the request's id as its name. */
async function train({ id, model, reason, outcome }) {
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

const server = createServer(async (request, response) => {
  response.writeHead(await take(request).catch(() => 500)).end();
});
server.listen(PORT, '127.0.0.1', () => console.log(`receiver on port ${server.address().port}`));
