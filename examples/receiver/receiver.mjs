// A receiver of retrain requests: SECRET_FILE=webhook.secret node receiver.mjs. What it must do, and why: docs/receiver.md.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { train } from './train.mjs';

const { SECRET_FILE, ORDERS = 'orders.db', HOST = '127.0.0.1', PORT = 8080 } = process.env;
const secret = readFileSync(SECRET_FILE, 'utf8').trim();
const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
if (key.length < 24) throw new Error(`${SECRET_FILE}: expected 24 bytes or more, found ${key.length}`);
const orders = new DatabaseSync(ORDERS);
orders.exec('PRAGMA synchronous = EXTRA; CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, body TEXT)');

function isGenuine({ 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': given = '' }, body) {
  const hmac = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64');
  const right = Buffer.from(`v1,${hmac}`);
  const signatures = given.split(' ').map((one) => Buffer.from(one));
  const isRecent = Math.abs(Date.now() / 1000 - Number(time)) < 300;
  return isRecent && signatures.some((one) => one.length === right.length && timingSafeEqual(one, right));
}

async function take(request) {
  if (!(Number(request.headers['content-length']) <= 1_000_000)) return 413;
  const body = await text(request);
  if (!isGenuine(request.headers, body)) return 401;
  const { type, data } = JSON.parse(body);
  if (type !== 'retrain.requested') return 202;
  // On the disk before the answer, because nobody sends it again after a 2xx.
  const { changes } = orders.prepare('INSERT OR IGNORE INTO orders VALUES (?, ?)').run(data.id, body);
  if (changes === 0) return 409;
  train(data).catch((error) => console.error(`${data.id}:`, error));
  return 202;
}

const server = createServer(async (request, response) => {
  response.writeHead(await take(request).catch(() => 500)).end();
});
server.listen(PORT, HOST, () => console.log(`receiver on port ${server.address().port}`));
