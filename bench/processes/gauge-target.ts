/** A target with so many gauges that change each second. Argument: how many. Its message is its address. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GaugePage } from '../pages.ts';

const page = new GaugePage(Number(process.argv[2]));
let tick = 0;
let body = Buffer.alloc(0);

const server = createServer((_, response) => {
  const second = Math.floor(Date.now() / 1000);
  // All scrapers of one second get the same bytes.
  if (second !== tick) {
    tick = second;
    body = Buffer.from(page.render(second));
  }
  response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4', 'content-length': body.length });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => process.send!(`127.0.0.1:${(server.address() as AddressInfo).port}`));
