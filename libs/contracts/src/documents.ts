import { asyncApi, messageId, plain } from './asyncapi.js';
import { eventType, wireType } from './envelope.js';
import { EVENT_NAMES, EVENTS } from './events.js';
import { shapeSchemas, SHAPES } from './inbound/schemas.js';
import { OUTBOUND, OUTBOUND_NAMES } from './outbound.js';
import { REPLY_CALLBACK, ReplyCallback } from './outbound/callback.js';
import { readSamples } from './samples.js';
import { SERVICES } from './vocabulary.js';
import { CALLBACK_WORDS, EVENT_WORDS, OUTBOUND_WORDS } from './words.js';

type Json = Readonly<Record<string, unknown>>;

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const standalone = (id: string, schema: Json): string =>
  json({ $schema: 'http://json-schema.org/draft-07/schema#', $id: `urn:paidan:schema:${id}`, ...schema });

/** A shape with the shapes it refers to. */
const withDefinitions = (name: string): Json => {
  const all = shapeSchemas('#/definitions/');
  const definitions: Record<string, unknown> = {};
  const visit = (node: unknown): void => {
    for (const [, referred = ''] of JSON.stringify(node).matchAll(/"#\/definitions\/([^"]+)"/g)) {
      if (referred in definitions) continue;
      definitions[referred] = all[referred];
      visit(all[referred]);
    }
  };
  visit(all[name]);
  return { ...all[name], ...(Object.keys(definitions).length > 0 ? { definitions } : {}) };
};

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const required = (schema: Json): string => {
  const names = Array.isArray(schema['required']) ? (schema['required'] as string[]) : [];
  return names.map((name) => `\`${name}\``).join(' ');
};

const eventsPage = (): string => {
  const sections = [...SERVICES, 'any' as const].map((service) => {
    const rows = EVENT_NAMES.filter((name) => EVENTS[name].service === service).map((name) => {
      const { zh, en } = EVENT_WORDS[name];
      return [`[\`${eventType(name)}\`](schemas/${messageId(eventType(name))}.json)`, zh, en, required(plain(EVENTS[name].schema))];
    });
    return `## ${service === 'any' ? 'every service' : service}\n\n${table(['type', '中文', 'says that', 'always carries'], rows)}`;
  });
  const told = OUTBOUND_NAMES.map((name) => {
    const { zh, en } = OUTBOUND_WORDS[name];
    const type = wireType(name, OUTBOUND[name].version);
    return [`[\`${type}\`](schemas/${messageId(type)}.json)`, OUTBOUND[name].family, OUTBOUND[name].service, zh, en];
  });
  return [
    '# Events and messages',
    'Generated from `libs/contracts`; `node libs/contracts/dist/generate.js` writes it anew.',
    'Events on `paidan.tickets`, by the service that says them.',
    ...sections,
    '## Told to units, channels and readers of the directory',
    table(['type', 'topics', 'by', '中文', 'says that'], told),
    '## Posted to a channel’s call-back',
    `Signed as [Standard Webhooks](https://www.standardwebhooks.com); the body is [\`${REPLY_CALLBACK}\`](schemas/callback.${messageId(REPLY_CALLBACK)}.json): ${CALLBACK_WORDS.zh}, ${CALLBACK_WORDS.en}.`,
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
};

/** Every generated document by its path below `generated/`. */
export const documents = (): Map<string, string> => {
  const files = new Map<string, string>();
  files.set('asyncapi.json', json(asyncApi(readSamples())));
  files.set('events.md', eventsPage());
  for (const name of EVENT_NAMES) {
    const id = messageId(eventType(name));
    files.set(`schemas/${id}.json`, standalone(id, { title: EVENT_WORDS[name].en, ...plain(EVENTS[name].schema) }));
  }
  for (const name of OUTBOUND_NAMES) {
    const id = messageId(wireType(name, OUTBOUND[name].version));
    files.set(`schemas/${id}.json`, standalone(id, { title: OUTBOUND_WORDS[name].en, ...plain(OUTBOUND[name].schema) }));
  }
  files.set(
    `schemas/callback.${messageId(REPLY_CALLBACK)}.json`,
    standalone(`callback.${messageId(REPLY_CALLBACK)}`, { title: CALLBACK_WORDS.en, ...plain(ReplyCallback) }),
  );
  for (const shape of SHAPES) files.set(`schemas/${shape.name}.json`, standalone(shape.name, withDefinitions(shape.name)));
  return files;
};
