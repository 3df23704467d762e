import { readdirSync, readFileSync } from 'node:fs';
import { decodeEvent, eventProblems } from './decode.js';
import { EVENT_NAMES, EVENTS, isEventName, type EventName } from './events.js';
import { RatingV1, TrackedRatingV1, TrackingV1 } from './inbound/citizen.js';
import { decodeCommand, decodeSubmission } from './inbound/decode.js';
import { DEPARTMENT_COMMANDS } from './inbound/department-commands.js';
import {
  AcceptReturn,
  AssignByHand,
  AssignManyByHand,
  ClaimTicket,
  DecideExtension,
  LinkTicket,
  Reassign,
  RefuseReturn,
  UndoAssignment,
  UnlinkTicket,
} from './inbound/dispatcher-commands.js';
import { ExplainRouting } from './inbound/explain-routing.js';
import { SimulateRouting } from './inbound/simulate-routing.js';
import { decodeOutbound, OUTBOUND, OUTBOUND_NAMES, type OutboundName } from './outbound.js';
import { callbackId, ReplyCallback } from './outbound/callback.js';
import { directoryHash, type DirectoryEntry } from './outbound/directory.js';
import { openContent, openWords } from './sealing.js';
import { parseTopic } from './topics.js';
import { validateShape, type ShapeClass } from './validate-shape.js';
import { strictProblems } from './validators.js';
import { wireType } from './envelope.js';

interface Sample {
  readonly topic?: string;
  readonly key?: string;
  readonly headers?: Record<string, string>;
  readonly value: unknown;
}

const folder = new URL('../samples/', import.meta.url);
const files = readdirSync(folder).sort();
const read = (file: string): Sample => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Sample;
/** `ticket.registered.v1.sealed.json` is a variant of `ticket.registered`, version 1. */
const nameOf = (file: string): string => /^(.+)\.v\d+(\..+)?\.json$/.exec(file)?.[1] ?? '';

/** Bodies over HTTP alone. */
const BODIES: Readonly<Record<string, ShapeClass>> = {
  'dispatcher.assign-by-hand': AssignByHand,
  'dispatcher.reassign': Reassign,
  'dispatcher.accept-return': AcceptReturn,
  'dispatcher.refuse-return': RefuseReturn,
  'dispatcher.claim-ticket': ClaimTicket,
  'dispatcher.assign-many-by-hand': AssignManyByHand,
  'dispatcher.explain-routing': ExplainRouting,
  'dispatcher.simulate-routing': SimulateRouting,
  'dispatcher.undo-assignment': UndoAssignment,
  'dispatcher.link-ticket': LinkTicket,
  'dispatcher.unlink-ticket': UnlinkTicket,
  'dispatcher.decide-extension': DecideExtension,
  'citizen.tracking': TrackingV1,
  'citizen.rating': RatingV1,
  'citizen.tracked-rating': TrackedRatingV1,
};
const COMMANDS = DEPARTMENT_COMMANDS.map((command) => `command.${command}`);
/** What is posted to a channel's call-back. */
const CALLBACK = 'callback.reply';
const of = (names: readonly string[]): string[] => files.filter((file) => names.includes(nameOf(file)));
const isOutbound = (name: string): name is OutboundName => Object.hasOwn(OUTBOUND, name);

/** The key the sealed samples were sealed with. */
const keys = { current: 'sample-2026', keys: new Map([['sample-2026', new Uint8Array(32).fill(0x2a)]]) };

describe('golden samples', () => {
  it('exist for every message and version, and for nothing else', () => {
    const needed = [
      ...EVENT_NAMES.map((name) => `${wireType(name, EVENTS[name].version).slice('paidan.'.length)}.json`),
      ...OUTBOUND_NAMES.map((name) => `${name}.v${OUTBOUND[name].version}.json`),
      ...['submission', CALLBACK, ...COMMANDS, ...Object.keys(BODIES)].map((name) => `${name}.v1.json`),
    ];
    expect(needed.filter((file) => !files.includes(file))).toEqual([]);
    const known = new Set(needed.map(nameOf));
    expect(files.filter((file) => !known.has(nameOf(file)))).toEqual([]);
  });

  it.each(of(EVENT_NAMES))('%s is read by today’s decoder, and today’s producer might have written it', (file) => {
    const { topic, key, headers = {}, value } = read(file);
    const decoded = decodeEvent(headers, Buffer.from(JSON.stringify(value)));
    expect(decoded).toMatchObject({ ok: true, event: { name: nameOf(file), ticketId: key, payload: value } });
    expect(topic).toBe('paidan.tickets');
    const name: unknown = decoded.ok && decoded.event.name;
    expect(isEventName(name) && eventProblems(name, value as never)).toEqual([]);
  });

  it('cover each service that sends a snapshot', () => {
    const services = of(['ticket.snapshot']).map((file) => read(file).headers?.['ce_source']);
    expect(new Set(services).size).toBe(5);
  });

  it.each(files.filter((file) => file.endsWith('.sealed.json')))('%s opens with the key of the samples', (file) => {
    const { headers = {}, value } = read(file);
    const decoded = decodeEvent(headers, JSON.stringify(value));
    const event = decoded.ok ? decoded.event : undefined;
    const text = (): string => {
      switch (event?.name) {
        case 'ticket.registered':
          return openContent(event.payload.content, event.ticketId, keys).text;
        case 'ticket.supplemented':
          return openWords(event.payload.words, event.ticketId, keys).text;
        case 'assignment.returned':
          return openWords(event.payload.grounds, event.ticketId, keys).text;
        case 'reply.submitted':
          return openWords(event.payload.reply, event.ticketId, keys).text;
        default:
          return '';
      }
    };
    expect(JSON.stringify(value)).toContain('"kind":"sealed"');
    expect(text().length).toBeGreaterThan(5);
  });

  it.each(of(OUTBOUND_NAMES))('%s is read by its value, and today’s producer might have written it', (file) => {
    const { topic = '', headers, value } = read(file);
    const name = nameOf(file);
    expect(decodeOutbound(JSON.stringify(value))).toEqual({ ok: true, message: value });
    expect(isOutbound(name) && strictProblems(OUTBOUND[name].schema, value)).toEqual([]);
    expect(isOutbound(name) && parseTopic(topic)?.family).toBe(isOutbound(name) && OUTBOUND[name].family);
    expect(headers).toMatchObject({ ce_type: wireType(name, 1), ce_source: `/paidan/${isOutbound(name) ? OUTBOUND[name].service : ''}` });
  });

  it('of the directory agree with their marker', () => {
    const entries = [read('directory.unit.v1.json').value, read('directory.matter.v1.json').value] as DirectoryEntry[];
    expect(read('directory.published.v1.json').value).toMatchObject({ count: 2, hash: directoryHash(entries) });
    const further = ['directory.responsibility', 'directory.mailbox'].map((type) => {
      const { value } = read(`${type}.v1.json`);
      return { type, count: 1, hash: directoryHash([value as DirectoryEntry]) };
    });
    expect(read('directory.published.v1.further.json').value).toMatchObject({ count: 2, hash: directoryHash(entries), further });
  });

  it.each(of(['submission']))('%s is accepted', (file) => {
    const { topic = '', value } = read(file);
    expect(decodeSubmission(JSON.stringify(value))).toMatchObject({ ok: true, submission: value });
    expect(parseTopic(topic)?.family).toBe('submissions');
  });

  it.each(of(COMMANDS))('%s is accepted', (file) => {
    const { topic = '', value } = read(file);
    expect(decodeCommand(JSON.stringify(value))).toMatchObject({ ok: true, command: value });
    expect(parseTopic(topic)?.family).toBe('commands');
  });

  it.each(of(Object.keys(BODIES)))('%s is accepted', (file) => {
    const shape = BODIES[nameOf(file)] ?? AssignByHand;
    expect(validateShape(shape, read(file).value)).toMatchObject({ ok: true, value: read(file).value });
  });

  it.each(of([CALLBACK]))('%s is what its schema says', (file) => {
    const { headers = {}, value } = read(file);
    expect(strictProblems(ReplyCallback, value)).toEqual([]);
    const { ticketId, round } = (value as ReplyCallback).data;
    expect(headers['webhook-id']).toBe(callbackId(ticketId, round));
  });

  it('name every event once: what the log says and what strangers are told never share a wire type', () => {
    const names: readonly EventName[] = EVENT_NAMES;
    expect(OUTBOUND_NAMES.filter((name) => (names as readonly string[]).includes(name))).toEqual([]);
  });
});
