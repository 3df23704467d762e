import type { LocalKeys } from '@paidan/local';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Call, call as ordinaryCall, isRecord, problemOf, textOf } from './api.js';
import type { Complain } from './log.js';
import type { Notebook } from './notebook.js';
import type { TicketFollower } from './ticket-follower.js';

const LOOK_EVERY = 250;
const PAGE = 200;
const AT_ONCE = 8;

/** A ticket of the review queue, as far as the dispatcher looks at it. */
export interface Queued {
  readonly ticketId: string;
  readonly decisionVersion: number;
  readonly reason: string;
  readonly candidates: readonly string[];
  readonly returnedBy: readonly string[];
  readonly parked: boolean;
}

/** A return that waits for a dispatcher. */
export interface Returned {
  readonly ticketId: string;
  readonly decisionVersion: number;
  readonly assignment: number;
  readonly parked: boolean;
}

export interface Order {
  readonly unit: string;
  /** 直接指定: nobody returns it any more. */
  readonly designated: boolean;
  readonly reason: string;
}

/** Where a city sends what nobody can place; the first that may have it. */
const DEFAULT_UNITS = ['city-petitions', 'city-government-services', 'city-discipline'] as const;

export const defaultUnits = (units: readonly string[]): readonly string[] => {
  const known = DEFAULT_UNITS.filter((unit) => units.includes(unit));
  return known.length > 0 ? known : units;
};

/**
 * The best candidate that has not returned it, else a default unit.
 * @param refused units that dispatch would not have for this ticket
 */
export function chooseUnit(
  { candidates, returnedBy, reason }: Queued,
  defaults: readonly string[],
  refused: ReadonlySet<string>,
): Order | undefined {
  const open = (unit: string): boolean => !returnedBy.includes(unit) && !refused.has(unit);
  const candidate = candidates.find(open);
  const unit = candidate ?? defaults.find(open);
  if (unit === undefined) return undefined;
  // Returned once too often, it is designated: 会商 has decided, and that is final.
  const designated = reason === 'returned-too-often';
  return { unit, designated, reason: candidate === undefined ? '无合适候选单位，先由综合部门受理研判。' : '按候选意见人工派单。' };
}

/** Of this many returns one is refused; which, hangs on the ticket alone, so that the same play goes the same way. */
const REFUSED_IN = 8;

/** Whether a unit may return a ticket. */
export const mayReturn = ({ ticketId, assignment }: Pick<Returned, 'ticketId' | 'assignment'>): boolean =>
  (Number.parseInt(ticketId.slice(-6), 16) + assignment) % REFUSED_IN !== 0;

/** The person at the review queue, over HTTP with a token. */
export class Dispatcher {
  assigned = 0;
  returnsAccepted = 0;
  returnsRefused = 0;
  readonly refusals = new Map<string, number>();
  /** Tickets ordered on, with the decision that the order was about. */
  private readonly ordered = new Map<string, number>();
  private readonly excluded = new Map<string, Set<string>>();
  private readonly complained = new Set<string>();

  private constructor(
    private readonly dispatch: string,
    private readonly token: string,
    private readonly defaults: readonly string[],
    private readonly notebook: Notebook,
    private readonly follower: TicketFollower,
    private readonly complain: Complain,
    private readonly call: Call,
  ) {}

  static async open(
    dispatch: string,
    keys: LocalKeys,
    units: readonly string[],
    notebook: Notebook,
    follower: TicketFollower,
    complain: Complain,
    call: Call = ordinaryCall,
  ): Promise<Dispatcher> {
    const token = await keys.token({ sub: 'demo-dispatcher', roles: ['dispatcher', 'supervisor'] });
    return new Dispatcher(dispatch, token, defaultUnits(units), notebook, follower, complain, call);
  }

  /** Looks at the queue whenever one of the play's tickets is in it. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const ours = (waiting: ReadonlySet<string>): boolean =>
        [...waiting].some((ticketId) => this.notebook.entryOf(ticketId) !== undefined);
      const [held, returned] = [ours(this.follower.held), ours(this.follower.returned)];
      if (held || returned) {
        try {
          if (returned) await this.each('returns', returnedOf, (ticket) => this.judge(ticket));
          if (held) await this.each('held', queuedOf, (ticket) => this.assign(ticket));
        } catch (error) {
          this.complain(`the review queue can't be worked on: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
      await delay(LOOK_EVERY);
    }
  }

  /** Works through all of a queue that is the play's. */
  private async each<T extends Pick<Queued, 'ticketId' | 'decisionVersion' | 'parked'>>(
    queue: 'held' | 'returns',
    read: (ticket: Readonly<Record<string, unknown>>) => T,
    work: (ticket: T) => Promise<void>,
  ): Promise<void> {
    const mine: T[] = [];
    for (let after: string | undefined, more = true; more;) {
      const path = `/v1/${queue}?limit=${PAGE}${after === undefined ? '' : `&after=${after}`}`;
      const answer = await this.call(`${this.dispatch}${path}`, this.headers);
      if (answer.status !== 200) throw new Error(`GET /v1/${queue} is answered ${answer.status} ${problemOf(answer).reason}`);
      const tickets = Array.isArray(answer.body['tickets']) ? answer.body['tickets'].filter(isRecord).map(read) : [];
      mine.push(...tickets.filter((ticket) => this.isForUs(ticket)));
      after = textOf(answer.body['next']) || undefined;
      more = after !== undefined;
    }
    const waiting = mine.values();
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (const ticket of waiting) await work(ticket);
      }),
    );
  }

  private isForUs({ ticketId, decisionVersion, parked }: Pick<Queued, 'ticketId' | 'decisionVersion' | 'parked'>): boolean {
    return this.notebook.entryOf(ticketId) !== undefined && this.ordered.get(ticketId) !== decisionVersion && !parked;
  }

  private async judge(ticket: Returned): Promise<void> {
    const { ticketId, decisionVersion, assignment } = ticket;
    const accepts = mayReturn(ticket);
    const body = {
      commandId: randomUUID(),
      decisionVersion,
      assignment,
      ...(accepts ? {} : { reason: 'is-their-duty', note: '属你单位职责。' }),
    };
    const path = `/v1/tickets/${ticketId}/return/${accepts ? 'acceptance' : 'refusal'}`;
    const answer = await this.call(`${this.dispatch}${path}`, this.headers, body);
    if (answer.status === 200) {
      if (accepts) this.returnsAccepted += 1;
      else this.returnsRefused += 1;
      this.ordered.set(ticketId, decisionVersion);
      return;
    }
    const { reason, detail } = this.refusedWith(answer);
    if (answer.status !== 409)
      this.complainOnce(`judging the return of ticket ${ticketId} was answered ${answer.status}: ${reason}, ${detail}`);
  }

  private async assign(ticket: Queued): Promise<void> {
    const { ticketId, decisionVersion } = ticket;
    const refused = this.excluded.get(ticketId) ?? new Set();
    const order = chooseUnit(ticket, this.defaults, refused);
    if (order === undefined) return this.complainOnce(`no unit may have ticket ${ticketId}`);
    const body = { commandId: randomUUID(), decisionVersion, ...order };
    const answer = await this.call(`${this.dispatch}/v1/tickets/${ticketId}/assignment`, this.headers, body);
    if (answer.status === 200) {
      this.assigned += 1;
      this.ordered.set(ticketId, decisionVersion);
      return;
    }
    const { reason, detail } = this.refusedWith(answer);
    // Another unit then, at the next look; a stale decision is shown anew there.
    if (answer.status === 422) this.excluded.set(ticketId, refused.add(order.unit));
    else if (answer.status !== 409) this.complainOnce(`assigning ticket ${ticketId} was answered ${answer.status}: ${reason}, ${detail}`);
  }

  private refusedWith(answer: Parameters<typeof problemOf>[0]): ReturnType<typeof problemOf> {
    const problem = problemOf(answer);
    this.refusals.set(problem.reason, (this.refusals.get(problem.reason) ?? 0) + 1);
    return problem;
  }

  private complainOnce(what: string): void {
    if (this.complained.has(what)) return;
    this.complained.add(what);
    this.complain(what);
  }

  private get headers(): Readonly<Record<string, string>> {
    return { authorization: `Bearer ${this.token}` };
  }

  /** What dispatch decided on a ticket and why, in both languages. */
  async routingOf(ticketId: string): Promise<Readonly<Record<string, unknown>>> {
    return (await this.call(`${this.dispatch}/v1/tickets/${ticketId}/routing`, this.headers)).body;
  }

  /** Names of the units of the directory in force, by their codes. */
  async unitNames(): Promise<ReadonlyMap<string, string>> {
    const { body } = await this.call(`${this.dispatch}/v1/units`, this.headers);
    const units = Array.isArray(body['units']) ? body['units'].filter(isRecord) : [];
    return new Map(units.map(({ code, name }) => [textOf(code), textOf(name)]));
  }
}

const textsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(textOf).filter((text) => text !== '') : []);

const returnedOf = (ticket: Readonly<Record<string, unknown>>): Returned => ({
  ticketId: textOf(ticket['ticketId']),
  decisionVersion: Number(ticket['decisionVersion']),
  assignment: Number(ticket['assignment']),
  parked: ticket['parked'] === true,
});

const queuedOf = (ticket: Readonly<Record<string, unknown>>): Queued => ({
  ticketId: textOf(ticket['ticketId']),
  decisionVersion: Number(ticket['decisionVersion']),
  reason: textOf(ticket['reason']),
  candidates: Array.isArray(ticket['candidates']) ? ticket['candidates'].filter(isRecord).map(({ unit }) => textOf(unit)) : [],
  returnedBy: textsOf(ticket['returnedBy']),
  parked: ticket['parked'] === true,
});
