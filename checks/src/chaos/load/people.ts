import { type DepartmentCommand } from '@paidan/contracts';
import { readCity, type RunningSystem } from '@paidan/local';
import { randomBytes } from 'node:crypto';
import type { Way } from '../../cast/channels/appeal.js';
import { Arrivals } from '../../cast/channels/arrivals.js';
import type { CallbackServer } from '../../cast/channels/callback-server.js';
import { HttpAdapters } from '../../cast/channels/http-adapter.js';
import { KafkaAdapters } from '../../cast/channels/kafka-adapter.js';
import { Citizens } from '../../cast/citizens/citizens.js';
import { callWith } from '../../cast/city/api.js';
import { chance } from '../../cast/city/chance.js';
import { Dispatcher } from '../../cast/city/dispatcher.js';
import { type Complain, LogWriter, openKafka } from '../../cast/city/log.js';
import { Notebook } from '../../cast/city/notebook.js';
import { TicketFollower } from '../../cast/city/ticket-follower.js';
import { Agenda, CityTime, DAY } from '../../cast/city/time.js';
import { ConfidentialReader } from '../../cast/departments/confidential-reader.js';
import { type Offer, type Step, stepsFor } from '../../cast/departments/department-conduct.js';
import { Departments } from '../../cast/departments/departments.js';
import { Screens } from '../../cast/departments/screen.js';
import { Desk } from './desk.js';
import { Merger } from './merger.js';
import { Repeater } from './repeater.js';
import { appealFor } from './town.js';
import { Witness } from './witness.js';

/** Nobody goes away unanswered while something is broken; milliseconds. */
const PATIENCE = 900_000;
/** Share of assignments that nobody touches: signed by the window, carded, never finished. */
const LEFT_ALONE = 0.08;
/** Shares of a department's commands that are said at the desk's screens, and that are said twice. */
const AT_SCREEN = 0.15;
const SAID_TWICE = 0.05;

const CHANNELS: Readonly<Record<Way, readonly string[]>> = {
  http: ['web-portal', 'web-wenzheng', 'hotline-12345', 'wechat-mini', 'app-city', 'sms-12345'],
  kafka: ['upstream-liuyanban', 'upstream-province'],
};

export interface Load {
  readonly tickets: number;
  readonly seed: number;
  /** Tickets a second. */
  readonly rate: number;
}

const conduct = (seed: number, offer: Offer): readonly Step[] =>
  chance(seed, 'left-alone', offer.row, offer.assignment) < LEFT_ALONE ? [] : stepsFor(seed, offer);

interface Cast {
  readonly notebook: Notebook;
  readonly witness: Witness;
  readonly follower: TicketFollower;
  readonly departments: Departments;
  readonly citizens: Citizens;
  readonly repeater: Repeater;
  readonly desk: Desk;
  readonly merger: Merger;
  readonly agenda: Agenda;
  /** Hands everything in when its time comes. */
  readonly handIn: (stop: AbortSignal, ended: AbortSignal) => Promise<unknown>;
  /** Does what has to be done as long as there are tickets. */
  readonly attend: (ended: AbortSignal) => Promise<unknown>;
  readonly closing: readonly { close(): Promise<void> }[];
}

/** Everybody who has to do with the city, at work. */
export class People {
  private readonly ended = new AbortController();
  private working: Promise<unknown> = Promise.resolve();
  isHandedIn = false;

  private constructor(private readonly cast: Cast) {}

  static async gather(
    system: RunningSystem,
    callbacks: CallbackServer,
    { tickets, seed, rate }: Load,
    route: (url: string) => string,
    complain: Complain,
  ): Promise<People> {
    const { keys, urls } = system;
    const { units, channels } = await readCity(system.cityDir);
    const time = new CityTime(system.clock);
    const witness = new Witness();
    const call = callWith({ patience: PATIENCE, route, witness: witness.hear });
    const run = randomBytes(4).toString('hex');
    const notebook = new Notebook(
      Array.from({ length: tickets }, (_, index) => appealFor(seed, index + 1, run, CHANNELS)),
      time.now,
    );
    const service = (name: string): string => urls[name] ?? '';
    const kafka = openKafka(system.brokers, 'paidan-chaos');
    const agenda = new Agenda(time);
    const screens = new Screens(service('department-handler'), keys, call);
    const reader = new ConfidentialReader(service('department-handler'), keys, complain, call);
    const around = { seed, time, agenda, notebook, keys, complain };
    const said = (what: string, share: number, { commandId }: DepartmentCommand): boolean => chance(seed, what, commandId) < share;

    // A service learns of a new key within seconds; one after the other, for they are kept in one file.
    for (const channel of channels) await keys.localApiKey(channel);
    const [follower, departments, overKafka, writer] = await Promise.all([
      TicketFollower.open(kafka, complain, false),
      Departments.open(kafka, units, {
        ...around,
        conduct,
        readConfidential: (unit, ticketId, path) => reader.fetch(unit, ticketId, path),
        atScreen: (unit, command) => (said('screen', AT_SCREEN, command) ? screens.give(unit, command) : undefined),
        saysTwice: (command) => said('twice', SAID_TWICE, command),
      }),
      KafkaAdapters.open(kafka, CHANNELS.kafka, notebook, complain),
      LogWriter.open(kafka, complain),
    ]);
    const citizens = new Citizens(service('feedback'), around, call);
    Object.assign(callbacks, { complain });
    callbacks.onAttempt = (attempt) => witness.attempts.push(attempt);
    callbacks.onReply = ({ ticketId, round }) => citizens.wasPushed(ticketId, round);
    const desk = await Desk.open({ dispatch: service('dispatch'), departmentHandler: service('department-handler') }, keys, units, {
      seed,
      call,
      complain,
    });
    const merger = await Merger.open(service('dispatch'), keys, { ...around, call });
    follower.onEvent = (event) => {
      desk.hear(event, notebook.entryOf(event.ticketId)?.appeal.message.row ?? 0);
      merger.hear(event);
    };
    follower.onReply = (ticketId, round) => {
      const channel = notebook.entryOf(ticketId)?.appeal.channel;
      if (channel !== undefined && !callbacks.isRegistered(channel)) citizens.hasWord(ticketId, round);
    };
    const overHttp = await HttpAdapters.open(service('intake'), CHANNELS.http, keys, notebook, complain, call);
    const dispatcher = await Dispatcher.open(service('dispatch'), keys, units, notebook, follower, complain, call);
    const repeater = new Repeater(service('intake'), { seed, keys, notebook, writer, call, complain });

    const by = (way: Way) => notebook.entries.filter(({ appeal }) => appeal.way === way);
    return new People({
      ...{ notebook, witness, follower, departments, citizens, repeater, desk, merger, agenda },
      handIn: async (stop, ended) => {
        const comes = new Arrivals(time, tickets, ((tickets / rate) * 1_000 * time.factor) / DAY);
        await Promise.all([overHttp.run(by('http'), comes, stop), overKafka.run(by('kafka'), comes, stop, ended)]);
      },
      attend: (ended) => Promise.all([dispatcher.run(ended), desk.run(ended)]),
      closing: [agenda, follower, departments, overKafka, writer],
    });
  }

  get notebook(): Notebook {
    return this.cast.notebook;
  }

  get witness(): Witness {
    return this.cast.witness;
  }

  /** @param stop ends handing in; what was accepted still goes its way */
  start(stop: AbortSignal): void {
    const handing = this.cast.handIn(stop, this.ended.signal).then(() => (this.isHandedIn = true));
    this.working = Promise.all([handing, this.cast.attend(this.ended.signal)]);
    // Looked at when they are waited for.
    this.working.catch(() => undefined);
  }

  /** Everything was handed in and answered, and nobody means to do anything any more. */
  get areDone(): boolean {
    return this.unfinished.length === 0;
  }

  /** Nobody begins anything any more; what was asked is waited for. */
  async callItADay(): Promise<void> {
    await this.cast.agenda.close();
  }

  /** What somebody is still about. */
  get unfinished(): readonly string[] {
    const { repeater, desk, merger, agenda, citizens, departments } = this.cast;
    const ways = {
      'handing in': this.isHandedIn,
      'handing in again': repeater.isIdle,
      "the desk's orders": desk.isIdle && merger.isIdle,
      'what people mean to do': agenda.isEmpty,
      citizens: !citizens.areBusy,
      "departments' commands": departments.isAnswered,
    };
    return Object.entries(ways).flatMap(([what, done]) => (done ? [] : [what]));
  }

  get counts() {
    const { notebook, departments, repeater, follower } = this.cast;
    return {
      accepted: notebook.accepted.size,
      refused: notebook.refused,
      repeated: repeater.repeated,
      conflicting: repeater.conflicting,
      commandsAccepted: departments.accepted,
      commandsRefused: Object.fromEntries(departments.refusals),
      approved: follower.approved.size,
      closed: follower.ended.size,
      held: follower.held.size,
    };
  }

  async leave(): Promise<void> {
    this.ended.abort();
    await this.working;
    await Promise.allSettled(this.cast.closing.map((actor) => actor.close()));
  }

  /** As {@link leave}, where something broke and nobody waits for anybody. */
  async flee(): Promise<void> {
    this.ended.abort();
    await Promise.allSettled(this.cast.closing.map((actor) => actor.close()));
  }
}
