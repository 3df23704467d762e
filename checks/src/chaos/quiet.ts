import { commandsTopic, DIRECTORY_TOPIC, SERVICES, submissionsTopic, TICKETS_TOPIC } from '@paidan/contracts';
import { type RunningSystem, timeOf, urlOf, withClient } from '@paidan/local';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { endsOf, openReader } from './books/read-topics.js';
import { schemaOf } from './books/read-schemas.js';

/** From a timer's coming due to its effect, at the longest: a look a second, patience of five for a log that is behind, and some for a busy machine. Real ms. */
export const TIMERS_TAKE = 15_000;
const LOOK_EVERY = 1_000;
/** Members are seen to by services that look for them again and again, beside the log. */
const MEMBERS = {
  'members of masters that were answered': `select count(*) from feedback.ticket m join feedback.ticket k on k.ticket_id = m.master
     where m.status = 'linked' and (k.status in ('answered', 'delivered') or k.record ->> 'because' not in ('withdrawn', 'declined'))`,
  'members of members': `select count(*) from dispatch.ticket m join dispatch.ticket k on k.ticket_id = m.master where k.status in ('linked', 'withdrawn')`,
};
/** Where nothing changes for so long, or all is never still for so long, it is looked at as it is. */
const STUCK_AFTER = 300_000;
const LONGEST = 600_000;

/** Waits until everything said has been heard everywhere and nothing is on its way, and makes all services stand still at such a moment. */
export class Quiet {
  private readonly began = Date.now();
  /** When what is restless last changed; real time. */
  private changedAt = Date.now();
  private last = '';

  constructor(
    private readonly system: RunningSystem,
    private readonly signalServices: (signal: 'SIGSTOP' | 'SIGCONT') => Promise<void>,
    private readonly show: (line: string) => void,
  ) {}

  /**
   * @returns the city's time at which all stood still, the services frozen; what was still restless is named, if they never came to rest
   */
  async stand(): Promise<{ readonly at: number; readonly restless: readonly string[] }> {
    for (;;) {
      const restless = await this.restless();
      const stuck = this.isStuck(restless);
      if (restless.length === 0 || stuck) {
        const at = timeOf(this.system.clock);
        await this.signalServices('SIGSTOP');
        // Nothing may have moved between the look and the stop.
        const still = await this.restless();
        if (still.length === 0 || stuck) return { at, restless: still };
        await this.signalServices('SIGCONT');
      }
      this.show(`coming to rest: ${restless.join(', ')}`);
      await delay(LOOK_EVERY);
    }
  }

  private isStuck(restless: readonly string[]): boolean {
    const now = restless.join();
    if (now !== this.last) [this.last, this.changedAt] = [now, Date.now()];
    return Date.now() - this.changedAt > STUCK_AFTER || Date.now() - this.began > LONGEST;
  }

  private async restless(): Promise<readonly string[]> {
    const { city, brokers, postgresUrl } = this.system;
    const topics = [TICKETS_TOPIC, DIRECTORY_TOPIC, ...city.units.map(commandsTopic), ...city.channels.map(submissionsTopic)];
    const { ends } = await endsOf(openReader(brokers), topics);
    return withClient(urlOf(postgresUrl, 'paidan'), async (client) => {
      const found: string[] = [];
      for (const service of SERVICES) found.push(...(await this.restlessIn(client, service, ends)));
      const { rows } = await client.query<{ count: string }>(`select count(*) from feedback.delivery where state <> 'kept'`);
      if (rows[0]?.count !== '0') found.push(`${rows[0]?.count ?? '?'} replies on their way`);
      for (const [what, sql] of Object.entries(MEMBERS)) {
        const { rows: members } = await client.query<{ count: string }>(sql);
        if (members[0]?.count !== '0') found.push(`${members[0]?.count ?? '?'} ${what}`);
      }
      return found;
    });
  }

  private async restlessIn(client: pg.Client, service: (typeof SERVICES)[number], ends: ReadonlyMap<string, number>): Promise<string[]> {
    const schema = schemaOf(service);
    const overdue = timeOf(this.system.clock) - TIMERS_TAKE * (this.system.clock?.factor ?? 1);
    const { rows } = await client.query<{ outbox: string; notice: string; overdue: string }>(
      `select (select count(*) from ${schema}.outbox) outbox, (select count(*) from ${schema}.notice) notice,
         (select count(*) from ${schema}.ticket, json_each(timers) t where (t.value ->> 'dueAt')::bigint < $1) overdue`,
      [Math.floor(overdue)],
    );
    const { rows: positions } = await client.query<{ place: string; next_offset: string }>(
      `select topic || '/' || partition as place, next_offset from ${schema}.log_position`,
    );
    const behind = positions.reduce((sum, { place, next_offset }) => sum + Math.max(0, (ends.get(place) ?? 0) - Number(next_offset)), 0);
    const counts = { ...rows[0], behind };
    return Object.entries(counts).flatMap(([what, count]) => (Number(count) > 0 ? [`${service} ${what} ${count}`] : []));
  }
}
