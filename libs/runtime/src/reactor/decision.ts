import type { EventName, EventPayload, TicketEvent } from '@paidan/contracts';

/** Who gives a command: a person at a desk, or a unit through its own topic. */
export interface Actor {
  readonly kind: 'person' | 'unit' | 'channel' | 'system';
  /** The token's `sub`, the unit's code or the channel's id. */
  readonly subject: string;
  readonly unit?: string;
  readonly roles: readonly string[];
}

/** What a person or a department wants done. `commandId` makes repeating it harmless: the same again gets the same answer, yes or no. */
export interface Command<N extends string = string, P = unknown> {
  readonly commandId: string;
  readonly name: N;
  readonly ticketId: string;
  readonly actor: Actor;
  readonly payload: P;
  /** The id was made here for this one request: nobody can repeat it, so it is neither looked up nor kept. */
  readonly oneOff?: true;
}

/** A timer that came due. It reaches the decision only while it is still the one that the record armed. */
export interface FiredTimer {
  readonly name: string;
  /** Epoch milliseconds for which it was armed; later than that when it is decided. */
  readonly dueAt: number;
}

export type Message<C extends Command = Command> =
  | { readonly kind: 'event'; readonly event: TicketEvent }
  | { readonly kind: 'command'; readonly command: C }
  | { readonly kind: 'timer'; readonly timer: FiredTimer };

/** Something this service says about the ticket; numbered and published by the runtime. */
export type NewEvent = { [N in EventName]: { readonly name: N; readonly payload: EventPayload<N> } }[EventName];

/** `at` arms the named timer for an instant (epoch ms), replacing an earlier one of that name; `null` disarms it. */
export interface TimerChange {
  readonly name: string;
  readonly at: number | null;
}

/** A message to a stranger's own topic (`paidan.assignments.<unit>`, `paidan.receipts.<channel>`), sent by a relay of its own. */
export interface Notice {
  readonly topic: string;
  /** Kafka key: the ticket id where there is one, so that the stranger reads one ticket's story in one order. */
  readonly key: string;
  /** CloudEvents type on the wire. */
  readonly type: string;
  readonly payload: unknown;
}

/** What became of a command. A refusal is a result with a closed reason, never a throw. */
export type Outcome =
  | { readonly accepted: true; readonly answer?: Readonly<Record<string, unknown>> }
  | { readonly accepted: false; readonly reason: string; readonly detail?: Readonly<Record<string, unknown>> };

export interface Decision<R> {
  readonly record: R;
  readonly events?: readonly NewEvent[];
  readonly timers?: readonly TimerChange[];
  readonly notices?: readonly Notice[];
  /** Required for commands, meaningless otherwise. */
  readonly outcome?: Outcome;
}

/** Everything impure that a decision may use, handed in. */
export interface Context<F> {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Reference data in force: directory, policies, calendars. */
  readonly facts: F;
  /** A fresh UUIDv7. */
  readonly newId: () => string;
}

/**
 * A service's heart: pure and total. `undefined` = this message changes nothing (a late word about an old assignment, say).
 * A throw parks the ticket; throw {@link RetryLater} when the message is right but its time has not come.
 */
export type Decide<R, F, C extends Command = Command> = (
  record: R | undefined,
  message: Message<C>,
  context: Context<F>,
) => Decision<R> | undefined;

/** The message can't be decided yet (the directory version it was decided under hasn't arrived): the partition waits, nothing is parked. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
}
