import { Metrics } from './metrics.js';
import { runtimeHealth, runtimeMetrics } from './runtime-parts.js';

describe('the runtime’s metrics', () => {
  it('become series of the service’s registry', async () => {
    const metrics = new Metrics('intake');
    const runtime = runtimeMetrics(metrics);
    runtime.count('paidan_events_total', 'Events', { name: 'ticket.registered' });
    runtime.count('paidan_events_total', 'Events', { name: 'ticket.registered' }, 2);
    runtime.count('paidan_events_total', 'Events', { name: 'ticket.withdrawn' });
    runtime.count('paidan_quarantined_total', 'Quarantined', {}, 4);
    runtime.observe('paidan_batch_records', 'Records', 30);
    runtime.gauge('paidan_lag_records', 'Lag', async () => [{ labels: { topic: 'paidan.tickets', partition: '3' }, value: 7 }]);
    runtime.gauge('paidan_parked_tickets', 'Parked', async () => [{ value: 5 }]);
    runtime.gauge('paidan_outbox_depth', 'Depth', () => Promise.reject(new Error('no database')));
    const text = await metrics.registry.metrics();
    expect(text).toContain('paidan_events_total{name="ticket.registered",service="intake"} 3');
    expect(text).toContain('paidan_events_total{name="ticket.withdrawn",service="intake"} 1');
    expect(text).toContain('paidan_quarantined_total{service="intake"} 4');
    expect(text).toContain('paidan_batch_records_bucket{le="50",service="intake"} 1');
    expect(text).toContain('paidan_lag_records{topic="paidan.tickets",partition="3",service="intake"} 7');
    expect(text).toContain('paidan_parked_tickets{service="intake"} 5');
    expect(text).not.toMatch(/^paidan_outbox_depth\{/m);
  });
});

describe('the runtime’s health', () => {
  const stateOf = async (state: { database: boolean; restoring?: string; degraded: string[]; stalled: boolean }) => {
    let asked = 0;
    const sources = runtimeHealth({ health: () => Promise.resolve(((asked += 1), state)) });
    const answers = await Promise.all(sources.map(async (source) => [`${source.name} ${source.affects}`, await source.check()]));
    expect(asked).toBe(1);
    return Object.fromEntries(answers) as Record<string, { ok: boolean; detail?: string }>;
  };

  it('is asked once for four answers, each with its own consequence', async () => {
    expect(await stateOf({ database: true, degraded: [], stalled: false })).toEqual({
      'database ready': { ok: true },
      'schema ready': { ok: true },
      'log degraded': { ok: true },
      'progress live': { ok: true },
    });
    expect(await stateOf({ database: false, restoring: 'reading', degraded: ['not reading the log'], stalled: true })).toEqual({
      'database ready': { ok: false },
      'schema ready': { ok: false, detail: 'reading' },
      'log degraded': { ok: false, detail: 'not reading the log' },
      'progress live': { ok: false },
    });
  });
});
