import {
  assignmentsTopic,
  commandsTopic,
  decodeOutbound,
  headerOf,
  type AssignmentsMessage,
  type CardColour,
  type CommandRefusal,
  type DepartmentCommand,
  type OutboundMessage,
} from '@paidan/contracts';
import type { Kafka } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { commandFor, type Offer, type Step, stepsAfterKept, stepsFor, withoutWaiting } from './department-conduct.js';
import { beginWork, instantOf, isTooLate, type Work } from './department-work.js';
import { type Complain, LogWriter, type Read, type Reader, readFromNow } from '../city/log.js';
import type { Notebook } from '../city/notebook.js';
import { type Agenda, type CityTime, DAY, HOUR } from '../city/time.js';

/** A command without an answer is said again, with its id: said twice it changes nothing, and the answer comes again. */
const AGAIN_AFTER = 20_000;
const LOOK_EVERY = 1_000;
/** A unit that has not heard of a deadline by then works as if it had five days. */
const WITHOUT_DEADLINE = DAY;
const ASSUMED = 5 * DAY;

/** A command that was not yet answered. */
interface Said {
  readonly work: Work;
  readonly command: DepartmentCommand;
  at: number;
}

/** An offer in the unit's hands. */
export interface Offered {
  readonly unit: string;
  readonly at: number;
}

export const offerKey = (ticketId: string, assignment: number): string => `${ticketId}/${assignment}`;

/** Refusals after which a unit that wanted to return does the work instead. */
const MUST_KEEP: ReadonlySet<CommandRefusal> = new Set(['designated', 'return-window-passed', 'already-returned']);

/** What the departments need of the confidential tickets that they may only read under a name. */
export type ReadConfidential = (unit: string, ticketId: string, path: string) => Promise<void>;

/** What the departments live in. */
export interface Surroundings {
  readonly seed: number;
  readonly time: CityTime;
  readonly agenda: Agenda;
  readonly notebook: Notebook;
  readonly readConfidential: ReadConfidential;
  readonly complain: Complain;
  /** What a unit will do about an offer; as departments usually behave unless given. */
  readonly conduct?: (seed: number, offer: Offer) => readonly Step[];
  /** Says some commands over HTTP, as people at the desk's screens do; undefined leaves one to the unit's topic. */
  readonly atScreen?: (unit: string, command: DepartmentCommand) => Promise<CommandAnswer> | undefined;
  /** Whether a command is written twice, as a system does that isn't sure. */
  readonly saysTwice?: (command: DepartmentCommand) => boolean;
}

export type CommandAnswer = OutboundMessage<'command.accepted'> | OutboundMessage<'command.refused'>;

/**
 * Every unit's own system, as strangers to Paidan: they know what stands on their topics, and write to their topics. The play alone tells them which
 * tickets are its own, for on a system that others use too they leave the rest alone.
 */
export class Departments {
  readonly offers = new Map<string, Offered>();
  readonly refusals = new Map<string, number>();
  accepted = 0;
  repeated = 0;
  answeredAt = Date.now();
  private readonly desk = new Map<string, Work>();
  private readonly unanswered = new Map<string, Said>();
  private readonly early = new Map<string, (() => void)[]>();
  private readonly looking: NodeJS.Timeout;
  private consumer: Reader | undefined;
  private readonly heard = new Set<string>();

  private constructor(
    private readonly writer: LogWriter,
    private readonly around: Surroundings,
  ) {
    around.notebook.onAccepted((ticketId) => {
      for (const take of this.early.get(ticketId) ?? []) take();
      this.early.delete(ticketId);
    });
    this.looking = setInterval(() => this.sayAgain(), LOOK_EVERY);
  }

  static async open(kafka: Kafka, units: readonly string[], around: Surroundings): Promise<Departments> {
    const { complain } = around;
    const departments = new Departments(await LogWriter.open(kafka, complain), around);
    const topics = units.map(assignmentsTopic);
    departments.consumer = await readFromNow(kafka, 'departments', topics, (read) => departments.take(read), complain);
    return departments;
  }

  /** No command waits for its answer. */
  get isAnswered(): boolean {
    return this.unanswered.size === 0;
  }

  private take({ topic, value, headers }: Read): void {
    const { time, notebook, complain } = this.around;
    const at = time.now();
    const id = headerOf(headers, 'ce_id') ?? '';
    if (this.heard.has(id)) return;
    this.heard.add(id);
    const decoded = decodeOutbound(value);
    if (!decoded.ok)
      return decoded.reason === 'unknown-type' ? undefined : complain(`a message on ${topic} can't be read: ${decoded.detail}`);
    const message = decoded.message as AssignmentsMessage;
    const { ticketId } = message;
    if (ticketId === undefined || notebook.entryOf(ticketId) !== undefined) return this.hear(message, at);
    const waiting = this.early.get(ticketId) ?? [];
    this.early.set(ticketId, [...waiting, () => this.hear(message, at)]);
  }

  private hear(message: AssignmentsMessage, at: number): void {
    this.answeredAt = Date.now();
    switch (message.type) {
      case 'assignment.offered':
        // Co-handlers and copies are told, and have nothing to say.
        return message.role === 'lead' ? this.begin(message, at) : undefined;
      case 'assignment.withdrawn':
        return void this.desk.delete(deskKey(message.unit, message.ticketId, message.assignment));
      case 'assignment.kept':
        return this.keep(this.workOn(message));
      case 'deadline.set':
        return this.note(this.workOn(message), message);
      case 'card.shown':
        return this.show(this.workOn(message), message.colour);
      case 'command.accepted':
        return this.goOn(message);
      case 'command.refused':
        return this.think(message);
      default:
        // Warnings, and what has been decided on extensions: the deadline itself comes with `deadline.set`.
        return undefined;
    }
  }

  private workOn({ unit, ticketId, assignment }: { unit: string; ticketId: string; assignment: number }): Work | undefined {
    return this.desk.get(deskKey(unit, ticketId, assignment));
  }

  private begin(message: OutboundMessage<'assignment.offered'>, at: number): void {
    const { ticketId, unit, assignment, designated, content } = message;
    const { seed, notebook, readConfidential, conduct = stepsFor } = this.around;
    const entry = notebook.entryOf(ticketId);
    if (entry === undefined || this.offers.has(offerKey(ticketId, assignment))) return;
    this.offers.set(offerKey(ticketId, assignment), { unit, at });
    const offer = { row: entry.appeal.message.row, assignment, designated };
    // What it was designated for it can't return, and has until it signs.
    const returnUntil = message.returnUntil === undefined ? Number.POSITIVE_INFINITY : Date.parse(message.returnUntil);
    const steps = this.inTime(conduct(seed, offer));
    const work = beginWork({ ticketId, unit, assignment, offer, steps, since: at, returnUntil });
    this.desk.set(deskKey(unit, ticketId, assignment), work);
    if (content.kind === 'open') return this.plan(work);
    void readConfidential(unit, ticketId, content.path).finally(() => this.plan(work));
  }

  private inTime(steps: readonly Step[]): readonly Step[] {
    return this.around.time.paced ? steps : withoutWaiting(steps);
  }

  private note(work: Work | undefined, { deadlines }: OutboundMessage<'deadline.set'>): void {
    const finish = deadlines.find(({ clock }) => clock === 'finish');
    if (work === undefined || finish === undefined) return;
    work.dueAt = finish.dueAt === null ? null : Date.parse(finish.dueAt);
    this.plan(work);
  }

  private show(work: Work | undefined, colour: CardColour): void {
    if (work === undefined) return;
    work.cards.add(colour);
    this.plan(work);
  }

  /** Puts the next step on the agenda, if what it waits for is there. */
  private plan(work: Work): void {
    const { seed, time, agenda } = this.around;
    const { at, since } = work;
    if (at >= work.steps.length || work.settled || !this.isOnDesk(work)) return;
    const now = time.now();
    const instant = time.paced ? instantOf(work, seed, now) : now;
    if (instant !== undefined) {
      work.settled = true;
      agenda.at(instant, () => {
        if (!this.isOnDesk(work) || work.at !== at) return;
        if (!isTooLate(work, time.now())) this.say(work);
        else if (work.steps[at]?.command === 'return') this.keep(work);
        else this.next(work, at + 1);
      });
    } else if (work.dueAt === undefined) {
      // Should no deadline come, the work is done all the same.
      agenda.at(since + WITHOUT_DEADLINE, () => {
        if (work.at !== at || work.dueAt !== undefined) return;
        work.dueAt = since + ASSUMED;
        this.plan(work);
      });
    }
  }

  private isOnDesk(work: Work): boolean {
    return this.workOn(work) === work;
  }

  private say(work: Work): void {
    const { seed, time, notebook } = this.around;
    const { ticketId, unit, assignment, round, steps } = work;
    const step = steps[work.at];
    const entry = notebook.entryOf(ticketId);
    if (step === undefined || entry === undefined) return;
    const { row, reply } = entry.appeal.message;
    const occasion = { seed, now: time.now(), commandId: randomUUID(), ticketId, unit, row, assignment, round, steps };
    const command = commandFor(step.command, { ...occasion, ...(reply === undefined ? {} : { replyFromFile: reply }) });
    if (command.command === 'suspend' && command.until !== undefined) work.resumesAt = Date.parse(command.until);
    const answer = this.around.atScreen?.(unit, command);
    if (answer !== undefined) {
      // Who waits at a screen is answered there, or tries again until then.
      this.unanswered.set(command.commandId, { work, command, at: Number.POSITIVE_INFINITY });
      return void answer.then(
        (message) => this.hear(message, time.now()),
        (error: Error) => this.around.complain(`${unit} got no answer at its screen: ${error.message}`),
      );
    }
    this.unanswered.set(command.commandId, { work, command, at: Date.now() });
    this.writer.write(commandsTopic(unit), ticketId, command);
    if (this.around.saysTwice?.(command) === true) this.writer.write(commandsTopic(unit), ticketId, command);
  }

  private sayAgain(): void {
    for (const said of this.unanswered.values()) {
      if (Date.now() - said.at < AGAIN_AFTER) continue;
      this.repeated += 1;
      said.at = Date.now();
      this.writer.write(commandsTopic(said.work.unit), said.work.ticketId, said.command);
    }
  }

  /** The work that an answer is about; none when the answer came a second time. */
  private answered(commandId: string | undefined): Work | undefined {
    const said = commandId === undefined ? undefined : this.unanswered.get(commandId);
    if (said === undefined) return undefined;
    this.unanswered.delete(said.command.commandId);
    return said.work;
  }

  private goOn({ ticketId, commandId, command, state }: OutboundMessage<'command.accepted'>): void {
    const work = this.answered(commandId);
    if (work === undefined) return;
    this.accepted += 1;
    if (command === 'sign') work.signed = true;
    work.round = state.round ?? work.round;
    this.next(work, work.at + 1);
    // A returned ticket stays on the desk until dispatch has taken it back, or has not.
    if (work.at >= work.steps.length && command !== 'return') this.desk.delete(deskKey(work.unit, ticketId, work.assignment));
  }

  private next(work: Work, at: number): void {
    Object.assign(work, { at, since: this.around.time.now(), settled: false });
    this.plan(work);
  }

  private keep(work: Work | undefined): void {
    if (work === undefined) return;
    work.steps = this.inTime(stepsAfterKept(this.around.seed, work.offer, work.signed));
    this.next(work, 0);
  }

  private think({ commandId, reason, detail, state }: OutboundMessage<'command.refused'>): void {
    const work = this.answered(commandId);
    if (work === undefined) return;
    const said = work.steps[work.at]?.command ?? '';
    this.refusals.set(`${said}: ${reason}`, (this.refusals.get(`${said}: ${reason}`) ?? 0) + 1);
    if (said === 'return' && MUST_KEEP.has(reason)) return this.keep(work);
    // Asked too late for more time, it goes on without.
    if (said === 'request-extension' && reason === 'deadline-passed') return this.next(work, work.at + 1);
    // The return window has closed over it: it has been signed by that.
    if (said === 'sign' && reason === 'wrong-state') return this.next(work, work.at + 1);
    // Held by the end of the return window, or resumed by itself: in a fast city the desk notices either hours later.
    if (reason === 'wrong-state' && (state?.status === 'offered' || state?.status === 'suspended'))
      return this.around.agenda.at(this.around.time.now() + 4 * HOUR, () => this.say(work));
    if (reason === 'ticket-parked') return void setTimeout(() => this.say(work), 2_000).unref();
    this.around.complain(`${work.unit} was refused to ${said} ticket ${work.ticketId}: ${reason}${detail === '' ? '' : `, ${detail}`}`);
    this.desk.delete(deskKey(work.unit, work.ticketId, work.assignment));
  }

  async close(): Promise<void> {
    clearInterval(this.looking);
    await Promise.all([this.writer.close(), this.consumer?.disconnect()]);
  }
}

const deskKey = (unit: string, ticketId: string, assignment: number): string => `${unit}/${ticketId}/${assignment}`;
