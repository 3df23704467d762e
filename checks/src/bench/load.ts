import autocannon from 'autocannon';
import { setTimeout as delay } from 'node:timers/promises';
import { percentile } from '../percentile.js';

/*
 * The load, as a process of its own: node load.js '{"url": …, "seconds": …, "connections": …, "rate"?: …, "headers"?: …, "bodies": […]}'
 * Bodies may hold `[<id>]`, replaced by a unique id per request. Prints one JSON line.
 */
interface Order {
  readonly url: string;
  readonly seconds: number;
  readonly connections: number;
  /** Requests per second over all connections; absent = as fast as answers come over `connections`. */
  readonly rate?: number;
  readonly headers?: Record<string, string>;
  readonly bodies: readonly string[];
}

const order = JSON.parse(process.argv[2] ?? '{}') as Order;
const headers = { 'content-type': 'application/json', ...order.headers };
const outcome = order.rate === undefined ? await fullSpeed() : await steady(order.rate);
process.stdout.write(`${JSON.stringify(outcome)}\n`);

/** As fast as answers come, over all connections. */
async function fullSpeed() {
  const result = await autocannon({
    url: order.url,
    method: 'POST',
    duration: order.seconds,
    connections: order.connections,
    idReplacement: true,
    requests: order.bodies.map((body) => ({ method: 'POST', headers, body })),
  });
  return {
    accepted: result['2xx'],
    refused: result.non2xx,
    errors: result.errors + result.timeouts,
    seconds: result.duration,
    latency: { p50: result.latency.p50, p99: result.latency.p99 },
  };
}

/** Arrivals as citizens make them: independent of each other (exponential gaps) and of how long answers take. A paced load tool would send in bursts. */
async function steady(rate: number) {
  const began = performance.now();
  const latencies: number[] = [];
  const counts = { accepted: 0, refused: 0, errors: 0 };
  const under: Promise<void>[] = [];
  const post = async (id: number): Promise<void> => {
    const at = performance.now();
    const body = (order.bodies[id % order.bodies.length] ?? '').replace('[<id>]', `steady-${process.pid}-${id}`);
    const answer = await fetch(order.url, { method: 'POST', headers, body }).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer === undefined) counts.errors += 1;
    else if (answer.ok) counts.accepted += 1;
    else counts.refused += 1;
    latencies.push(performance.now() - at);
  };
  let next = began;
  for (let id = 0; next < began + order.seconds * 1_000; id += 1) {
    next += (-Math.log(1 - Math.random()) * 1_000) / rate;
    await delay(Math.max(0, next - performance.now()));
    under.push(post(id));
  }
  await Promise.all(under);
  const seconds = (performance.now() - began) / 1_000;
  return { ...counts, seconds, latency: { p50: Math.round(percentile(latencies, 50)), p99: Math.round(percentile(latencies, 99)) } };
}
