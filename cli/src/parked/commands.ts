import { ask, Unreachable } from '../system/ask.js';
import { askAll, askThoseThatHave, chosen, serviceOf } from '../system/ask-all.js';
import type { System } from '../system/find-system.js';
import type { Order } from '../options.js';
import { several, type Outcome } from '../outcome.js';
import type { Discarded, ParkedTickets, Quarantined, Replayed, WaitingRecords } from './answers.js';
import { placeOf, showDiscarded, showParked, showQuarantine, showQuarantined, showReplayed, showWaiting } from './show-parked.js';

type OrderOf<D extends Order['do']> = Extract<Order, { do: D }>;

const parked = (ticketId = ''): string => `/v1/operations/parked${ticketId === '' ? '' : `/${ticketId}`}`;

export async function listParked(system: System, order: OrderOf<'parked list'>): Promise<Outcome> {
  const token = await system.token();
  return several(
    await askAll(chosen(system, order), (service) => ask<ParkedTickets>(service, `${parked()}?limit=${order.limit}`, token)),
    showParked,
  );
}

/** @param ticketId resolved from what the order names */
export async function showTicket(system: System, order: OrderOf<'parked show'>, ticketId: string): Promise<Outcome> {
  const token = await system.token();
  const asked = await askThoseThatHave<WaitingRecords>(chosen(system, order), parked(ticketId), token, 'nothing-parked');
  return several(asked, (waiting) =>
    waiting.length === 0
      ? `nothing waits for ticket ${ticketId}${order.service === undefined ? '' : ` in ${order.service}`}`
      : showWaiting(waiting),
  );
}

export async function replay(system: System, order: OrderOf<'parked replay'>, ticketId: string): Promise<Outcome> {
  const service = serviceOf(system, order.service);
  const replayed = await ask<Replayed>(service, `${parked(ticketId)}/replay`, await system.token(), {});
  return { text: showReplayed(service.name, replayed), json: { service: service.name, ...replayed }, ok: replayed.remaining === 0 };
}

export async function discard(system: System, order: OrderOf<'parked discard'>, ticketId: string): Promise<Outcome> {
  const service = serviceOf(system, order.service);
  const token = await system.token();
  // Without a number it is the one that is first now; the service throws away no other, should that change meanwhile.
  const record = order.record ?? (await ask<WaitingRecords>(service, `${parked(ticketId)}?limit=1`, token)).records[0]?.record;
  if (record === undefined) throw new Unreachable(`${service.name} names no record that ticket ${ticketId} waits for`);
  const done = await ask<Discarded>(service, `${parked(ticketId)}/discard`, token, { record, reason: order.reason });
  return { text: showDiscarded(service.name, done), json: { service: service.name, ...done }, ok: done.replay.remaining === 0 };
}

export async function listQuarantine(system: System, order: OrderOf<'quarantine list'>): Promise<Outcome> {
  const token = await system.token();
  type Listed = { readonly count: number; readonly records: readonly Quarantined[] };
  return several(
    await askAll(chosen(system, order), (service) => ask<Listed>(service, `/v1/operations/quarantine?limit=${order.limit}`, token)),
    showQuarantine,
  );
}

export async function showQuarantinedRecord(system: System, order: OrderOf<'quarantine show'>): Promise<Outcome> {
  const service = serviceOf(system, order.service);
  const { topic, partition, offset } = order.place;
  const path = `/v1/operations/quarantine/${encodeURIComponent(topic)}/${partition}/${offset}${order.value ? '?value=true' : ''}`;
  const record = await ask<Quarantined>(service, path, await system.token());
  return { text: showQuarantined(service.name, record), json: { service: service.name, where: placeOf(record), ...record }, ok: true };
}
