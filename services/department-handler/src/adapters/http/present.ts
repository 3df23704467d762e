import { isUuid } from '@paidan/kernel';
import { hostError } from '@paidan/service-host';
import type { Clock } from '@paidan/contracts';
import type { ExtensionShown } from '../../application/show-extensions.js';
import type { ListedItem, Place, ReadableItem, WorkItems } from '../../application/show-work-items.js';
import { extensionWaiting, isHeld, type Deadline, type Holding, type WorkItem } from '../../domain/work-item.js';
import type {
  DeadlineShown,
  ExtensionRequest,
  NoteShown,
  ReplyShown,
  WorkItemOverview,
  WorkItemState,
  WorkItemSummary,
  WorkItemView,
} from './shapes.js';

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
    ...dueOf(holding.deadlines?.finish),
    ...(item.status === 'suspended' && item.suspended.until !== undefined ? { suspendedUntil: iso(item.suspended.until) } : {}),
    ...('reply' in item ? { round: item.reply.round } : {}),
    ...(title === undefined ? {} : { title }),
  };
};

const dueOf = (deadline: Deadline | undefined): { readonly dueAt?: string } =>
  typeof deadline?.dueAt === 'number' ? { dueAt: iso(deadline.dueAt) } : {};

/** Deadlines of what is still to be done; sla-monitor alone says whether the others were met. */
const deadlinesOf = (item: WorkItem, { deadlines = {}, contacted }: Holding): DeadlineShown[] => {
  if (!isHeld(item)) return [];
  const done: Partial<Record<Clock, boolean>> = {
    sign: item.status !== 'offered',
    respond: contacted === true || item.status === 'replied',
  };
  return (Object.entries(deadlines) as [Clock, Deadline][])
    .filter(([clock]) => done[clock] !== true)
    .map(([clock, deadline]) => ({
      clock,
      ...dueOf(deadline),
      ...(deadline.awaitsYear === undefined ? {} : { awaitsYear: deadline.awaitsYear }),
    }));
};

export const extensionOf = (shown: ExtensionShown): ExtensionRequest => {
  const { ticketId, ticket, holding, extension, waiting, grounds } = shown;
  const { assignment, unit, deadlines } = holding;
  const { span, by, at } = waiting;
  const about = { ticketId, number: ticket.number, unit, assignment, extension };
  return {
    ...about,
    span: { ...span } as ExtensionRequest['span'],
    grounds,
    officer: by,
    requestedAt: iso(at),
    ...dueOf(deadlines?.finish),
  };
};

/** @param title of an open ticket, for who may read it */
const workOf = (ticketId: string, item: ReadableItem, title?: string): WorkItemState => {
  const signed = 'signed' in item ? item.signed : undefined;
  const { coHandlers, copies, extensions, cards = [] } = item.holding;
  return {
    ...summaryOf({ ticketId, item, ...(title === undefined ? {} : { title }) }),
    coHandlers: [...coHandlers],
    copies: [...copies],
    ...(signed?.by === undefined ? {} : { signedBy: signed.by }),
    ...(signed === undefined ? {} : { signedAt: iso(signed.at) }),
    deadlines: deadlinesOf(item, item.holding),
    cards: cards.map(({ dueAt, issuedAt, withdrawn = false, ...card }) => ({
      ...card,
      dueAt: iso(dueAt),
      issuedAt: iso(issuedAt),
      withdrawn,
    })),
    ...(extensions === undefined ? {} : { extension: { number: extensions.asked, waiting: extensionWaiting(item) !== undefined } }),
  };
};

/** For operators, who read nothing that was written about a ticket. */
export const overviewOf = (ticketId: string, item: WorkItem): WorkItemOverview => {
  const holding = 'holding' in item ? item.holding : undefined;
  return {
    ticketId,
    status: item.status,
    since: iso(item.since),
    ...(item.status === 'unregistered' ? {} : { number: item.ticket.number }),
    ...(holding === undefined ? {} : { work: workOf(ticketId, { ...item, holding } as ReadableItem) }),
  };
};

export const viewOf = (ticketId: string, shown: Awaited<ReturnType<WorkItems['one']>>): WorkItemView => {
  const { item, role, content, replies, notes } = shown;
  return {
    ...workOf(ticketId, item, item.ticket.confidentiality === 'open' ? content?.title : undefined),
    role,
    ...(content === undefined ? {} : { content }),
    // The tables' own checks say that outcome and kind are of the closed sets.
    replies: replies.map((reply) => ({ ...reply, submittedAt: reply.submittedAt.toISOString() }) as ReplyShown),
    notes: notes.map(({ text, round, detail, at, ...note }) => ({
      ...(note as Pick<NoteShown, 'kind' | 'assignment' | 'by'>),
      ...(round === null ? {} : { round }),
      ...(detail === null ? {} : { detail }),
      ...(text === undefined ? {} : { text }),
      at: at.toISOString(),
    })),
  };
};
