import type { DepartmentCommandName } from '@paidan/contracts';
import type { Attempt } from '../../cast/channels/callback-server.js';
import { type Answer, isRecord, problemOf, textOf } from '../../cast/city/api.js';
import { listed } from '../listed.js';

/** What an adapter was answered over HTTP. */
export interface ReceiptSeen {
  /** The body as it was handed in, to tell the first one from another under the same id. */
  readonly text: string;
  readonly outcome:
    | { readonly kind: 'accepted'; readonly ticketId: string; readonly number: string; readonly queryCode: string }
    | { readonly kind: 'refused'; readonly reason: string };
}

/** What the play's dispatcher does, by the end of the path. */
const DISPATCH_ORDERS = {
  '/assignment': 'assign',
  '/reassignment': 'reassign',
  '/return/acceptance': 'accept-return',
  '/return/refusal': 'refuse-return',
  '/link': 'link',
  '/unlink': 'unlink',
} as const;
export type DispatchOrder = (typeof DISPATCH_ORDERS)[keyof typeof DISPATCH_ORDERS];

function dispatchOrderOf(path: string): DispatchOrder {
  for (const [end, name] of Object.entries(DISPATCH_ORDERS)) if (path.endsWith(end)) return name;
  throw new Error(`the ledger doesn't know what ${path} leads to`);
}

/** An order that somebody gave over HTTP, and every answer to it. */
export interface OrderSeen {
  readonly commandId: string;
  readonly service: 'dispatch' | 'department-handler';
  readonly name: DepartmentCommandName | DispatchOrder | 'decide-extension';
  readonly ticketId: string;
  /** Of department-handler's. */
  readonly assignment?: number;
  readonly answers: string[];
}

export interface RatingSeen {
  /** By the ticket's id where a channel rates, by its number where the citizen does. */
  readonly ticket: string;
  readonly round: number;
  /** `accepted`, or why not. */
  readonly answer: string;
}

/** `accepted`, or the reason against it. */
export const ACCEPTED = 'accepted';

/** Writes down what everybody was answered over HTTP, and what came to the call-backs. It takes no part in the play. */
export class Witness {
  readonly receipts = new Map<string, ReceiptSeen[]>();
  readonly orders = new Map<string, OrderSeen>();
  readonly ratings: RatingSeen[] = [];
  readonly attempts: Attempt[] = [];

  readonly hear = (url: string, body: object | undefined, answer: Answer): void => {
    if (body === undefined) return;
    const path = new URL(url).pathname;
    const said = body as Readonly<Record<string, unknown>>;
    if (path === '/v1/submissions') this.receipt(said, answer);
    else if (path.endsWith('/ratings')) this.rating(path, said, answer);
    else if (typeof said['commandId'] === 'string') this.order(path, said, answer);
  };

  private receipt(said: Readonly<Record<string, unknown>>, { status, body, ...rest }: Answer): void {
    const outcome: ReceiptSeen['outcome'] =
      status === 200 || status === 201
        ? { kind: 'accepted', ticketId: textOf(body['ticketId']), number: textOf(body['number']), queryCode: textOf(body['queryCode']) }
        : { kind: 'refused', reason: problemOf({ status, body, ...rest }).reason };
    listed(this.receipts, textOf(said['externalId'])).push({ text: textOf(said['text']), outcome });
  }

  private rating(path: string, said: Readonly<Record<string, unknown>>, answer: Answer): void {
    const ticket = /^\/v1\/tickets\/([^/]+)\/ratings$/.exec(path)?.[1] ?? textOf(said['number']);
    this.ratings.push({ ticket, round: Number(said['round']), answer: kindOf(answer) });
  }

  private order(path: string, said: Readonly<Record<string, unknown>>, answer: Answer): void {
    const [, ticketId = ''] = /^\/v1\/(?:tickets|work-items)\/([^/]+)\//.exec(path) ?? [];
    const commandId = textOf(said['commandId']);
    const known = this.orders.get(commandId);
    if (known !== undefined) return void known.answers.push(kindOf(answer));
    const atDispatch = path.startsWith('/v1/tickets/');
    const name = atDispatch
      ? dispatchOrderOf(path)
      : path.endsWith('/extension-decision')
        ? 'decide-extension'
        : (textOf(said['command']) as DepartmentCommandName);
    this.orders.set(commandId, {
      commandId,
      service: atDispatch ? 'dispatch' : 'department-handler',
      name,
      ticketId,
      ...(atDispatch ? {} : { assignment: Number(said['assignment']) }),
      answers: [kindOf(answer)],
    });
  }
}

function kindOf(answer: Answer): string {
  if (answer.status < 300 && isRecord(answer.body)) return ACCEPTED;
  const { reason } = problemOf(answer);
  // The one refusal that HTTP names otherwise.
  return reason === 'not-your-ticket' ? 'not-yours' : reason;
}
