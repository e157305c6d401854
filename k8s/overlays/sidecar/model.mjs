// A model server that does nothing but lose accuracy from its first minute on, until the trainer hands it a new version.
import { createServer } from 'node:http';

let version = 1;
let trainedAt = Date.now();

const accuracy = () => Math.max(0.6, 0.95 - Math.max(0, Date.now() - trainedAt - 60_000) / 600_000);

const server = createServer((request, response) => {
  if (request.method === 'POST' && request.url === '/versions') {
    version++;
    trainedAt = Date.now();
    response.writeHead(201).end(String(version));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
  response.end(
    `# HELP model_accuracy Share of right predictions.\n# TYPE model_accuracy gauge\nmodel_accuracy{model="fraud",version="${version}"} ${accuracy()}\n`,
  );
});
server.listen(8000);
process.on('SIGTERM', () => server.close(() => process.exit(0)));
