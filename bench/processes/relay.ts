/**
 * The floor of a durable relay: appends each body to a file, syncs it, answers 204 and posts the body on. Arguments:
 * the file, and where to. Its message is its URL.
 */
import { fdatasync, openSync, write } from 'node:fs';
import { Agent, createServer, request as post } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';

const [file, to] = process.argv.slice(2);
const descriptor = openSync(file!, 'a');
const append = promisify(write);
const sync = promisify(fdatasync);
const agent = new Agent({ keepAlive: true });

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  await append(descriptor, body);
  await sync(descriptor);
  response.writeHead(204).end();
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  post(to!, { method: 'POST', agent, headers }, (answer) => answer.resume()).end(body);
});
server.listen(0, '127.0.0.1', () =>
  process.send!(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);
