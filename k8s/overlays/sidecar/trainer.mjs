// A training pipeline that takes twenty seconds: it hands the model a new version and reports how that ended. It is there
// to be seen: it checks no signature, and a restart makes it forget what it was asked and what it trains. The receiver to
// copy is examples/receiver.
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

const known = new Set();

async function take(request) {
  const { id, reason, outcome } = JSON.parse(await text(request)).data;
  const { url, token } = outcome;
  if (known.has(id)) return 409;
  known.add(id);
  console.log(`${id}: ${reason}`);
  train({ id, url, token }).catch((error) => console.error(`${id}: ${error}`));
  return 202;
}

async function train({ id, url, token }) {
  await sleep(20_000);
  const version = await (await post('http://model:8000/versions')).text();
  const headers = { authorization: `Bearer ${token}` };
  const { status } = await post(url, { headers, body: JSON.stringify({ status: 'succeeded', version }) });
  console.log(`${id}: trained version ${version}, reported: ${status}`);
}

/** Until somebody takes it, because whoever should may be starting anew. */
async function post(url, options) {
  const answer = await fetch(url, { ...options, method: 'POST' }).catch(() => null);
  if (answer && answer.status < 500 && answer.status !== 429) return answer;
  await sleep(1000);
  return post(url, options);
}

const server = createServer(async (request, response) => {
  response.writeHead(await take(request).catch(() => 400)).end();
});
server.listen(8080);
process.on('SIGTERM', () => process.exit(0));
