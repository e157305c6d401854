// A training pipeline that takes twenty seconds: it hands the model a new version and reports how that ended.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const known = new Set();

async function train({ id, outcome }) {
  await sleep(20_000);
  const version = await (await fetch('http://model:8000/versions', { method: 'POST' })).text();
  const answer = await fetch(outcome.url, {
    method: 'POST',
    headers: { authorization: `Bearer ${outcome.token}` },
    body: JSON.stringify({ status: 'succeeded', version }),
  });
  console.log(`${id}: trained version ${version}, reported: ${answer.status}`);
}

const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const { data } = JSON.parse(body);
  const isNew = !known.has(data.id);
  known.add(data.id);
  response.writeHead(isNew ? 202 : 409).end();
  console.log(`${data.id}: ${isNew ? data.reason : 'known already'}`);
  if (isNew) train(data).catch((error) => console.error(`${data.id}: ${error}`));
});
server.listen(8080);
process.on('SIGTERM', () => process.exit(0));
