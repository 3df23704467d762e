import { lines, table } from '@paidan/local';
import { cityTime } from '../time.js';
import type { Discarded, LogRecord, ParkedTickets, Quarantined, Replayed, WaitingRecords } from './answers.js';

type From<T> = readonly { readonly service: string; readonly answer: T }[];

const MOST = 80;
const short = (text: string): string => (text.length > MOST ? `${text.slice(0, MOST)}…` : text);
export const placeOf = ({ topic, partition, offset }: Pick<LogRecord, 'topic' | 'partition' | 'offset'>): string =>
  `${topic}/${partition}@${offset}`;
const wordOf = ({ said }: LogRecord): string => (said === undefined ? '' : `${said.service} ${said.epoch}.${said.sequence}`);

export function showParked(found: From<ParkedTickets>): string {
  const rows = found.flatMap(({ service, answer: { tickets } }) =>
    tickets.map(({ ticketId, waiting, since, errorCode, errorMessage }) => ({
      service,
      ticket: ticketId,
      waiting: String(waiting),
      since: cityTime(since),
      error: errorCode,
      message: short(errorMessage),
    })),
  );
  const hidden = found.flatMap(({ service, answer: { count, tickets } }) =>
    count > tickets.length ? [`${service}: ${count - tickets.length} more`] : [],
  );
  return rows.length === 0 ? 'no ticket is parked' : [table(rows), ...hidden].join('\n');
}

export function showWaiting(found: From<WaitingRecords>): string {
  return found
    .map(({ service, answer: { ticketId, count, records } }) => {
      const rows = records.map((record) => ({
        record: record.record,
        what: record.type,
        'whose word': wordOf(record),
        where: placeOf(record),
        'said at': record.time === undefined ? '' : cityTime(record.time),
        'waits since': cityTime(record.parkedAt),
        error: record.error === undefined ? '' : short(`${record.error.code}: ${record.error.message}`),
      }));
      const [first] = records;
      const more = count > records.length ? [`and ${count - records.length} more`] : [];
      return [
        `${service}: ticket ${ticketId} waits for record ${first?.record ?? ''}, with ${count - 1} behind it`,
        table(rows),
        ...more,
        `paidan parked replay ${ticketId} --service ${service}`,
        `paidan parked discard ${ticketId} --service ${service} --record ${first?.record ?? ''} --reason …`,
      ].join('\n');
    })
    .join('\n\n');
}

export function showReplayed(service: string, { ticketId, replayed, remaining, error }: Replayed): string {
  const done = `${service}: ${replayed} processed`;
  if (error === undefined) return `${done}; ticket ${ticketId} ${remaining === 0 ? 'waits for nothing here' : `has ${remaining} waiting`}`;
  return `${done}; ${remaining} of ticket ${ticketId} wait, the first fails: ${short(`${error.code}: ${error.message}`)}`;
}

export function showDiscarded(service: string, { discarded, replay }: Discarded): string {
  const { record, type, error, reason, by, at, handled } = discarded;
  return [
    lines({
      discarded: `record ${record}: ${type}, ${placeOf(discarded)}`,
      ...(discarded.said === undefined
        ? {}
        : { 'whose word': `${wordOf(discarded)}${handled ? ', counts as handled' : ', its number counts for nothing'}` }),
      'it failed of': short(`${error.code}: ${error.message}`),
      by: `${by}, ${cityTime(at)}`,
      reason,
    }),
    showReplayed(service, replay),
  ].join('\n');
}

export function showQuarantine(found: From<{ readonly count: number; readonly records: readonly Quarantined[] }>): string {
  const rows = found.flatMap(({ service, answer: { records } }) =>
    records.map((record) => ({
      service,
      where: placeOf(record),
      since: cityTime(record.quarantinedAt),
      bytes: String(record.bytes),
      reason: record.reason,
      detail: short(record.detail),
    })),
  );
  const hidden = found.flatMap(({ service, answer: { count, records } }) =>
    count > records.length ? [`${service}: ${count - records.length} more`] : [],
  );
  return rows.length === 0 ? 'nothing is in quarantine' : [table(rows), ...hidden].join('\n');
}

export function showQuarantined(service: string, record: Quarantined): string {
  const { reason, detail, bytes, quarantinedAt, sealed, value } = record;
  return lines({
    service,
    where: placeOf(record),
    since: cityTime(quarantinedAt),
    reason,
    detail,
    bytes: String(bytes),
    ...(sealed === true ? { value: 'under seal: not shown' } : value === undefined ? {} : { value: JSON.stringify(value) }),
  });
}
