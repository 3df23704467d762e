import { readCity } from '@paidan/local';
import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Arrivals } from '../cast/channels/arrivals.js';
import type { CallbackServer } from '../cast/channels/callback-server.js';
import { Citizens } from '../cast/citizens/citizens.js';
import { ConfidentialReader } from '../cast/departments/confidential-reader.js';
import { Departments, offerKey } from '../cast/departments/departments.js';
import { Dispatcher } from '../cast/city/dispatcher.js';
import { HttpAdapters } from '../cast/channels/http-adapter.js';
import { KafkaAdapters } from '../cast/channels/kafka-adapter.js';
import { type Complain, openKafka } from '../cast/city/log.js';
import { Notebook } from '../cast/city/notebook.js';
import { Agenda, DAY, shownAt } from '../cast/city/time.js';
import { TicketFollower } from '../cast/city/ticket-follower.js';
import { appealOf, channelsFor, type Way } from '../cast/channels/appeal.js';
import type { MessagesRead } from './input/read-messages.js';
import { type Checked, lookBack } from './report/look-back.js';
import type { Course } from './report/stages.js';
import type { Played } from './report/summary.js';
import { mostTelling, tellTrail } from './report/trail.js';
import type { Stage } from './system.js';

export interface PlayOptions {
  readonly seed: number;
  readonly callbacks: CallbackServer;
  /** Stops handing in; what has been accepted still goes its way. */
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

/** Everybody in the play. */
interface Cast {
  readonly notebook: Notebook;
  readonly agenda: Agenda;
  readonly follower: TicketFollower;
  readonly departments: Departments;
  readonly reader: ConfidentialReader;
  readonly overHttp: HttpAdapters;
  readonly overKafka: KafkaAdapters;
  readonly dispatcher: Dispatcher;
  readonly citizens: Citizens;
}

type Closing = { close(): Promise<void> }[];

/** Nothing moved for so long: what has not arrived will not. Longer than any message is said again after; real milliseconds. */
const GIVE_UP_AFTER = 60_000;
/** In accelerated time, so many days of the city's more: nobody acts, and a window that closes a ticket passes. */
const STILL_DAYS = 8;
const LOOK_EVERY = 200;

/** Plays a city on a system, until every accepted ticket is closed or nothing moves any more. */
export async function play(read: MessagesRead, stage: Stage, options: PlayOptions): Promise<{ played: Played; story?: string }> {
  const complaints = new Set<string>();
  const complain: Complain = (what) => void complaints.add(what);
  const broken = new AbortController();
  stage.onFailure((line) => {
    complain(line);
    broken.abort();
  });
  const closing: Closing = [];
  try {
    options.onProgress('joining as channels, departments, dispatcher, citizens');
    const cast = await gather(read, stage, options, closing, complain);
    const [began, beganAt] = [performance.now(), stage.time.now()];
    await act(cast, stage, options, broken.signal, complain);
    const seconds = (performance.now() - began) / 1000;
    const days = (stage.time.now() - beganAt) / DAY;

    const { notebook, follower, departments, reader, citizens } = cast;
    const courses = coursesOf(cast);
    const { checked, story } = broken.signal.aborted
      ? { checked: undefined, story: undefined }
      : await afterwards(courses, stage, options.onProgress, complain);
    const { accepted, refusals: refused, repeated } = departments;
    const { received, wrong, failedAtFirst } = options.callbacks;
    return {
      played: {
        seed: options.seed,
        factor: stage.time.factor,
        days,
        broken: read.broken,
        entries: notebook.entries,
        courses,
        commands: { accepted, refused, repeated },
        pushed: received,
        callbacks: { wrong, failedAtFirst },
        lookedUp: citizens.looked,
        checked,
        repeatedEvents: follower.repeated,
        confidentialReadings: reader.read,
        seconds,
        interrupted: options.signal.aborted,
        complaints: [...complaints],
      },
      ...(story === undefined ? {} : { story }),
    };
  } finally {
    options.callbacks.onReply = () => undefined;
    await Promise.allSettled(closing.map((actor) => actor.close()));
  }
}

/** Everybody listens before the first message is handed in. */
async function gather(
  { messages }: MessagesRead,
  stage: Stage,
  { seed, callbacks }: PlayOptions,
  closing: Closing,
  complain: Complain,
): Promise<Cast> {
  const { keys, urls, brokers, time } = stage;
  const { channels, units } = await readCity(stage.cityDir);
  // External ids of an earlier play on the same system are taken.
  const run = randomBytes(4).toString('hex');
  const notebook = new Notebook(
    messages.map((message) => appealOf(message, run, channels)),
    time.now,
  );
  const service = (name: string): string => urls[name] ?? fail(`the system has no ${name}`);
  const kafka = openKafka(brokers, 'paidan-demo');
  const reader = new ConfidentialReader(service('department-handler'), keys, complain);
  const joined = async <T extends Closing[number]>(actor: Promise<T>): Promise<T> => {
    closing.push(await actor);
    return actor;
  };
  const agenda = new Agenda(time);
  closing.push(agenda);
  const around = { seed, time, agenda, notebook, keys, complain };
  const readConfidential = (unit: string, ticketId: string, path: string) => reader.fetch(unit, ticketId, path);
  const [follower, departments, overKafka] = await Promise.all([
    joined(TicketFollower.open(kafka, complain)),
    joined(Departments.open(kafka, units, { ...around, readConfidential })),
    joined(KafkaAdapters.open(kafka, channelsFor('kafka', channels), notebook, complain)),
  ]);
  const citizens = new Citizens(service('feedback'), around);
  Object.assign(callbacks, { complain });
  callbacks.onReply = ({ ticketId, round }) => citizens.wasPushed(ticketId, round);
  follower.onReply = (ticketId, round) => {
    // Whom no system of a channel tells, somebody rings up.
    const channel = notebook.entryOf(ticketId)?.appeal.channel;
    if (channel !== undefined && !callbacks.isRegistered(channel)) citizens.hasWord(ticketId, round);
  };
  // A service learns of a new key within seconds, which are hours in the city: citizens rate under all of them.
  for (const channel of channels) await keys.localApiKey(channel);
  const overHttp = await HttpAdapters.open(service('intake'), channelsFor('http', channels), keys, notebook, complain);
  const dispatcher = await Dispatcher.open(service('dispatch'), keys, units, notebook, follower, complain);
  return { notebook, agenda, follower, departments, reader, overHttp, overKafka, dispatcher, citizens };
}

async function act(
  cast: Cast,
  { time }: Stage,
  { signal, onProgress }: PlayOptions,
  broken: AbortSignal,
  complain: Complain,
): Promise<void> {
  const { notebook, agenda, follower, departments, overHttp, overKafka, dispatcher, citizens } = cast;
  const ended = new AbortController();
  // Every channel listens to both, and a city has more than ten.
  setMaxListeners(0, signal, ended.signal);
  const by = (way: Way) => notebook.entries.filter(({ appeal }) => appeal.way === way);
  const comes = new Arrivals(time, notebook.entries.at(-1)?.appeal.message.row ?? 1);
  let handedIn = false;
  let failure: unknown;
  const acting = [
    Promise.all([overHttp.run(by('http'), comes, signal), overKafka.run(by('kafka'), comes, signal, ended.signal)]).then(
      () => (handedIn = true),
    ),
    dispatcher.run(ended.signal),
  ];
  for (const actor of acting) actor.catch((error: unknown) => (failure = error));

  const known = (of: Iterable<string>): number => [...of].filter((ticketId) => notebook.entryOf(ticketId) !== undefined).length;
  const patience = GIVE_UP_AFTER + (time.paced ? time.inReal(STILL_DAYS * DAY) : 0);
  const isStill = (): boolean =>
    agenda.isEmpty && !citizens.areBusy && Date.now() - Math.max(notebook.changedAt, follower.heardAt, departments.answeredAt) > patience;
  while (!(handedIn && known(follower.ended) === notebook.accepted.size) && !broken.aborted && failure === undefined) {
    if (isStill()) {
      complain(`nothing moved for ${Math.round(patience / 1000)} s, so the play was ended`);
      break;
    }
    const { accepted, refused, entries } = notebook;
    onProgress(
      [
        ...(time.paced ? [shownAt(time.now())] : []),
        `accepted ${accepted.size} of ${entries.length}${refused === 0 ? '' : `, refused ${refused}`}`,
        `waiting for a person ${known(follower.held)}`,
        `approved ${known(follower.approved)}`,
        `closed ${known(follower.ended)}`,
      ].join(' · '),
    );
    await delay(LOOK_EVERY);
  }
  ended.abort();
  if (failure !== undefined) throw failure;
}

/** Whether feedback has heard everything, and what it tells of the ticket that has most to tell. */
async function afterwards(
  courses: readonly Course[],
  stage: Stage,
  onProgress: PlayOptions['onProgress'],
  complain: Complain,
): Promise<{ readonly checked: Checked | undefined; readonly story: string | undefined }> {
  const failed = (what: string) => (error: Error) => void complain(`${what}: ${error.message}`);
  onProgress('comparing what each service has said with what feedback has heard');
  const checked = (await lookBack(stage).catch(failed('the trail could not be checked'))) ?? undefined;
  const told = mostTelling(courses);
  const story = told === undefined ? undefined : await tellTrail(told, stage).catch(failed('no trail'));
  return { checked, story: story ?? undefined };
}

const coursesOf = ({ notebook, follower, departments }: Cast): readonly Course[] =>
  [...notebook.accepted].map(([ticketId, entry]) => ({
    entry,
    story: follower.storyOf(ticketId),
    offeredAt: (assignment) => departments.offers.get(offerKey(ticketId, assignment))?.at,
  }));

function fail(message: string): never {
  throw new Error(message);
}
