import type { LogConsumer } from './kafka/log-consumer.js';
import { countQuarantined } from './parking/quarantine.js';
import type { RuntimeParts } from './reactor/service.js';

type Lane = LogConsumer['state']['lanes'][number];

/** What a runtime shows of itself at each scrape. */
export function registerGauges(
  of: RuntimeParts & { epoch: () => number; parking: { count(): Promise<number> }; lanes: () => readonly Lane[] },
): void {
  const { metrics, database, clock, epoch, parking } = of;
  for (const queue of ['outbox', 'notice'] as const) {
    const labels = { queue };
    metrics.gauge(`paidan_${queue}_depth`, 'Rows waiting to be sent', async () => {
      const { rows } = await database.query<{ count: string }>(`select count(*) as count from ${queue}`);
      return [{ labels, value: Number(rows[0]?.count ?? 0) }];
    });
    metrics.gauge(`paidan_${queue}_age_seconds`, 'Age of the oldest row waiting to be sent', async () => {
      const { rows } = await database.query<{ at: string }>(`select at from ${queue} order by id limit 1`);
      return [{ labels, value: rows[0] ? Math.max(0, (clock.now() - Date.parse(rows[0].at)) / 1000) : 0 }];
    });
  }
  metrics.gauge('paidan_epoch', 'Of the schema: raised when it is restored from a back-up', async () => [{ value: epoch() }]);
  metrics.gauge('paidan_parked_tickets', 'Tickets that wait for an operator', async () => [{ value: await parking.count() }]);
  metrics.gauge('paidan_quarantined', 'Records kept aside because no ticket could be told', async () => [
    { value: await countQuarantined(database) },
  ]);
  metrics.gauge('paidan_set_aside', 'Messages that could not be sent', async () => {
    const { rows } = await database.query<{ count: string }>('select count(*) as count from set_aside');
    return [{ value: Number(rows[0]?.count ?? 0) }];
  });
  const perLane = (value: (lane: Lane) => number | undefined) => async () =>
    of.lanes().flatMap((lane) => {
      const found = value(lane);
      return found === undefined ? [] : [{ labels: { topic: lane.topic, partition: String(lane.partition) }, value: found }];
    });
  metrics.gauge(
    'paidan_position',
    'Offset of the partition’s next record to handle',
    perLane(({ position }) => position),
  );
  metrics.gauge(
    'paidan_lag_records',
    'Records of a partition not handled yet',
    perLane(({ lag }) => lag),
  );
  metrics.gauge(
    'paidan_lag_seconds',
    'Age of the partition’s next record to handle; absent where records wait and none has been fetched',
    perLane(({ lag, nextWrittenAt }) => {
      if (nextWrittenAt !== undefined) return Math.max(0, (Date.now() - nextWrittenAt) / 1000);
      return lag === 0 ? 0 : undefined;
    }),
  );
}
