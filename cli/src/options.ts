import { isService, SERVICES, type Service } from '@paidan/contracts';
import { isUuid } from '@paidan/kernel';
import { misused, readArguments, wholeNumber } from '@paidan/local/call';

export const usage = `paidan <command>   (npx paidan …, or npm run paidan -- …)

  status                                                   each service's health, and what of it is behind, waits or is parked
  parked list [--service S] [--limit N]                    tickets that could not be processed
  parked show TICKET [--service S]                         what waits for one, in order; nothing of what is written in it
  parked replay TICKET --service S                         process what waits, once the cause is gone
  parked discard TICKET --service S --reason TEXT          throw away the record that it waits for, for good, and process the rest;
                 [--record N]                              the one that was shown under this number, or nothing
  quarantine list [--service S] [--limit N]                records that belong to no ticket
  quarantine show TOPIC/PARTITION@OFFSET --service S       one of them; with --value the beginning of what is in it, and the look is logged
             [--value]
  story TICKET [--lang en|zh]                              one ticket as all services see it, and what of it waits anywhere
  restoration [--service S]                                when a service was last restored from a back-up, what the log gave back and what is lost
  republish [--since 24h]                                  after Kafka was lost and its topics made anew: every service holds what it says, takes
                                                           the new log, and says again what it said since then (m, h or d; kept for 7 days)
  fill S                                                   a service whose schema is empty and whose log no longer has the first tickets: feedback
                                                           tells every ticket's story again, and the service learns it before it goes on
  simulate --rules FILE | --version N [--model FILE]       what a draft would change of the newest tickets: of the rules (.yaml or .json, or a kept set), of the
           [--last N] [--samples K] [--lang en|zh]         model, or of both; nothing is published. 10,000 tickets and 20 samples, unless said otherwise
  keys mint … | list | revoke ID                           API keys and tokens of the local run: paidan keys says more

  TICKET is an id or a number (20261122-000001); S one of ${SERVICES.join(', ')}
  --json           for programs
  --services FILE  the services to ask (or PAIDAN_SERVICES), as {"intake": {"url": "http://…", "metrics": "http://…"}, …}; metrics may be a list
                   of several instances. Then PAIDAN_TOKEN or PAIDAN_TOKEN_FILE is an operator's token. Without it: the system that npm start
                   runs on this machine (PAIDAN_DATA_DIR), with a token of its own.

Ends with 0 when all is well, with 1 when something is not or was refused, with 2 when the call was wrong or nothing answers.
`;

export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export type Language = 'en' | 'zh';

/** At least one of the drafts; `rules` and `version` are not both there. */
export interface SimulateOrder {
  readonly do: 'simulate';
  /** Files. */
  readonly rules?: string;
  readonly model?: string;
  /** Of a kept set of rules. */
  readonly version?: number;
  readonly last: number;
  readonly samples: number;
  readonly lang: Language;
}

/** What is to be done. */
export type Order =
  | { readonly do: 'help' }
  | { readonly do: 'keys'; readonly args: readonly string[] }
  | { readonly do: 'status' }
  | { readonly do: 'parked list'; readonly service?: Service; readonly limit: number }
  | { readonly do: 'quarantine list'; readonly service?: Service; readonly limit: number }
  | { readonly do: 'parked show'; readonly ticket: string; readonly service?: Service }
  | { readonly do: 'parked replay'; readonly ticket: string; readonly service: Service }
  | { readonly do: 'parked discard'; readonly ticket: string; readonly service: Service; readonly reason: string; readonly record?: string }
  | { readonly do: 'quarantine show'; readonly place: Place; readonly service: Service; readonly value: boolean }
  | { readonly do: 'restoration'; readonly service?: Service }
  | { readonly do: 'republish'; readonly since: Date }
  | { readonly do: 'fill'; readonly service: Service }
  | SimulateOrder
  | { readonly do: 'story'; readonly ticket: string; readonly lang: Language };

export interface Call {
  readonly order: Order;
  readonly json: boolean;
  /** File that names the services. */
  readonly services?: string;
}

const OPTIONS = {
  service: { type: 'string' },
  limit: { type: 'string' },
  reason: { type: 'string' },
  record: { type: 'string' },
  lang: { type: 'string' },
  since: { type: 'string' },
  value: { type: 'boolean' },
  rules: { type: 'string' },
  version: { type: 'string' },
  model: { type: 'string' },
  last: { type: 'string' },
  samples: { type: 'string' },
} as const;
type Name = keyof typeof OPTIONS;
type CommandName = Exclude<Order['do'], 'help' | 'keys'>;

/** Which options a command takes beside those of all, and what it asks for where it is to be told about something. */
const COMMANDS: Readonly<Record<CommandName, { readonly names?: string; readonly takes: readonly Name[] }>> = {
  status: { takes: [] },
  'parked list': { takes: ['service', 'limit'] },
  'parked show': { names: 'which ticket?', takes: ['service'] },
  'parked replay': { names: 'which ticket?', takes: ['service'] },
  'parked discard': { names: 'which ticket?', takes: ['service', 'reason', 'record'] },
  'quarantine list': { takes: ['service', 'limit'] },
  'quarantine show': { names: 'which record? TOPIC/PARTITION@OFFSET', takes: ['service', 'value'] },
  restoration: { takes: ['service'] },
  republish: { takes: ['since'] },
  fill: { names: 'which service?', takes: [] },
  simulate: { takes: ['rules', 'version', 'model', 'last', 'samples', 'lang'] },
  story: { names: 'which ticket?', takes: ['lang'] },
};

/** @throws Misuse */
export function readCall(args: readonly string[]): Call {
  // Its own options are for the command that it hands them to.
  if (args[0] === 'keys') return { order: { do: 'keys', args: args.slice(1) }, json: false };
  const { values, positionals } = parsed(args);
  const { json, services } = values;
  const call = (order: Order): Call => ({ order, json, ...(services === undefined ? {} : { services }) });
  if (values.help || positionals.length === 0) return call({ do: 'help' });
  const [name, named] = commandOf(positionals);
  const { takes } = COMMANDS[name];
  const foreign = (Object.keys(OPTIONS) as Name[]).find((option) => values[option] !== undefined && !takes.includes(option));
  if (foreign !== undefined) misused(`${name} takes no --${foreign}`);
  return call(orderOf(name, named, values));
}

function orderOf(name: CommandName, named: string, values: ReturnType<typeof parsed>['values']): Order {
  const service = values.service === undefined ? {} : { service: serviceOf(values.service, `--service ${values.service}`) };
  const required = (): { service: Service } => ({ service: service.service ?? misused(`${name} needs --service: ${SERVICES.join(', ')}`) });
  switch (name) {
    case 'status':
      return { do: name };
    case 'parked list':
      return { do: name, ...service, limit: limitOf(values.limit) };
    case 'quarantine list':
      return { do: name, ...service, limit: limitOf(values.limit) };
    case 'parked show':
      return { do: name, ticket: ticketOf(named), ...service };
    case 'parked replay':
      return { do: name, ticket: ticketOf(named), ...required() };
    case 'parked discard': {
      const { reason = '', record } = values;
      if (reason.trim() === '' || reason.length > 500)
        misused('parked discard needs --reason: up to 500 characters on why it will never be processed');
      if (record !== undefined && !/^\d{1,18}$/.test(record)) misused(`--record ${record} is not the number of a waiting record`);
      return { do: name, ticket: ticketOf(named), ...required(), reason, ...(record === undefined ? {} : { record }) };
    }
    case 'quarantine show':
      return { do: name, place: placeOf(named), ...required(), value: values.value ?? false };
    case 'restoration':
      return { do: name, ...service };
    case 'republish':
      return { do: name, since: sinceOf(values.since) };
    case 'fill':
      return { do: name, service: serviceOf(named) };
    case 'simulate':
      return simulateOrder(values);
    case 'story':
      return { do: name, ticket: ticketOf(named), lang: languageOf(values.lang) };
    default:
      return name satisfies never;
  }
}

function simulateOrder({ rules, version, model, last, samples, lang }: ReturnType<typeof parsed>['values']): SimulateOrder {
  if (rules !== undefined && version !== undefined) misused('simulate takes --rules or --version, not both');
  if (rules === undefined && version === undefined && model === undefined) misused('simulate needs a draft: --rules, --version or --model');
  return {
    do: 'simulate',
    ...(rules === undefined ? {} : { rules }),
    ...(version === undefined ? {} : { version: wholeNumber('--version', version, 1, 1_000_000_000) }),
    ...(model === undefined ? {} : { model }),
    last: wholeNumber('--last', last ?? '10000', 1, 100_000),
    samples: wholeNumber('--samples', samples ?? '20', 0, 50),
    lang: languageOf(lang),
  };
}

function commandOf(positionals: readonly string[]): readonly [CommandName, string] {
  const known = Object.keys(COMMANDS) as CommandName[];
  const name = known.find((command) => `${positionals.join(' ')} `.startsWith(`${command} `));
  if (name === undefined) misused(`there is no command "${positionals.slice(0, 2).join(' ')}"`);
  const { names } = COMMANDS[name];
  const [named, ...more] = positionals.slice(name.split(' ').length);
  if (names !== undefined && named === undefined) misused(`${name}: ${names}`);
  const [surplus] = names === undefined ? [named] : more;
  if (surplus !== undefined) misused(`${name}: "${surplus}" is too much`);
  return [name, named ?? ''];
}

const parsed = (args: readonly string[]) =>
  readArguments(args, {
    allowPositionals: true,
    options: {
      ...OPTIONS,
      json: { type: 'boolean', default: false },
      services: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });

const NUMBER = /^\d{8}-\d{6,}$/;

const isTicket = (text: string): boolean => isUuid(text) || NUMBER.test(text);
const ticketOf = (text: string): string =>
  isTicket(text) ? text : misused(`"${text}" is neither the id of a ticket nor a number like 20261122-000001`);
const serviceOf = (text: string, said = `"${text}"`): Service =>
  isService(text) ? text : misused(`${said} is not one of ${SERVICES.join(', ')}`);
const languageOf = (text = 'en'): Language => (text === 'en' || text === 'zh' ? text : misused(`--lang ${text} is neither en nor zh`));

function limitOf(text = '100'): number {
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= 1_000 ? limit : misused(`--limit ${text} is not a whole number from 1 to 1000`);
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function sinceOf(text = '24h'): Date {
  const [, count, unit] = /^([1-9]\d{0,3})([mhd])$/.exec(text) ?? [];
  if (count === undefined) misused(`--since ${text} is no length of time like 90m, 24h or 7d`);
  return new Date(Date.now() - Number(count) * UNITS[unit as keyof typeof UNITS]);
}

function placeOf(text: string): Place {
  const [, topic, partition, offset] = /^([^/@\s]{1,200})\/(\d{1,9})@(\d{1,15})$/.exec(text) ?? [];
  if (topic === undefined) misused(`"${text}" is no place in the log like paidan.tickets/3@1742`);
  return { topic, partition: Number(partition), offset: Number(offset) };
}
