import type {
  AcceptReturn,
  AssignByHand,
  ClaimTicket,
  LinkTicket,
  Reassign,
  RefuseReturn,
  UndoAssignment,
  UnlinkTicket,
} from '@paidan/contracts';
import type { Actor, Outcome } from '@paidan/runtime';
import type { DispatchCommand, Order, stateOf } from '../domain/orders.js';
import { dispatchError } from '../errors.js';

/** Takes a command through the fold. */
export type Decider = (command: DispatchCommand) => Promise<Outcome>;

/** The state after an accepted order. */
export type OrderAnswer = { readonly ticketId: string } & ReturnType<typeof stateOf>;

const orderOf = (body: AssignByHand): Order => ({
  decisionVersion: body.decisionVersion,
  unit: body.unit,
  coHandlers: body.coHandlers ?? [],
  copies: body.copies ?? [],
  ...(body.matter === undefined ? {} : { matter: body.matter }),
  designated: body.designated ?? false,
  reason: body.reason,
});

export const assignByHand = (decider: Decider, ticketId: string, actor: Actor, body: AssignByHand): Promise<OrderAnswer> =>
  give(decider, { commandId: body.commandId, name: 'assign', ticketId, actor, payload: orderOf(body) });

/** Asks the holder to let go; the ticket moves when it has. */
export const reassign = (decider: Decider, ticketId: string, actor: Actor, body: Reassign): Promise<OrderAnswer> =>
  give(decider, {
    commandId: body.commandId,
    name: 'reassign',
    ticketId,
    actor,
    payload: { ...orderOf(body), assignment: body.assignment },
  });

/** 同意退单: the ticket goes to whoever is next. */
export const acceptReturn = (decider: Decider, ticketId: string, actor: Actor, body: AcceptReturn): Promise<OrderAnswer> => {
  const { commandId, ...payload } = body;
  return give(decider, { commandId, name: 'accept-return', ticketId, actor, payload });
};

/** 不同意退单: the unit keeps it, and may not try again. */
export const refuseReturn = (decider: Decider, ticketId: string, actor: Actor, body: RefuseReturn): Promise<OrderAnswer> => {
  const { commandId, ...payload } = body;
  return give(decider, { commandId, name: 'refuse-return', ticketId, actor, payload });
};

/** Keeps the ticket for oneself while looking at it. */
export const claim = (decider: Decider, ticketId: string, actor: Actor, body: ClaimTicket): Promise<OrderAnswer> => {
  const { commandId, decisionVersion } = body;
  return give(decider, { commandId, name: 'claim', ticketId, actor, payload: { decisionVersion } });
};

export const unclaim = (decider: Decider, ticketId: string, actor: Actor, body: ClaimTicket): Promise<OrderAnswer> => {
  const { commandId, decisionVersion } = body;
  return give(decider, { commandId, name: 'unclaim', ticketId, actor, payload: { decisionVersion } });
};

/** 撤销派单: the holder is asked to let go, and the ticket goes back into the queue. */
export const undo = (decider: Decider, ticketId: string, actor: Actor, body: UndoAssignment): Promise<OrderAnswer> => {
  const { commandId, ...payload } = body;
  return give(decider, { commandId, name: 'undo', ticketId, actor, payload });
};

/** 并入主单: at once where nobody holds it; else its holder is asked to let go first. */
export const link = (decider: Decider, ticketId: string, actor: Actor, body: LinkTicket): Promise<OrderAnswer> => {
  const { commandId, ...payload } = body;
  return give(decider, { commandId, name: 'link', ticketId, actor, payload });
};

/** 解除并入: the ticket goes its own way. */
export const unlink = (decider: Decider, ticketId: string, actor: Actor, body: UnlinkTicket): Promise<OrderAnswer> => {
  const { commandId, ...payload } = body;
  return give(decider, { commandId, name: 'unlink', ticketId, actor, payload });
};

async function give(decider: Decider, command: DispatchCommand): Promise<OrderAnswer> {
  const outcome = await decider(command);
  if (outcome.accepted) return { ticketId: command.ticketId, ...(outcome.answer as ReturnType<typeof stateOf>) };
  const known = dispatchError.codes.find((code) => code === outcome.reason);
  if (known === undefined) throw new TypeError(`an order was refused for an unknown reason: ${outcome.reason}`);
  throw dispatchError(known, `${command.name}: ${outcome.reason}`, { extensions: { ticketId: command.ticketId, ...outcome.detail } });
}
