import { isUuid } from '@paidan/kernel';
import { hostError } from '@paidan/service-host';
import type { ListedItem, Place, WorkItems } from '../../application/show-work-items.js';
import type { WorkItem } from '../../domain/work-item.js';
import type { NoteShown, ReplyShown, WorkItemSummary, WorkItemView } from './shapes.js';

const iso = (at: number): string => new Date(at).toISOString();

/** A place in a list as a text for the address; opaque to the caller. */
export const cursorOf = ({ since, ticketId }: Place): string => Buffer.from(`${since} ${ticketId}`).toString('base64url');

/** @throws PaidanError `invalid-parameters` */
export const placeOf = (cursor: string | undefined): Place | undefined => {
  if (cursor === undefined) return undefined;
  const [since, ticketId] = Buffer.from(cursor, 'base64url').toString().split(' ');
  // The instants that a Date takes, or Postgres would be asked for a day that isn't.
  if (since !== undefined && /^\d{1,15}$/.test(since) && isUuid(ticketId)) return { since: Number(since), ticketId };
  const errors = [{ pointer: '/after', in: 'query', code: 'cursor', detail: 'is no `next` of a page', detailZh: '不是上一页给出的位置' }];
  throw hostError('invalid-parameters', '1 wrong', { extensions: { errors } });
};

export const summaryOf = ({ ticketId, item, title }: ListedItem): WorkItemSummary => {
  const { ticket, holding } = item as Extract<WorkItem, { status: 'offered' }>;
  return {
    ticketId,
    number: ticket.number,
    status: item.status,
    since: iso(item.since),
    assignment: holding.assignment,
    lead: holding.unit,
    appealType: ticket.appealType,
    urgency: ticket.urgency,
    confidentiality: ticket.confidentiality,
    ...(holding.matter === null ? {} : { matter: holding.matter }),
    receivedAt: ticket.receivedAt,
    designated: holding.designated,
    ...(holding.returnUntil === undefined ? {} : { returnUntil: iso(holding.returnUntil) }),
    ...('reply' in item ? { round: item.reply.round } : {}),
    ...(title === undefined ? {} : { title }),
  };
};

export const viewOf = (ticketId: string, shown: Awaited<ReturnType<WorkItems['one']>>): WorkItemView => {
  const { item, role, content, replies, notes } = shown;
  const signed = 'signed' in item ? item.signed : undefined;
  const open = item.ticket.confidentiality === 'open';
  return {
    ...summaryOf({ ticketId, item, ...(open && content !== undefined ? { title: content.title } : {}) }),
    role,
    coHandlers: [...item.holding.coHandlers],
    copies: [...item.holding.copies],
    ...(signed?.by === undefined ? {} : { signedBy: signed.by }),
    ...(signed === undefined ? {} : { signedAt: iso(signed.at) }),
    ...(content === undefined ? {} : { content }),
    // The tables' own checks say that outcome and kind are of the closed sets.
    replies: replies.map((reply) => ({ ...reply, submittedAt: reply.submittedAt.toISOString() }) as ReplyShown),
    notes: notes.map(({ text, round, at, ...note }) => ({
      ...(note as Pick<NoteShown, 'kind' | 'assignment' | 'by'>),
      ...(round === null ? {} : { round }),
      ...(text === undefined ? {} : { text }),
      at: at.toISOString(),
    })),
  };
};
