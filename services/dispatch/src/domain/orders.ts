import type { Words } from '@paidan/contracts';
import type { Actor, Command, Outcome } from '@paidan/runtime';
import { withSubordinates, type Directory } from './routing/directory.js';
import { decisionVersion, type Target, type Ticket } from './ticket.js';

/** What a dispatcher orders. The decision version is that of the decision the person was looking at. */
export interface Order {
  readonly decisionVersion: number;
  readonly unit: string;
  readonly coHandlers: readonly string[];
  readonly copies: readonly string[];
  readonly matter?: string;
  readonly designated: boolean;
  /** 派单意见. */
  readonly reason: string;
}

export type AssignCommand = Command<'assign', Order>;
export type ReassignCommand = Command<'reassign', Order & { readonly assignment: number }>;
export type DispatchCommand = AssignCommand | ReassignCommand;

/** Why an order is refused. */
export const REFUSALS = [
  'unknown-ticket',
  'stale-decision',
  'stale-assignment',
  'wrong-state',
  'unknown-unit',
  'unit-inactive',
  'unit-excluded',
  'holds-it-now',
  'unknown-matter',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** What a person is shown of a ticket whose state is not the one they ordered on. */
export const stateOf = (ticket: Ticket) => ({
  status: ticket.status,
  decisionVersion: decisionVersion(ticket),
  ...('holding' in ticket ? { assignment: ticket.holding.assignment, lead: ticket.holding.lead } : {}),
  ...(ticket.status === 'releasing' ? { target: ticket.target.lead } : {}),
  ...(ticket.status === 'closed' ? { because: ticket.because } : {}),
});

export const refusal = (reason: Refusal, ticket: Ticket | undefined, detail: Readonly<Record<string, unknown>> = {}): Outcome => ({
  accepted: false,
  reason,
  detail: { ...detail, ...(ticket === undefined ? {} : { state: stateOf(ticket) }) },
});

/** Whether the order was given on what is still the newest decision, and in a status that takes it. */
export const staleness = (ticket: Ticket | undefined, { name, payload }: DispatchCommand): Outcome | undefined => {
  if (ticket === undefined) return refusal('unknown-ticket', undefined);
  if (payload.decisionVersion !== decisionVersion(ticket)) return refusal('stale-decision', ticket);
  if (ticket.status !== (name === 'assign' ? 'held' : 'assigned')) return refusal('wrong-state', ticket);
  if (name === 'reassign' && ticket.status === 'assigned' && payload.assignment !== ticket.holding.assignment)
    return refusal('stale-assignment', ticket);
  return undefined;
};

/** Whether the units and the matter of the order may be, by the directory in force and by what the ticket has been through. */
export const objection = (ticket: Ticket, order: Order, actor: Actor, directory: Directory): Outcome | undefined => {
  const reported = new Set(ticket.reported.flatMap((unit) => withSubordinates(directory, unit)));
  const designatedBySupervisor = order.designated && actor.roles.includes('supervisor');
  // 信访工作条例 §30: what is reported never reaches the reported. A complaint that merely names a unit may be its own business; a supervisor says so.
  const mayMeetReported = designatedBySupervisor && ticket.appeal.appealType !== 'report' && ticket.appeal.confidentiality === 'open';

  for (const [role, code] of [
    ['lead', order.unit],
    ...order.coHandlers.map((unit) => ['co-handler', unit] as const),
    ...order.copies.map((unit) => ['copy', unit] as const),
  ] as const) {
    const unit = directory.units.get(code);
    if (unit === undefined) return refusal('unknown-unit', ticket, { unit: code });
    if (!unit.active) return refusal('unit-inactive', ticket, { unit: code });
    if (reported.has(code) && !(role === 'lead' && mayMeetReported))
      return refusal('unit-excluded', ticket, { unit: code, because: 'is-reported-party' });
    // 直接指定 is final: only a supervisor may send it back to who returned it. Working along is no return.
    if (role === 'lead' && ticket.returnedBy.includes(code) && !designatedBySupervisor)
      return refusal('unit-excluded', ticket, { unit: code, because: 'returned-before' });
  }
  if ('holding' in ticket && ticket.holding.lead === order.unit) return refusal('holds-it-now', ticket, { unit: order.unit });
  if (order.matter !== undefined && !directory.matterByCode.has(order.matter))
    return refusal('unknown-matter', ticket, { matter: order.matter });
  return undefined;
};

export const targetOf = (order: Order, actor: Actor, matter: string | null, opinion: Words): Target => {
  const coHandlers = order.coHandlers.filter((unit) => unit !== order.unit);
  return {
    lead: order.unit,
    coHandlers,
    copies: order.copies.filter((unit) => unit !== order.unit && !coHandlers.includes(unit)),
    matter: order.matter ?? matter,
    designated: order.designated,
    by: { kind: 'person', subject: actor.subject },
    opinion,
  };
};
