import { assignmentsTopic, OUTBOUND, wireType, type AssignmentsMessage, type OutboundMessage, type TicketEvent } from '@paidan/contracts';
import type { Notice } from '@paidan/runtime';
import type { Directory, Facts } from './facts.js';
import type { Holding, Ticket, WorkItem } from './work-item.js';

/** Where the holder reads what no message may carry. */
export const workItemPath = (ticketId: string): string => `/v1/work-items/${ticketId}`;

/** A message on a unit's own topic. Keyed by ticket: the unit reads one ticket's story in one order. */
export const noticeTo = (unit: string, key: string, message: AssignmentsMessage): Notice => ({
  topic: assignmentsTopic(unit),
  key,
  type: wireType(message.type, OUTBOUND[message.type].version),
  payload: message,
});

/** Units without a system of their own read their list over HTTP; a code the directory doesn't know has no topic. */
export const hasSystem = (directory: Directory, unit: string): boolean => directory.units.get(unit)?.integration === 'kafka';

const told = ({ unit, coHandlers, copies }: Holding) => [
  { unit, role: 'lead' as const },
  ...coHandlers.map((code) => ({ unit: code, role: 'co-handler' as const })),
  ...copies.map((code) => ({ unit: code, role: 'copy' as const })),
];

type Content = OutboundMessage<'assignment.offered'>['content'];

/** The text goes along only where it may be read by whoever reads the topic; the rest is fetched by an officer, on record. */
const contentFor = (ticket: Ticket, ticketId: string, facts: Facts): Content => {
  const content = ticket.confidentiality === 'open' ? facts.content(ticketId) : undefined;
  return content?.kind === 'open' ? content : { kind: 'fetch', path: workItemPath(ticketId) };
};

/** 派单: an offer for the lead, the same for information to co-handlers and copies. */
export const offers = (ticket: Ticket, holding: Holding, event: TicketEvent<'ticket.assigned'>, facts: Facts): Notice[] => {
  const { ticketId, payload } = event;
  const units = told(holding).filter(({ unit }) => hasSystem(facts.directory, unit));
  if (units.length === 0) return [];
  const content = contentFor(ticket, ticketId, facts);
  return units.map(({ unit, role }) =>
    noticeTo(unit, ticketId, {
      type: 'assignment.offered',
      ticketId,
      number: ticket.number,
      assignment: holding.assignment,
      unit,
      role,
      lead: holding.unit,
      coHandlers: payload.coHandlers,
      appealType: ticket.appealType,
      urgency: ticket.urgency,
      confidentiality: ticket.confidentiality,
      matter: payload.matter,
      content,
      receivedAt: ticket.receivedAt,
      designated: holding.designated,
      ...(payload.returnUntil === undefined ? {} : { returnUntil: payload.returnUntil }),
      reasons: payload.reasons,
      directoryVersion: payload.directoryVersion,
    }),
  );
};

/** To everybody who was told of the assignment: it is over. */
export const withdrawals = (
  ticket: Ticket,
  holding: Holding,
  ticketId: string,
  because: OutboundMessage<'assignment.withdrawn'>['because'],
  directory: Directory,
): Notice[] =>
  told(holding)
    .filter(({ unit }) => hasSystem(directory, unit))
    .map(({ unit }) =>
      noticeTo(unit, ticketId, {
        type: 'assignment.withdrawn',
        ticketId,
        number: ticket.number,
        assignment: holding.assignment,
        unit,
        because,
      }),
    );

const NOTE_MAX = 1000;

/** To the lead: its return was refused. A sealed note isn't opened for a topic; the officer reads it with the work item. */
export const kept = (ticket: Ticket, holding: Holding, event: TicketEvent<'return.refused'>, directory: Directory): Notice[] => {
  if (!hasSystem(directory, holding.unit)) return [];
  const { reason, note, windowEnded } = event.payload;
  return [
    noticeTo(holding.unit, event.ticketId, {
      type: 'assignment.kept',
      ticketId: event.ticketId,
      number: ticket.number,
      assignment: holding.assignment,
      unit: holding.unit,
      reason,
      ...(note?.kind === 'open' ? { note: [...note.text].slice(0, NOTE_MAX).join('') } : {}),
      ...(windowEnded === undefined ? {} : { windowEnded }),
    }),
  ];
};

/** To the lead: whether it has more time. */
export const extensionDecided = (
  { number }: Ticket,
  { unit, assignment }: Holding,
  ticketId: string,
  decided: Pick<OutboundMessage<'extension.decided'>, 'extension' | 'granted' | 'span' | 'note'>,
  directory: Directory,
): Notice[] =>
  hasSystem(directory, unit)
    ? [noticeTo(unit, ticketId, { type: 'extension.decided', ticketId, number, assignment, unit, ...decided })]
    : [];

/** The state as a unit is shown it beside an answer. */
export const stateOf = (item: WorkItem): OutboundMessage<'command.accepted'>['state'] => {
  const { status } = item;
  const holding = 'holding' in item ? item.holding : undefined;
  if (holding === undefined) return { status };
  const { extensions } = holding;
  const until = item.status === 'suspended' ? item.suspended.until : undefined;
  const officer = 'reply' in item ? item.reply.by : 'signed' in item ? item.signed?.by : undefined;
  return {
    status,
    assignment: holding.assignment,
    holder: holding.unit,
    ...('reply' in item ? { round: item.reply.round } : {}),
    ...(officer === undefined ? {} : { officer }),
    ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
    ...(extensions === undefined ? {} : { extension: { number: extensions.asked, waiting: extensions.waiting !== undefined } }),
  };
};
