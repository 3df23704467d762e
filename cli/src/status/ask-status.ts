import { fetchText, QUICK_MS, Unreachable } from '../system/ask.js';
import type { ServiceAt } from '../system/services-file.js';
import { statusOf, type Health, type Instance, type ServiceStatus } from './read-status.js';

interface Report {
  readonly status?: 'ok' | 'degraded' | 'not-ready';
  readonly sources?: Readonly<Record<string, { readonly ok: boolean; readonly detail?: string }>>;
}

/** Asks every instance of a service for its health and its metrics. */
export const askStatus = async ({ name, metricsUrls }: ServiceAt): Promise<ServiceStatus> =>
  statusOf(name, await Promise.all(metricsUrls.map(askInstance)));

async function askInstance(url: string): Promise<Instance> {
  try {
    const [live, ready, metrics] = await Promise.all(
      ['/health/live', '/health/ready', '/metrics'].map((path) => fetchText(`${url}${path}`, QUICK_MS)),
    );
    const report = reportIn(ready?.text ?? '');
    if (report?.status === undefined)
      return { health: 'unreachable', why: [`${url} answers ${ready?.status} with no health report: is it a metrics port?`], metrics: '' };
    const health: Health = live?.status === 200 ? report.status : 'dead';
    return { health, why: reasonsIn(report), metrics: metrics?.status === 200 ? metrics.text : '' };
  } catch (error) {
    if (error instanceof Unreachable) return { health: 'unreachable', why: [error.message], metrics: '' };
    throw error;
  }
}

const reasonsIn = ({ sources = {} }: Report): string[] =>
  Object.entries(sources).flatMap(([source, { ok, detail }]) =>
    ok ? [] : [detail === undefined ? `${source} fails` : `${source}: ${detail}`],
  );

function reportIn(text: string): Report | undefined {
  try {
    return JSON.parse(text) as Report;
  } catch {
    return undefined;
  }
}
