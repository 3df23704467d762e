import { connect, type Socket } from 'node:net';
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

/**
 * Posts over kept connections, one request at a time on each. On bare sockets: the load shares the machine with what it loads, and a load tool took 0.14 ms
 * of CPU per request – as much as some of the services – where this takes 0.035.
 */
class Poster {
  private readonly idle: Socket[] = [];
  private readonly url = new URL(order.url);
  private readonly head = Object.entries({ host: this.url.host, 'content-type': 'application/json', ...order.headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');

  /** @returns the status; undefined when the connection was refused or broke off */
  async post(body: string): Promise<number | undefined> {
    const socket =
      this.idle.pop() ?? connect({ host: this.url.hostname, port: Number(this.url.port), noDelay: true }).setEncoding('latin1');
    const status = await new Promise<number | undefined>((resolve) => {
      let text = '';
      const broken = (): void => resolve(undefined);
      socket.on('data', (piece: string) => {
        text += piece;
        const from = text.indexOf('\r\n\r\n') + 4;
        if (from < 4) return;
        const length = /\r\ncontent-length: (?<bytes>\d+)/i.exec(text.slice(0, from))?.groups?.['bytes'] ?? 0;
        if (text.length >= from + Number(length)) resolve(Number(text.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)));
      });
      socket.on('error', broken).on('close', broken);
      socket.write(`POST ${this.url.pathname} HTTP/1.1\r\n${this.head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
    socket.removeAllListeners('data').removeAllListeners('close').removeAllListeners('error');
    if (status !== undefined) this.idle.push(socket.on('error', () => undefined));
    return status;
  }

  close(): void {
    for (const socket of this.idle) socket.destroy();
  }
}

const poster = new Poster();
const latencies: number[] = [];
const counts = { accepted: 0, refused: 0, errors: 0 };
/** Accepted, by the second in which the answer came. */
const bySecond: number[] = [];
let posted = 0;

async function postNext(): Promise<void> {
  const at = performance.now();
  const body = (order.bodies[posted % order.bodies.length] ?? '').replace('[<id>]', `load-${process.pid}-${(posted += 1)}`);
  const status = await poster.post(body);
  if (status === undefined) counts.errors += 1;
  else if (status < 300) {
    counts.accepted += 1;
    const second = Math.floor((performance.now() - began) / 1_000);
    bySecond[second] = (bySecond[second] ?? 0) + 1;
  } else counts.refused += 1;
  latencies.push(performance.now() - at);
}

/** As fast as answers come, over all connections. */
async function fullSpeed(end: number): Promise<void> {
  const one = async (): Promise<void> => {
    while (performance.now() < end) await postNext();
  };
  await Promise.all(Array.from({ length: order.connections }, one));
}

/** Arrivals as citizens make them: independent of each other (exponential gaps) and of how long answers take. A paced load tool would send in bursts. */
async function steady(rate: number, end: number): Promise<void> {
  const under: Promise<void>[] = [];
  for (let next = performance.now(); next < end;) {
    next += (-Math.log(1 - Math.random()) * 1_000) / rate;
    await delay(Math.max(0, next - performance.now()));
    under.push(postNext());
  }
  await Promise.all(under);
}

const began = performance.now();
const end = began + order.seconds * 1_000;
await (order.rate === undefined ? fullSpeed(end) : steady(order.rate, end));
const seconds = (performance.now() - began) / 1_000;
poster.close();
const latency = { p50: Math.round(percentile(latencies, 50)), p99: Math.round(percentile(latencies, 99)) };
process.stdout.write(`${JSON.stringify({ ...counts, seconds, latency, bySecond: Array.from(bySecond, (count) => count ?? 0) })}\n`);
