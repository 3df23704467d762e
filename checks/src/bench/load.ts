import { connect } from 'node:net';
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

/**
 * As fast as answers come, over all connections. On bare sockets: the load shares the machine with what it loads, and a load tool took 0.14 ms of CPU per
 * request – as much as some of the services – where this takes 0.035.
 */
async function fullSpeed() {
  const began = performance.now();
  const end = began + order.seconds * 1_000;
  const latencies: number[] = [];
  const counts = { accepted: 0, refused: 0, errors: 0 };
  const url = new URL(order.url);
  const head = Object.entries({ host: url.host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  let id = 0;

  const connection = (): Promise<void> =>
    new Promise((done) => {
      const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
      let sentAt = 0;
      let text = '';
      const post = (): void => {
        if (performance.now() >= end) return void socket.destroy();
        const body = (order.bodies[id % order.bodies.length] ?? '').replace('[<id>]', `full-${process.pid}-${(id += 1)}`);
        sentAt = performance.now();
        socket.write(`POST ${url.pathname} HTTP/1.1\r\n${head.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
      };
      socket.setEncoding('latin1');
      socket.on('connect', post);
      socket.on('data', (piece: string) => {
        text += piece;
        const body = text.indexOf('\r\n\r\n') + 4;
        const length = /\r\ncontent-length: (?<bytes>\d+)/i.exec(text.slice(0, body))?.groups?.['bytes'];
        if (body < 4 || text.length < body + Number(length ?? 0)) return;
        if (/^HTTP\/1\.1 2/.test(text)) counts.accepted += 1;
        else counts.refused += 1;
        latencies.push(performance.now() - sentAt);
        text = '';
        post();
      });
      // One that the server closes or refuses is lost to the load, and counted.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        if (performance.now() < end) counts.errors += 1;
        done();
      });
    });
  await Promise.all(Array.from({ length: order.connections }, connection));
  const seconds = (performance.now() - began) / 1_000;
  return { ...counts, seconds, latency: { p50: Math.round(percentile(latencies, 50)), p99: Math.round(percentile(latencies, 99)) } };
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
