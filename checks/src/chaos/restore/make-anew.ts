import { retoldTopicOf, SERVICES, TICKETS_PARTITIONS, TICKETS_TOPIC, type Service } from '@paidan/contracts';
import { makeSchemaAnew, type RunningSystem, urlOf } from '@paidan/local';
import { setTimeout as delay } from 'node:timers/promises';
import { paidan } from '../../paidan.js';
import { schemaOf } from '../books/read-schemas.js';
import { openReader, readTopics, type Stored } from '../books/read-topics.js';
import type { Plant } from '../faults/plant.js';
import { positionsOf } from '../positions.js';

/** Real milliseconds that strangers get to read what is to go. */
const STRANGERS_READ = 5_000;
/** A service that has just started doesn't answer yet. */
const TRY_AGAIN = 1_000;
const LONGEST = 180_000;

/** What an empty schema came to. */
export interface FilledService {
  readonly service: Service;
  /** Real seconds from its start until it was ready again. */
  readonly seconds: number;
  /** Records of the log that had gone before it began. */
  readonly gone: number;
  /** By feedback, again; unknown where the operator's tool was called a second time. */
  readonly told?: { readonly tickets: number; readonly events: number };
  readonly recalled: number;
  readonly unfolded: number;
  readonly saidAnew: number;
}

export interface Filled {
  readonly filled: FilledService;
  /** What the log no longer has, for whoever reads it whole. */
  readonly gone: readonly Stored[];
}

/**
 * A service begins anew with an empty schema, and the log no longer has what everybody else has read: an operator has it filled.
 * @throws when `paidan fill` does not come to its end
 */
export async function makeAnew(plant: Plant, system: RunningSystem, service: Service, say: (line: string) => void): Promise<Filled> {
  const url = urlOf(system.postgresUrl, 'paidan');
  const gone: Stored[] = [];
  let filling: Promise<Fill> | undefined;
  const seconds = await plant.replace(service, async () => {
    const read = await readByAll(system);
    await makeSchemaAnew(url, schemaOf(service));
    await delay(STRANGERS_READ);
    await readTopics(openReader(system.brokers), [TICKETS_TOPIC], (stored) => {
      if (stored.offset < (read.get(stored.partition) ?? 0)) gone.push(stored);
    });
    await cutLog(system, read);
    say(`${service}: its schema is empty, and ${gone.length} records of the log are gone`);
    filling = fill(system, service);
    // Looked at when it is waited for.
    filling.catch(() => undefined);
  });
  const { told, filled } = (await filling) ?? {};
  if (filled === undefined) throw new Error(`${service} was not filled`);
  say(`${service}: took commands again after ${seconds.toFixed(1)} s, filled with ${toldIn(told)}`);
  const { recalled, unfolded, saidAnew } = filled;
  return {
    filled: {
      service,
      seconds,
      gone: gone.length,
      ...(told && { told: { tickets: told.tickets, events: told.events } }),
      recalled,
      unfolded,
      saidAnew,
    },
    gone,
  };
}

/** By partition of the log, how far all services that read it have got: a log is kept for longer than any of them is away. */
async function readByAll(system: RunningSystem): Promise<ReadonlyMap<number, number>> {
  const readers = SERVICES.filter((one) => one !== 'intake');
  const positions = Object.values(await positionsOf(system, readers));
  const partitions = Array.from({ length: TICKETS_PARTITIONS }, (_, partition) => partition);
  return new Map(
    partitions.map((partition) => [partition, Math.min(...positions.map((places) => places.get(`${TICKETS_TOPIC}/${partition}`) ?? 0))]),
  );
}

async function cutLog({ brokers }: RunningSystem, from: ReadonlyMap<number, number>): Promise<void> {
  const admin = openReader(brokers).admin();
  await admin.connect();
  try {
    // The client knows the topic's leaders only once it has asked for something of it.
    await admin.fetchTopicOffsets(TICKETS_TOPIC);
    await admin.deleteTopicRecords({
      topic: TICKETS_TOPIC,
      partitions: [...from].map(([partition, offset]) => ({ partition, offset: String(offset) })),
    });
  } finally {
    await admin.disconnect();
  }
}

interface Fill {
  readonly told?: FilledService['told'];
  readonly filled: Pick<FilledService, 'recalled' | 'unfolded' | 'saidAnew'>;
}

/** As an operator does it, as soon as the service answers. */
async function fill(system: RunningSystem, service: Service): Promise<Fill> {
  for (const until = Date.now() + LONGEST; ; await delay(TRY_AGAIN)) {
    const { code, out, err } = await paidan(['fill', service, '--json'], { PAIDAN_DATA_DIR: system.dataDir });
    if (code === 0) return JSON.parse(out) as Fill;
    if (Date.now() > until) throw new Error(`paidan fill ${service} ended with ${code ?? 'no code'}: ${err.trim() || out.trim()}`);
  }
}

/** For people. */
export const filledTable = ({ service, seconds, gone, told, recalled, unfolded, saidAnew }: FilledService): readonly string[] => [
  `  begun anew with an empty schema, ${gone} records of the log gone; told again in ${retoldTopicOf(TICKETS_TOPIC)}:`,
  `    ${service.padEnd(19)} ready again after ${seconds.toFixed(1)} s; filled with ${toldIn(told)}; ${recalled} own words recalled, ${unfolded} not; ${saidAnew} said anew`,
];

const toldIn = (told: FilledService['told']): string =>
  told === undefined ? 'what was told again' : `${told.events} events of ${told.tickets} tickets`;
