import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { healthAnswer, type Health } from './health.js';
import type { Metrics } from './metrics.js';

export interface OpsServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * `/metrics` and `/health/*` on a port of their own, so that they stay inside the cluster and answer while the main port drains.
 * Plain node:http: three addresses need no framework.
 */
export const startOpsServer = async (options: {
  readonly host: string;
  readonly port: number;
  readonly metrics: Metrics;
  readonly health: Health;
}): Promise<OpsServer> => {
  const { metrics, health } = options;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url?.split('?', 1)[0] ?? '/';
    if (path === '/metrics') {
      const text = await metrics.registry.metrics();
      response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text);
      return;
    }
    const known = await healthAnswer(health, path);
    if (known === undefined) response.writeHead(404).end();
    else
      response.writeHead(known.status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(known.body));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
