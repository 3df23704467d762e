import { readCity } from '@paidan/local';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfidentialReader } from './city/confidential-reader.js';
import { Departments, offerKey } from './city/departments.js';
import { Dispatcher } from './city/dispatcher.js';
import { HttpAdapters } from './city/http-adapter.js';
import { KafkaAdapters } from './city/kafka-adapter.js';
import { type Complain, openKafka } from './city/log.js';
import { Notebook } from './city/notebook.js';
import { LAST_WORD, TicketFollower } from './city/ticket-follower.js';
import { appealOf, channelsFor, type Way } from './input/appeal.js';
import type { MessagesRead } from './input/read-messages.js';
import type { Course } from './report/stages.js';
import { explainedBy, mostTelling, tellStory } from './report/story.js';
import type { Played } from './report/summary.js';
import type { Stage } from './system.js';

export interface PlayOptions {
  readonly seed: number;
  /** Stops handing in; what has been accepted still goes its way. */
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

/** Everybody in the play. */
interface Cast {
  readonly notebook: Notebook;
  readonly follower: TicketFollower;
  readonly departments: Departments;
  readonly reader: ConfidentialReader;
  readonly overHttp: HttpAdapters;
  readonly overKafka: KafkaAdapters;
  readonly dispatcher: Dispatcher;
}

type Closing = { close(): Promise<void> }[];

/** Nothing moved for so long: what has not arrived will not. Longer than any message is said again after. */
const GIVE_UP_AFTER = 60_000;
const LOOK_EVERY = 200;

/** Plays a city on a system, until every accepted ticket has its last word or nothing moves any more. */
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
    options.onProgress('joining as channels, departments, dispatcher');
    const cast = await gather(read, stage, options.seed, closing, complain);
    const began = performance.now();
    await act(cast, options, broken.signal, complain);
    const seconds = (performance.now() - began) / 1000;

    const { notebook, follower, departments, reader, dispatcher } = cast;
    const courses = coursesOf(cast);
    const told = broken.signal.aborted ? undefined : mostTelling(courses);
    const story = await storyOf(told, dispatcher).catch((error: Error) => complain(`no story: ${error.message}`));
    const { accepted, refusals: refused, repeated } = departments;
    return {
      played: {
        seed: options.seed,
        broken: read.broken,
        entries: notebook.entries,
        courses,
        commands: { accepted, refused, repeated },
        repeatedEvents: follower.repeated,
        confidentialReadings: reader.read,
        seconds,
        interrupted: options.signal.aborted,
        complaints: [...complaints],
      },
      ...(typeof story === 'string' ? { story } : {}),
    };
  } finally {
    await Promise.allSettled(closing.map((actor) => actor.close()));
  }
}

/** Everybody listens before the first message is handed in. */
async function gather({ messages }: MessagesRead, stage: Stage, seed: number, closing: Closing, complain: Complain): Promise<Cast> {
  const { keys, urls, brokers } = stage;
  const { channels, units } = await readCity(stage.cityDir);
  // External ids of an earlier play on the same system are taken.
  const run = randomBytes(4).toString('hex');
  const notebook = new Notebook(messages.map((message) => appealOf(message, run, channels)));
  const service = (name: string): string => urls[name] ?? fail(`the system has no ${name}`);
  const kafka = openKafka(brokers, 'paidan-demo');
  const reader = new ConfidentialReader(service('department-handler'), keys, complain);
  const joined = async <T extends Closing[number]>(actor: Promise<T>): Promise<T> => {
    closing.push(await actor);
    return actor;
  };
  const [follower, departments, overKafka] = await Promise.all([
    joined(TicketFollower.open(kafka, complain)),
    joined(Departments.open(kafka, units, seed, notebook, (...what) => reader.fetch(...what), complain)),
    joined(KafkaAdapters.open(kafka, channelsFor('kafka', channels), notebook, complain)),
  ]);
  const overHttp = await HttpAdapters.open(service('intake'), channelsFor('http', channels), keys, notebook, complain);
  const dispatcher = await Dispatcher.open(service('dispatch'), keys, units, notebook, follower, complain);
  return { notebook, follower, departments, reader, overHttp, overKafka, dispatcher };
}

async function act(cast: Cast, { signal, onProgress }: PlayOptions, broken: AbortSignal, complain: Complain): Promise<void> {
  const { notebook, follower, departments, overHttp, overKafka, dispatcher } = cast;
  const ended = new AbortController();
  const by = (way: Way) => notebook.entries.filter(({ appeal }) => appeal.way === way);
  let handedIn = false;
  let failure: unknown;
  const acting = [
    Promise.all([overHttp.run(by('http'), signal), overKafka.run(by('kafka'), signal, ended.signal)]).then(() => (handedIn = true)),
    dispatcher.run(ended.signal),
  ];
  for (const actor of acting) actor.catch((error: unknown) => (failure = error));

  const approved = (): number => [...notebook.accepted.keys()].filter((ticketId) => follower.ended.has(ticketId)).length;
  const waiting = (): number => [...follower.held].filter((ticketId) => notebook.entryOf(ticketId) !== undefined).length;
  const isStill = (): boolean => Date.now() - Math.max(notebook.changedAt, follower.heardAt, departments.answeredAt) > GIVE_UP_AFTER;
  while (!(handedIn && approved() === notebook.accepted.size) && !broken.aborted && failure === undefined) {
    if (isStill()) {
      complain(`nothing moved for ${GIVE_UP_AFTER / 1000} s, so the play was ended`);
      break;
    }
    const { accepted, refused, entries } = notebook;
    const refusals = refused === 0 ? '' : ` · refused ${refused}`;
    onProgress(`accepted ${accepted.size} of ${entries.length}${refusals} · waiting for a person ${waiting()} · approved ${approved()}`);
    await delay(LOOK_EVERY);
  }
  ended.abort();
  if (failure !== undefined) throw failure;
}

const coursesOf = ({ notebook, follower, departments }: Cast): readonly Course[] =>
  [...notebook.accepted].map(([ticketId, entry]) => ({
    entry,
    story: follower.storyOf(ticketId),
    offeredAt: (assignment) => departments.offers.get(offerKey(ticketId, assignment))?.at,
  }));

async function storyOf(course: Course | undefined, dispatcher: Dispatcher): Promise<string | undefined> {
  const outcome = course?.entry.outcome;
  if (course === undefined || outcome?.kind !== 'accepted' || !course.story.some(({ name }) => name === LAST_WORD)) return undefined;
  const [unitNames, routing] = await Promise.all([dispatcher.unitNames(), dispatcher.routingOf(outcome.ticketId)]);
  return tellStory(course, { unitNames, decisions: explainedBy(routing) });
}

function fail(message: string): never {
  throw new Error(message);
}
