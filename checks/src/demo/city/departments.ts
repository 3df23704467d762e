import {
  assignmentsTopic,
  commandsTopic,
  decodeOutbound,
  type AssignmentsMessage,
  type CommandRefusal,
  type DepartmentCommand,
  type DepartmentCommandName,
  type OutboundMessage,
} from '@paidan/contracts';
import type { Consumer, Kafka } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { commandFor, stepsAfterKept, stepsFor } from './department-conduct.js';
import { type Complain, LogWriter, type Read, readFromNow } from './log.js';
import type { Notebook } from './notebook.js';

/** A command without an answer is said again, with its id: said twice it changes nothing, and the answer comes again. */
const AGAIN_AFTER = 20_000;
const LOOK_EVERY = 1_000;

/** One assignment on a unit's desk. */
interface Work {
  readonly ticketId: string;
  readonly unit: string;
  readonly assignment: number;
  steps: readonly DepartmentCommandName[];
  /** Which step is being said. */
  at: number;
  signed: boolean;
  round: number;
}

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
  private consumer: Consumer | undefined;

  private constructor(
    private readonly seed: number,
    private readonly writer: LogWriter,
    private readonly notebook: Notebook,
    private readonly readConfidential: ReadConfidential,
    private readonly complain: Complain,
  ) {
    notebook.onAccepted((ticketId) => {
      for (const take of this.early.get(ticketId) ?? []) take();
      this.early.delete(ticketId);
    });
    this.looking = setInterval(() => this.sayAgain(), LOOK_EVERY);
  }

  static async open(
    kafka: Kafka,
    units: readonly string[],
    seed: number,
    notebook: Notebook,
    readConfidential: ReadConfidential,
    complain: Complain,
  ): Promise<Departments> {
    const writer = await LogWriter.open(kafka, complain);
    const departments = new Departments(seed, writer, notebook, readConfidential, complain);
    const topics = units.map(assignmentsTopic);
    departments.consumer = await readFromNow(kafka, 'departments', topics, (read) => departments.take(read), complain);
    return departments;
  }

  private take({ topic, value }: Read): void {
    const at = Date.now();
    const decoded = decodeOutbound(value);
    if (!decoded.ok)
      return decoded.reason === 'unknown-type' ? undefined : this.complain(`a message on ${topic} can't be read: ${decoded.detail}`);
    const message = decoded.message as AssignmentsMessage;
    const { ticketId } = message;
    if (ticketId === undefined || this.notebook.entryOf(ticketId) !== undefined) return this.hear(message, at);
    const waiting = this.early.get(ticketId) ?? [];
    this.early.set(ticketId, [...waiting, () => this.hear(message, at)]);
  }

  private hear(message: AssignmentsMessage, at: number): void {
    this.answeredAt = at;
    switch (message.type) {
      case 'assignment.offered':
        // Co-handlers and copies are told, and have nothing to say.
        return message.role === 'lead' ? this.begin(message, at) : undefined;
      case 'assignment.withdrawn':
        return void this.desk.delete(deskKey(message.unit, message.ticketId, message.assignment));
      case 'assignment.kept':
        return this.keep(this.desk.get(deskKey(message.unit, message.ticketId, message.assignment)));
      case 'command.accepted':
        return this.goOn(message);
      case 'command.refused':
        return this.think(message);
      default:
        // Deadlines and cards: later services.
        return undefined;
    }
  }

  private begin({ ticketId, unit, assignment, designated, content }: OutboundMessage<'assignment.offered'>, at: number): void {
    const entry = this.notebook.entryOf(ticketId);
    const key = deskKey(unit, ticketId, assignment);
    if (entry === undefined || this.offers.has(offerKey(ticketId, assignment))) return;
    this.offers.set(offerKey(ticketId, assignment), { unit, at });
    const steps = stepsFor(this.seed, { row: entry.appeal.message.row, assignment, designated });
    const work: Work = { ticketId, unit, assignment, steps, at: 0, signed: false, round: 0 };
    this.desk.set(key, work);
    if (content.kind === 'open') return this.say(work);
    void this.readConfidential(unit, ticketId, content.path).finally(() => this.say(work));
  }

  private say(work: Work): void {
    const step = work.steps[work.at];
    const entry = this.notebook.entryOf(work.ticketId);
    if (step === undefined || entry === undefined) return;
    const { row, reply } = entry.appeal.message;
    const { ticketId, unit, assignment, round } = work;
    const occasion = { seed: this.seed, commandId: randomUUID(), ticketId, unit, row, assignment, round };
    const command = commandFor(step, { ...occasion, ...(reply === undefined ? {} : { replyFromFile: reply }) });
    this.unanswered.set(command.commandId, { work, command, at: Date.now() });
    this.writer.write(commandsTopic(unit), ticketId, command);
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
    work.at += 1;
    // A returned ticket stays on the desk until dispatch has taken it back, or has not.
    if (work.at < work.steps.length) this.say(work);
    else if (command !== 'return') this.desk.delete(deskKey(work.unit, ticketId, work.assignment));
  }

  private keep(work: Work | undefined): void {
    if (work === undefined) return;
    work.steps = stepsAfterKept(work.signed);
    work.at = 0;
    this.say(work);
  }

  private think({ commandId, reason, detail }: OutboundMessage<'command.refused'>): void {
    const work = this.answered(commandId);
    if (work === undefined) return;
    const said = work.steps[work.at] ?? '';
    this.refusals.set(`${said}: ${reason}`, (this.refusals.get(`${said}: ${reason}`) ?? 0) + 1);
    if (said === 'return' && MUST_KEEP.has(reason)) return this.keep(work);
    if (reason === 'ticket-parked') return void setTimeout(() => this.say(work), 2_000).unref();
    this.complain(`${work.unit} was refused to ${said} ticket ${work.ticketId}: ${reason}${detail === '' ? '' : `, ${detail}`}`);
    this.desk.delete(deskKey(work.unit, work.ticketId, work.assignment));
  }

  async close(): Promise<void> {
    clearInterval(this.looking);
    await Promise.all([this.writer.close(), this.consumer?.disconnect()]);
  }
}

const deskKey = (unit: string, ticketId: string, assignment: number): string => `${unit}/${ticketId}/${assignment}`;
