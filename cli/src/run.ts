import { defaultDataDir, keysCommand } from '@paidan/local';
import { Misuse } from '@paidan/local/call';
import { readCall, usage, type Order } from './options.js';
import { fill } from './log/fill.js';
import { republish } from './log/republish.js';
import type { Outcome } from './outcome.js';
import { discard, listParked, listQuarantine, replay, showQuarantinedRecord, showTicket } from './parked/commands.js';
import { simulate } from './simulation/simulate.js';
import { showRestorations } from './restoration/ask-restoration.js';
import { askStatus } from './status/ask-status.js';
import { isWell } from './status/read-status.js';
import { showStatus } from './status/show-status.js';
import { gather, ticketIdOf } from './story/gather.js';
import { showStory } from './story/show-story.js';
import { tellStory } from './story/tell-story.js';
import { Refused, Unreachable } from './system/ask.js';
import { findSystem, type System } from './system/find-system.js';

/** Where a run writes. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

const WRONG_CALL = 2;

/** Runs the command line. @returns the exit code */
export async function run(args: readonly string[], env: NodeJS.ProcessEnv, { out, err }: Streams): Promise<number> {
  try {
    const { order, json, services } = readCall(args);
    if (order.do === 'help') {
      out(usage);
      return args.length === 0 ? WRONG_CALL : 0;
    }
    if (order.do === 'keys') return await keys(order.args, env, { out, err });
    const { text, json: data, ok, nobody = false, complaints = [] } = await carryOut(order, await findSystem(services, env), err);
    out(json ? JSON.stringify(data) : text);
    for (const complaint of complaints) err(complaint);
    return nobody ? WRONG_CALL : ok ? 0 : 1;
  } catch (error) {
    if (error instanceof Misuse) err(`${error.message}\n\npaidan --help tells how to call it.`);
    else if (error instanceof Unreachable || error instanceof Refused) err(error.message);
    else throw error;
    return error instanceof Refused ? 1 : WRONG_CALL;
  }
}

/** @param say how far it is, for what takes long */
async function carryOut(order: Exclude<Order, { do: 'help' | 'keys' }>, system: System, say: Streams['err']): Promise<Outcome> {
  switch (order.do) {
    case 'status':
      return status(system);
    case 'parked list':
      return listParked(system, order);
    case 'parked show':
      return showTicket(system, order, await ticketIdOf(system, order.ticket));
    case 'parked replay':
      return replay(system, order, await ticketIdOf(system, order.ticket));
    case 'parked discard':
      return discard(system, order, await ticketIdOf(system, order.ticket));
    case 'quarantine list':
      return listQuarantine(system, order);
    case 'quarantine show':
      return showQuarantinedRecord(system, order);
    case 'restoration':
      return showRestorations(system, order);
    case 'republish':
      return republish(system, order);
    case 'fill':
      return fill(system, order);
    case 'simulate':
      return simulate(system, order, say);
    case 'story':
      return story(system, order);
    default:
      return order satisfies never;
  }
}

async function status({ services }: System): Promise<Outcome> {
  const statuses = await Promise.all(services.map(askStatus));
  const ok = statuses.every(isWell);
  const nobody = statuses.every(({ health }) => health === 'unreachable');
  return { text: showStatus(statuses), json: { ok, services: statuses }, ok, nobody };
}

async function story(system: System, { ticket, lang }: Extract<Order, { do: 'story' }>): Promise<Outcome> {
  const found = await gather(system, await ticketIdOf(system, ticket));
  const told = tellStory(found, lang);
  return { text: showStory(told, lang), json: { ...told, found }, ok: found.missing.length === 0, complaints: found.missing };
}

async function keys(args: readonly string[], env: NodeJS.ProcessEnv, { out, err }: Streams): Promise<number> {
  const outcome = await keysCommand(args, defaultDataDir(env));
  if ('text' in outcome) out(outcome.text);
  else err(outcome.wrong);
  return 'text' in outcome ? 0 : WRONG_CALL;
}
