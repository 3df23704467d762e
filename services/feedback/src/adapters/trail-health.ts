import type { Metrics } from '@paidan/runtime';
import type { HealthSource, HealthState } from '@paidan/service-host';
import type { DeliveryTable } from './postgres/delivery-queue.js';
import type { TrailTable } from './postgres/trail-table.js';

/** A gap that nobody has settled is for a person to look at: the service serves, and says so. */
export class TrailHealth implements HealthSource {
  readonly name = 'trail';
  readonly affects = 'degraded';

  constructor(private readonly table: Pick<TrailTable, 'gapCounts'>) {}

  async check(): Promise<HealthState> {
    const { open } = await this.table.gapCounts();
    return open === 0 ? { ok: true } : { ok: false, detail: `${open} gaps in the trail: see /v1/operations/gaps` };
  }
}

/** Read from the tables, so that neither a restart nor a batch that is repeated miscounts. */
export const trailMetrics = (metrics: Metrics, table: Pick<TrailTable, 'gapCounts'>, queue: Pick<DeliveryTable, 'depths'>): void => {
  metrics.gauge('paidan_trail_gaps_total', 'Stretches of numbers that services gave and that never came', async () => [
    { value: (await table.gapCounts()).found },
  ]);
  metrics.gauge('paidan_trail_gaps_open', 'Those of them that nobody has settled', async () => [{ value: (await table.gapCounts()).open }]);
  metrics.gauge('paidan_deliveries', 'Replies on their way to call-backs, or given up and kept to be picked up', async () =>
    (await queue.depths()).map(({ state, count }) => ({ labels: { queue: state }, value: count })),
  );
};
