import { topicsOf, type RunningSystem } from '@paidan/local';
import { retoldTopicOf, TICKETS_TOPIC } from '@paidan/contracts';
import type { Entry, Notebook } from '../../cast/city/notebook.js';
import { TIMERS_TAKE } from '../quiet.js';
import type { OrderSeen, Witness } from '../load/witness.js';
import type { Books, Commanded, Submitted } from './books.js';
import { LeakSeeker } from './leaks.js';
import { readLimits } from './read-limits.js';
import { Stories } from './read-log.js';
import { readSchemas } from './read-schemas.js';
import { Strangers } from './read-strangers.js';
import { openReader, readTopics, type Stored } from './read-topics.js';
import { Words } from './words.js';

/** What the books are made of, beside the system itself. */
export interface Sources {
  readonly notebook: Notebook;
  readonly witness: Witness;
  readonly calledBack: ReadonlySet<string>;
  readonly stoodAt: number;
  /** Read before, of what the log no longer has. */
  readonly gone: readonly Stored[];
  /** Of the Kafka that was lost, which runs again for this. */
  readonly lostBrokers?: readonly string[];
}

/** Reads everything there is. The services stand still meanwhile. */
export async function collectBooks(system: RunningSystem, sources: Sources): Promise<Books> {
  const { notebook, witness, calledBack, stoodAt, gone, lostBrokers } = sources;
  const [stories, strangers, seeker] = [new Stories(), new Strangers(), new LeakSeeker(notebook.entries.length)];
  for (const stored of gone) {
    seeker.take(stored);
    stories.take(stored);
  }
  const read = (brokers: readonly string[], also: (stored: Stored) => void): Promise<ReadonlyMap<string, number>> =>
    readTopics(
      openReader(brokers),
      topicsOf(system.city).map(({ name }) => name),
      (stored) => {
        seeker.take(stored);
        if (stored.topic === TICKETS_TOPIC) stories.take(stored);
        // What was told again is a copy for whoever has nothing: no part of the stories.
        else if (stored.topic !== retoldTopicOf(TICKETS_TOPIC)) strangers.take(stored);
        also(stored);
      },
    );
  // First the lost log, then the new one: so each story keeps the order in which it was told, and what was said again is a repeat.
  const [said, again, storiesAgain] = [new Words(), new Words(), new Stories()];
  const lostEnds = lostBrokers === undefined ? undefined : await read(lostBrokers, said.take);
  const ends = await read(system.brokers, (stored) => {
    if (lostEnds === undefined) return;
    again.take(stored);
    if (stored.topic === TICKETS_TOPIC) storiesAgain.take(stored);
  });
  return {
    submissions: notebook.entries.map((entry) => submittedOf(entry, witness, strangers)),
    stories: stories.stories,
    unreadable: [...stories.unreadable, ...strangers.unreadable],
    ...commandsOf(witness.orders, strangers),
    offers: strangers.offers,
    units: new Set(system.city.units),
    calledBack,
    ratings: witness.ratings,
    attempts: witness.attempts,
    leaks: seeker.leaks,
    limits: await readLimits(system.cityDir),
    ends,
    ...(lostEnds === undefined ? {} : { lostLog: { said: said.words, again: again.words, stories: storiesAgain.stories, ends: lostEnds } }),
    stoodAt,
    grace: TIMERS_TAKE * (system.clock?.factor ?? 1),
    ...(await readSchemas(system.postgresUrl)),
  };
}

function submittedOf({ appeal: { channel, submission } }: Entry, witness: Witness, strangers: Strangers): Submitted {
  const { externalId, text } = submission;
  const key = `${channel}/${externalId}`;
  const seen = witness.receipts.get(externalId) ?? [];
  const written = [...(strangers.handedIn.get(key) ?? [])];
  return {
    channel,
    externalId,
    conflicting: [...seen.map((receipt) => receipt.text), ...written].some((said) => said !== text),
    own: seen.filter((receipt) => receipt.text === text).map(({ outcome }) => outcome),
    other: seen.filter((receipt) => receipt.text !== text).map(({ outcome }) => outcome),
    overKafka: strangers.receipts.get(key) ?? [],
  };
}

/** What was said over HTTP and over Kafka. */
function commandsOf(orders: ReadonlyMap<string, OrderSeen>, { commands, answers }: Strangers): Pick<Books, 'commands' | 'strays'> {
  const written = [...commands.values()].map((command): Commanded => ({ ...command, answers: answers.get(command.commandId) ?? [] }));
  const strays = [...answers.keys()].filter((commandId) => !commands.has(commandId) && !orders.has(commandId));
  return { commands: [...written, ...orders.values()], strays };
}
