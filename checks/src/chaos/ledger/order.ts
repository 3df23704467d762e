import type { TicketEvent } from '@paidan/contracts';
import type { Books, Logged } from '../books/books.js';
import { type Finding, finding, onceEach, shown } from './finding.js';

/** 派单记录: how far an assignment is, as the vocabulary has it: offered, 签收, 挂起, 答复, 审核通过, 退单, 收回. */
type Status = 'offered' | 'signed' | 'suspended' | 'replied' | 'approved' | 'returned' | 'ended';

const at = (to: Status, ...from: readonly Status[]): Readonly<Partial<Record<Status, Status>>> =>
  Object.fromEntries(from.map((status) => [status, to]));
const stays = (...statuses: readonly Status[]): Readonly<Partial<Record<Status, Status>>> =>
  Object.fromEntries(statuses.map((status) => [status, status]));
const atWork = stays('signed', 'suspended', 'replied');

/**
 * What may be said of an assignment, and when. Dispatch and department-handler both speak of it and hear each other from the log alone, so the order of
 * the log is the order of cause and effect. A unit may return what a person takes back at the same moment: then both are said.
 */
const MOVES: Readonly<Partial<Record<TicketEvent['name'], Readonly<Partial<Record<Status, Status>>>>>> = {
  'assignment.signed': at('signed', 'offered'),
  'assignment.returned': at('returned', 'offered', 'signed'),
  'return.accepted': at('ended', 'returned', 'ended'),
  'return.refused': at('offered', 'returned'),
  'assignment.released': at('ended', 'offered', 'signed', 'suspended', 'replied', 'returned', 'ended'),
  'release.requested': stays('offered', 'signed', 'suspended', 'replied', 'approved', 'returned', 'ended'),
  'release.refused': stays('approved', 'ended'),
  'citizen.contacted': atWork,
  'work.progressed': atWork,
  'work.suspended': at('suspended', 'signed'),
  'work.resumed': at('signed', 'suspended'),
  'extension.requested': stays('signed'),
  'extension.granted': atWork,
  'extension.refused': atWork,
  'reply.submitted': at('replied', 'signed'),
  'reply.sent-back': at('signed', 'replied'),
  'reply.approved': at('approved', 'replied'),
};

/** Before another unit may have it. */
const LEFT: ReadonlySet<Status> = new Set(['ended', 'approved']);

/** What is said of each ticket is said in an order in which it can have happened. */
export function checkOrder({ stories }: Pick<Books, 'stories'>): readonly Finding[] {
  return [...stories].flatMap(([ticketId, story]) => checkStory(ticketId, onceEach(story)));
}

function checkStory(ticketId: string, story: readonly Logged[]): Finding[] {
  const findings: Finding[] = [];
  const wrong = (event: Logged, why: string): void => void findings.push(finding('order-wrong', ticketId, `${shown(event)} ${why}`));
  const statuses = new Map<number, Status>();
  const signed = new Set<number>();
  const rounds = { submitted: 0, approved: 0, delivered: 0 };
  let [closed, linked] = [false, false];
  for (const [index, event] of story.entries()) {
    if (index === 0 && event.name !== 'ticket.registered') wrong(event, 'comes before the registration');
    if (linked && (event.name === 'ticket.assigned' || event.name === 'ticket.held')) wrong(event, 'comes while it is under a master');
    if (event.name === 'ticket.unlinked' && !linked) wrong(event, 'comes while it is under no master');
    if (event.name === 'ticket.linked' || event.name === 'ticket.unlinked') linked = event.name === 'ticket.linked';
    if (event.name === 'ticket.assigned') {
      const { assignment } = event.payload;
      const before = statuses.get(assignment - 1);
      if (assignment !== statuses.size + 1) wrong(event, `is number ${assignment} after ${statuses.size}`);
      else if (before !== undefined && !LEFT.has(before)) wrong(event, `comes while assignment ${assignment - 1} is ${before}`);
      statuses.set(assignment, 'offered');
      continue;
    }
    if (event.service === 'feedback' && closed) wrong(event, 'comes after the ticket was closed');
    if (event.name === 'reply.delivered' && event.payload.round > rounds.approved)
      wrong(event, 'comes before a reply of that round was approved');
    if (event.name === 'rating.received' && event.payload.round > rounds.delivered)
      wrong(event, 'comes before a reply of that round was delivered');
    if (event.name === 'ticket.closed') closed = true;
    if (event.name === 'reply.submitted' && event.payload.round !== (rounds.submitted += 1))
      wrong(event, `is round ${event.payload.round}, not ${rounds.submitted}`);
    // Its master's reply is a round of its own: one approved after it is the next.
    if (event.name === 'reply.approved') rounds.approved = Math.max(event.payload.round, rounds.approved + 1);
    if (event.name === 'reply.shared') rounds.approved = Math.max(event.payload.round, rounds.approved);
    if (event.name === 'reply.delivered') rounds.delivered = event.payload.round;
    const moves = MOVES[event.name];
    if (moves === undefined) continue;
    const assignment = (event.payload as { readonly assignment?: number }).assignment ?? 0;
    const status = statuses.get(assignment);
    const next = status === undefined ? undefined : moves[status];
    if (next === undefined) wrong(event, `comes while assignment ${assignment} is ${status ?? 'not there'}`);
    else if (event.name === 'return.refused') statuses.set(assignment, signed.has(assignment) ? 'signed' : 'offered');
    else statuses.set(assignment, next);
    if (event.name === 'assignment.signed') signed.add(assignment);
  }
  return findings;
}
