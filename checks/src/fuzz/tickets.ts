import { encodeHeaders, submissionsTopic, TICKETS_TOPIC } from '@paidan/contracts';
import type { RunningSystem } from '@paidan/local';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { UNIT, type Caller, type Json } from './caller.js';

export interface Ticket {
  readonly ticketId: string;
  readonly number: string;
  readonly queryCode: string;
}

/** Tickets by what can be done with them. */
export interface Tickets {
  readonly offered: readonly Ticket[];
  /** Offered as well, to be taken from their holder. */
  readonly movable: readonly Ticket[];
  readonly signed: readonly Ticket[];
  readonly suspended: readonly Ticket[];
  readonly replied: readonly Ticket[];
  /** Their reply waits to be fetched. */
  readonly answered: readonly Ticket[];
  readonly delivered: readonly Ticket[];
  /** A longer extension has been asked for. */
  readonly extending: readonly Ticket[];
  readonly held: readonly Ticket[];
  /** Held as well, to be claimed and let go: an order ends a claim. */
  readonly claimable: readonly Ticket[];
  /** Held as well, to come under a master. */
  readonly linkable: readonly Ticket[];
  /** Under a master. */
  readonly linked: readonly Ticket[];
  /** What others are the same matter as. */
  readonly masters: readonly Ticket[];
  /** Assigned a moment ago by the one who fuzzes. */
  readonly undoable: readonly Ticket[];
  /** Whether their unit may return them waits for a dispatcher. */
  readonly returned: readonly Ticket[];
  /** An event of theirs can't be processed by anybody. */
  readonly parked: readonly Ticket[];
  /** Events of theirs never came. */
  readonly gaps: readonly Ticket[];
  /** Records that belong to no ticket. */
  readonly quarantined: readonly Place[];
}

export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** A channel whose adapter hands in over Kafka. */
const KAFKA_CHANNEL = 'upstream-province';
/** Enough for the run not to use them all up at its beginning. */
const EACH = 12;

/** Brings tickets into each state that some operation needs, as adapters and officers do. */
export async function prepareTickets(system: RunningSystem, caller: Caller): Promise<Tickets> {
  const work = (ticket: Ticket, what: string, more: object = {}, as: 'everybody' | 'writer' = 'writer'): Promise<Json> =>
    caller.call(
      'department-handler',
      'POST',
      `/v1/work-items/${ticket.ticketId}/${what}`,
      { commandId: randomUUID(), assignment: 1, ...more },
      as,
    );
  const open = async (count = EACH): Promise<Ticket[]> => {
    const tickets = await Promise.all(Array.from({ length: count }, (_, i) => submit(caller, i)));
    await Promise.all(
      tickets.map(({ ticketId }) =>
        caller.until('it is offered', 'department-handler', `/v1/work-items/${ticketId}`, ({ status }) => status === 'offered'),
      ),
    );
    return tickets;
  };
  const signed = async (count = EACH): Promise<Ticket[]> => {
    const tickets = await open(count);
    await Promise.all(tickets.map((ticket) => work(ticket, 'signature')));
    return tickets;
  };
  const then = async (what: string, more: object, count = EACH): Promise<Ticket[]> => {
    const tickets = await signed(count);
    await Promise.all(tickets.map((ticket) => work(ticket, what, more)));
    return tickets;
  };
  const answer = async (count = EACH): Promise<Ticket[]> => {
    const tickets = await then('reply', { text: '已清理，欢迎监督。', outcome: 'resolved' }, count);
    await Promise.all(tickets.map((ticket) => work(ticket, 'approval', { round: 1 }, 'everybody')));
    return tickets;
  };
  const [parked, gaps, delivered] = [await open(4), await open(4), await answer()];
  const quarantined = await breakTickets(system, parked, gaps);
  await Promise.all(delivered.map((ticket) => fetchReply(caller, ticket)));
  const nobodys = async (anyOf: 'open' | 'any' = 'any'): Promise<Ticket[]> => {
    const words = { title: '请问', text: '说不清楚' };
    const tickets = await Promise.all(Array.from({ length: EACH }, (_, i) => submit(caller, anyOf === 'open' ? 0 : i, words)));
    for (const { ticketId } of tickets)
      await caller.until('it is held', 'dispatch', `/v1/tickets/${ticketId}/routing`, ({ status }) => status === 'held');
    return tickets;
  };
  const [held, undoable, claimable] = [await nobodys(), await nobodys(), await nobodys()];
  // What is confidential comes under nothing.
  const [linkable, linked] = [await nobodys('open'), await nobodys('open')];
  const masters = await open(1);
  for (const { ticketId } of linked) {
    const body = { commandId: randomUUID(), decisionVersion: 1, master: masters[0]?.ticketId };
    await caller.call('dispatch', 'POST', `/v1/tickets/${ticketId}/link`, body);
  }
  for (const { ticketId } of undoable) {
    const body = { commandId: randomUUID(), decisionVersion: 1, unit: UNIT, reason: '试派' };
    await caller.call('dispatch', 'POST', `/v1/tickets/${ticketId}/assignment`, body);
  }
  const returned = await then('return', { reason: 'not-our-duty', grounds: '非我单位职责' }, 2 * EACH);
  for (const { ticketId } of returned)
    await caller.until('it is returned', 'dispatch', `/v1/tickets/${ticketId}/routing`, ({ status }) => status === 'returned');
  return {
    offered: await open(2 * EACH),
    movable: await open(),
    signed: await signed(3 * EACH),
    suspended: await then('suspension', { reason: 'season', grounds: '待回暖' }),
    replied: await then('reply', { text: '已清理。', outcome: 'resolved' }),
    answered: await answer(),
    delivered,
    extending: await then('extension', { span: { count: 30, unit: 'WD' }, grounds: '配件待运' }),
    held,
    claimable,
    linkable,
    linked,
    masters,
    undoable,
    returned,
    parked,
    gaps,
    quarantined,
  };
}

let submitted = 0;

async function submit(
  caller: Caller,
  place: number,
  words: object = { title: '占道经营', text: '人行道上摆摊，无法通行', addressee: UNIT },
): Promise<Ticket> {
  submitted += 1;
  const body = {
    externalId: `prepared-${submitted}`,
    appealType: 'complaint',
    contact: { name: '王某', phone: String(13_800_000_000 + submitted) },
    ...words,
  };
  const confidential = place % 4 === 3 ? { confidentiality: 'confidential' } : {};
  return (await caller.call('intake', 'POST', '/v1/submissions', { ...body, ...confidential }, 'channel')) as unknown as Ticket;
}

async function fetchReply(caller: Caller, { ticketId, number, queryCode }: Ticket): Promise<void> {
  await caller.until('it is answered', 'feedback', `/v1/tickets/${ticketId}/trail`, ({ status }) => status === 'answered');
  await caller.call('feedback', 'POST', '/v1/tracking', { number, queryCode });
}

/** What nobody but a service may write, and what a newer release or a lost part of the log would look like. */
async function breakTickets({ brokers }: RunningSystem, parked: readonly Ticket[], gaps: readonly Ticket[]): Promise<readonly Place[]> {
  const kafka = new Kafka({ clientId: 'fuzz', brokers: [...brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  const event = (subject: string, type: string, sequence: number, value: object) => {
    const envelope = { id: randomUUID(), source: '/paidan/intake', type, subject, time: new Date().toISOString(), sequence, epoch: 1 };
    return { key: subject, headers: { ...encodeHeaders(envelope) }, value: JSON.stringify(value) };
  };
  const words = { kind: 'open', text: '还有一处' };
  await producer.connect();
  await producer.send({
    topic: 'paidan.tickets',
    acks: -1,
    messages: [
      ...parked.map(({ ticketId }) => event(ticketId, 'paidan.ticket.withdrawn.v9', 2, {})),
      ...gaps.map(({ ticketId }) =>
        event(ticketId, 'paidan.ticket.supplemented.v1', 5, { supplement: 1, suppliedAt: new Date().toISOString(), words }),
      ),
    ],
  });
  const places: Place[] = [];
  for (const topic of [TICKETS_TOPIC, submissionsTopic(KAFKA_CHANNEL)])
    for (const { partition, baseOffset } of await producer.send({ topic, acks: -1, messages: [{ key: 'nobody', value: 'not JSON' }] }))
      places.push({ topic, partition, offset: Number(baseOffset) });
  await producer.disconnect();
  return places;
}
