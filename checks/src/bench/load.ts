import autocannon from 'autocannon';

/*
 * The load, as a process of its own: node load.js '{"url": …, "seconds": …, "connections": …, "rate"?: …, "headers"?: …, "bodies": […]}'
 * Bodies may hold `[<id>]`, replaced by a unique id per request. Prints one JSON line.
 */
interface Order {
  readonly url: string;
  readonly seconds: number;
  readonly connections: number;
  /** Requests per second over all connections; absent = as fast as answers come. */
  readonly rate?: number;
  readonly headers?: Record<string, string>;
  readonly bodies: readonly string[];
}

const order = JSON.parse(process.argv[2] ?? '{}') as Order;
const result = await autocannon({
  url: order.url,
  method: 'POST',
  duration: order.seconds,
  connections: order.connections,
  idReplacement: true,
  ...(order.rate !== undefined && { overallRate: order.rate }),
  requests: order.bodies.map((body) => ({ method: 'POST', headers: { 'content-type': 'application/json', ...order.headers }, body })),
});
process.stdout.write(
  `${JSON.stringify({
    accepted: result['2xx'],
    refused: result.non2xx,
    errors: result.errors + result.timeouts,
    seconds: result.duration,
    latency: { p50: result.latency.p50, p99: result.latency.p99 },
  })}\n`,
);
