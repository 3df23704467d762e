import type { EventName } from '@paidan/contracts';
import { DAY } from '../cast/city/time.js';
import { type RunningSystem, timeOf } from '@paidan/local';
import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { CallbackServer, type Receive } from '../cast/channels/callback-server.js';
import { chance } from '../cast/city/chance.js';
import { collectBooks } from './books/collect.js';
import type { Books } from './books/books.js';
import { storiesOf, type ToldStory } from './evidence.js';
import { Plant } from './faults/plant.js';
import { planFaults } from './faults/plan.js';
import { storm, type Struck } from './faults/storm.js';
import type { Finding } from './ledger/finding.js';
import { judge } from './ledger/ledger.js';
import { People } from './load/people.js';
import { loseLog } from './lose/lose.js';
import type { LossTold } from './lose/table.js';
import { unreadOf } from './lose/unread.js';
import { judgeLoss, type LossFinding } from './lose/verdict.js';
import type { ChaosOptions } from './options.js';
import { Quiet } from './quiet.js';
import { measure, type Step } from './scale/measure.js';
import { isEven, scale } from './scale/scale.js';
import type { FilledService } from './restore/make-anew.js';
import { restore, type RestoredService } from './restore/restore.js';
import { growthIn } from './soak/growth.js';
import type { Sample } from './soak/sample.js';
import { soak } from './soak/soak.js';
import { openStage } from './stage.js';

export interface Report {
  readonly seed: number;
  readonly tickets: number;
  readonly factor: number;
  /** Real seconds of each part of the run. */
  readonly seconds: Readonly<Record<'start' | 'load' | 'tail' | 'rest' | 'ledger', number>>;
  readonly counts: People['counts'] & Figures;
  readonly faults: readonly Struck[];
  /** With `--restore`. */
  readonly restored?: readonly RestoredService[];
  readonly anew?: FilledService;
  /** With `--lose-log`. */
  readonly lost?: LossTold;
  /** With `--soak`. */
  readonly soaked?: readonly Sample[];
  /** With `--scale`. */
  readonly scale?: readonly Step[];
  readonly violations: readonly (Omit<Finding, 'rule'> & {
    readonly rule: Finding['rule'] | LossFinding['rule'] | 'restless' | 'died' | 'unfinished' | 'uneven' | 'unfolded' | 'grown';
  })[];
  /** Of the first tickets that violations name. */
  readonly stories: readonly ToldStory[];
  /** What people complained of, without the ids, and how often. */
  readonly complaints: Readonly<Record<string, number>>;
  readonly dataDir?: string;
}

interface Figures {
  readonly days: number;
  readonly stories: number;
  readonly events: number;
  /** Exact repeats in the log. */
  readonly repeats: number;
  readonly commands: number;
  readonly cards: number;
  /** Of them, because of a word that was timely and came late. */
  readonly withdrawn: number;
  /** Tickets that came under a master, were taken out again, and got a master's reply. */
  readonly linked: number;
  readonly unlinked: number;
  readonly shared: number;
  readonly callbacks: number;
  readonly ratings: number;
}

/** How channels' systems fail: shares of first, second and third attempts. */
const FAILS = [
  ['fail', 0.04],
  ['hang-up', 0.02],
  ['take-and-hang-up', 0.02],
] as const;

const receiveBy =
  (seed: number): Receive =>
  (id, attempt) => {
    let left = attempt > 3 ? 1 : chance(seed, 'call-back', id, attempt);
    for (const [reception, share] of FAILS) if ((left -= share) < 0) return reception;
    return 'take';
  };

const ANY_ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
/** Once nobody was answered for so long, nobody will be; real milliseconds. */
const GIVE_UP_AFTER = 420_000;

export interface Voice {
  /** Lines that stay. */
  readonly say: (line: string) => void;
  /** How far it is. */
  readonly show: (line: string) => void;
}

export async function chaos(options: ChaosOptions, { say, show }: Voice, stop: AbortSignal): Promise<Report> {
  const { seed, tickets, rate, factor, keep } = options;
  const complaints = new Map<string, number>();
  const complain = (what: string): void => {
    const kind = what.replaceAll(ANY_ID, '…');
    complaints.set(kind, (complaints.get(kind) ?? 0) + 1);
  };
  const lap = stopwatch();
  // Everybody listens to it, and a city has more than ten.
  setMaxListeners(0, stop);
  const callbacks = await CallbackServer.open(receiveBy(seed));
  const stage = await openStage({ factor, keep, callbacks }, say);
  const { system } = stage;
  let people: People | undefined;
  try {
    const plant = new Plant(system, seed, say);
    people = await People.gather(system, callbacks, { tickets, seed, rate }, plant.route, complain);
    const started = lap();

    const enough = new AbortController();
    people.start(endingWith(stop, enough.signal));
    const { faults, stays, restored, seen, soaked } = await whileTelling(people, show, async () => ({
      faults: await storm(planFaults(seed, options.faults), (fault) => plant.commit(fault), stop, say),
      stays: options.scale ? await scale(plant, system.clock, stop, say) : undefined,
      restored: options.restore ? await restore(plant, system, seed, stop, say) : undefined,
      seen: options.loseLog ? await loseLog(plant, system, seed, stop, say) : undefined,
      soaked: options.soak > 0 ? await soak(options.soak, system, stop, say) : undefined,
    }));
    if ([stays, restored, seen, soaked].some((done) => done !== undefined)) enough.abort();
    await plant.heal();
    const load = lap();
    say('healed; what was begun is finished');
    const unfinished = await untilDone(people, system, options.goOn * 1_000, show);
    await people.leave();
    const tail = lap();

    const { at: stoodAt, restless } = await new Quiet(system, (signal) => plant.signalServices(signal), show).stand();
    const rest = lap();
    say('all is still; reading the books');
    const { notebook, witness } = people;
    const calledBack = new Set(system.city.channels.filter((channel) => callbacks.isRegistered(channel)));
    const lostKafka = await seen?.kafka.open();
    const books = await collectBooks(system, {
      ...{ notebook, witness, calledBack, stoodAt, gone: restored?.anew?.gone ?? [] },
      ...(lostKafka === undefined ? {} : { lostBrokers: lostKafka.brokers }),
    }).finally(() => lostKafka?.handle.stop());
    const findings = judge(books);
    const ledger = lap();
    return {
      seed,
      tickets,
      factor,
      seconds: { start: started, load, tail, rest, ledger },
      counts: { ...people.counts, ...figuresOf(books, system) },
      faults,
      ...(restored === undefined ? {} : { restored: restored.services }),
      ...(restored?.anew === undefined ? {} : { anew: restored.anew.filled }),
      ...(soaked === undefined ? {} : { soaked }),
      ...(seen === undefined ? {} : { lost: { ...seen.loss, unread: unreadOf(seen.positions, books.lostLog?.ends ?? new Map()) } }),
      ...(stays === undefined ? {} : { scale: measure(stays, books.stories, factor) }),
      violations: [
        ...findings,
        ...[...(restored?.services ?? []), ...(restored?.anew === undefined ? [] : [restored.anew.filled])].flatMap(
          ({ service, unfolded }) => (unfolded === 0 ? [] : [{ rule: 'unfolded' as const, evidence: `${service}: ${unfolded} words` }]),
        ),
        ...growthIn(soaked ?? []).map((evidence) => ({ rule: 'grown' as const, evidence })),
        ...(seen === undefined ? [] : judgeLoss(seen.loss)),
        ...restless.map((evidence) => ({ rule: 'restless' as const, evidence })),
        ...plant.deaths.map((evidence) => ({ rule: 'died' as const, evidence })),
        ...(stays ?? []).flatMap(({ replicas, partitions }) =>
          isEven(partitions) ? [] : [{ rule: 'uneven' as const, evidence: `${replicas} replicas: ${JSON.stringify(partitions)}` }],
        ),
        ...(unfinished === undefined ? [] : [{ rule: 'unfinished' as const, evidence: unfinished }]),
      ],
      stories: storiesOf(findings, books.stories),
      complaints: Object.fromEntries(complaints),
      ...(keep ? { dataDir: system.dataDir } : {}),
    };
  } catch (error) {
    await people?.flee();
    throw error;
  } finally {
    callbacks.onReply = () => undefined;
    await stage.leave();
    await callbacks.close();
  }
}

/** Ends with either. */
function endingWith(...signals: AbortSignal[]): AbortSignal {
  const either = AbortSignal.any(signals);
  setMaxListeners(0, either);
  return either;
}

async function whileTelling<T>(people: People, show: Voice['show'], done: () => Promise<T>): Promise<T> {
  const progress = setInterval(() => show(told(people)), 1_000);
  try {
    return await done();
  } finally {
    clearInterval(progress);
  }
}

const told = ({ counts }: People): string =>
  `accepted ${counts.accepted} · approved ${counts.approved} · closed ${counts.closed} · waiting for a person ${counts.held}`;

/**
 * The last tickets of a city take weeks, so that people go on for some time and then leave undone what isn't.
 * @returns what nobody got to the end of, if nothing moved for too long
 */
async function untilDone(people: People, system: RunningSystem, goOnMs: number, show: (line: string) => void): Promise<string | undefined> {
  let [last, changedAt] = ['', Date.now()];
  const until = Date.now() + goOnMs;
  while (!people.areDone) {
    if (Date.now() > until && people.isHandedIn) await people.callItADay();
    const now = JSON.stringify(people.counts);
    if (now !== last) [last, changedAt] = [now, Date.now()];
    if (Date.now() - changedAt > GIVE_UP_AFTER) return `nothing moved for ${GIVE_UP_AFTER / 1_000} s: ${people.unfinished.join(', ')}`;
    show(`${told(people)} · ${((timeOf(system.clock) - Date.parse(system.clock?.from ?? '')) / DAY).toFixed(0)} days of the city`);
    await delay(500);
  }
  return undefined;
}

function figuresOf({ stories, commands, attempts, ratings }: Books, { clock }: RunningSystem): Figures {
  let [events, repeats, cards, withdrawn] = [0, 0, 0, 0];
  const having = (what: EventName): number => [...stories.values()].filter((story) => story.some(({ name }) => name === what)).length;
  for (const story of stories.values()) {
    const ids = new Set(story.map(({ service, id }) => `${service} ${id}`));
    events += ids.size;
    repeats += story.length - ids.size;
    const idsOf = (name: string): number => new Set(story.flatMap((event) => (event.name === name ? [event.id] : []))).size;
    cards += idsOf('card.issued');
    withdrawn += idsOf('card.withdrawn');
  }
  const days = Math.round((timeOf(clock) - Date.parse(clock?.from ?? '')) / DAY);
  return {
    days,
    stories: stories.size,
    events,
    repeats,
    commands: commands.length,
    cards,
    withdrawn,
    linked: having('ticket.linked'),
    unlinked: having('ticket.unlinked'),
    shared: having('reply.shared'),
    callbacks: attempts.length,
    ratings: ratings.length,
  };
}

/** Seconds since it was last asked. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const seconds = Math.round((now - last) / 100) / 10;
    last = now;
    return seconds;
  };
}
