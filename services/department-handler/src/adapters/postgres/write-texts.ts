import type { Actor, SaidEvent, Span, Words } from '@paidan/contracts';
import { saidIn, type Change, type Tx } from '@paidan/runtime';
import type { WorkCommand } from '../../domain/commands.js';
import { commandIdOf } from '../../domain/recall.js';
import { SUSPENSION, type WorkItem } from '../../domain/work-item.js';
import type { NOTE_KINDS } from './migrations.js';

type WorkChange = Change<WorkItem, WorkCommand>;

interface Text {
  readonly ticketId: string;
  readonly content: string;
}

interface ReplyRow {
  readonly ticketId: string;
  readonly round: number;
  readonly commandId: string;
  readonly assignment: number;
  readonly unit: string;
  readonly officer: string;
  readonly outcome: string;
  readonly words: string;
  readonly at: Date;
}

interface Note {
  readonly ticketId: string;
  readonly kind: (typeof NOTE_KINDS)[number];
  readonly assignment: number;
  readonly unit: string;
  readonly by: string;
  readonly round?: number;
  readonly detail?: string;
  readonly words?: Words;
  readonly at: Date;
}

/** Everything somebody wrote, into tables that are only added to: one statement each per transaction. */
export const writeTexts =
  (now: () => number) =>
  (tx: Tx, changes: readonly WorkChange[]): void => {
    const at = new Date(now());
    const texts = changes.flatMap(textsOf);
    const replies = changes.flatMap((change) => repliesOf(change, at));
    const notes = changes.flatMap((change) => notesOf(change, at));
    if (texts.length > 0)
      tx.send(
        `insert into ticket_text (ticket_id, content, at) select id, content, $3::timestamptz from unnest($1::uuid[], $2::text[]) as t (id, content)
         on conflict do nothing`,
        [texts.map((text) => text.ticketId), texts.map((text) => text.content), at],
      );
    if (replies.length > 0)
      tx.send(
        `insert into reply (ticket_id, round, command_id, assignment, unit, officer, outcome, words, submitted_at)
         select * from unnest($1::uuid[], $2::integer[], $3::uuid[], $4::integer[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[])`,
        [
          replies.map((reply) => reply.ticketId),
          replies.map((reply) => reply.round),
          replies.map((reply) => reply.commandId),
          replies.map((reply) => reply.assignment),
          replies.map((reply) => reply.unit),
          replies.map((reply) => reply.officer),
          replies.map((reply) => reply.outcome),
          replies.map((reply) => reply.words),
          replies.map((reply) => reply.at),
        ],
      );
    if (notes.length > 0)
      tx.send(
        `insert into note (ticket_id, kind, assignment, unit, by, round, words, detail, at)
         select * from unnest($1::uuid[], $2::text[], $3::integer[], $4::text[], $5::text[], $6::integer[], $7::text[], $8::text[], $9::timestamptz[])`,
        [
          notes.map((note) => note.ticketId),
          notes.map((note) => note.kind),
          notes.map((note) => note.assignment),
          notes.map((note) => note.unit),
          notes.map((note) => note.by),
          notes.map((note) => note.round ?? null),
          notes.map((note) => (note.words === undefined ? null : JSON.stringify(note.words))),
          notes.map((note) => note.detail ?? null),
          notes.map((note) => note.at),
        ],
      );
  };

const textsOf = ({ ticketId, messages }: WorkChange): Text[] =>
  messages.flatMap((message) =>
    message.kind === 'event' && message.event.name === 'ticket.registered'
      ? [{ ticketId, content: JSON.stringify(message.event.payload.content) }]
      : [],
  );

function repliesOf({ ticketId, messages, events, recalled }: WorkChange, now: Date): ReplyRow[] {
  // Accepted reply commands and what was said of them stand in the same order; the words are taken from the event, where they are sealed if need be.
  const commands = messages.flatMap((message) => (message.kind === 'command' && message.command.name === 'reply' ? [message.command] : []));
  const row = (event: SaidEvent, commandId: () => string, at: Date): ReplyRow[] => {
    if (event.name !== 'reply.submitted') return [];
    const { assignment, unit, officer, round, outcome, reply } = event.payload;
    return [{ ticketId, round, commandId: commandId(), assignment, unit, officer, outcome, words: JSON.stringify(reply), at }];
  };
  const given = (): string => {
    const command = commands.shift();
    if (command === undefined) throw new Error('a reply without its command');
    return command.commandId;
  };
  return [
    ...recalled.flatMap((event) => row(event, () => commandIdOf(event), new Date(event.time))),
    ...events.flatMap(({ event }) => row(event, given, now)),
  ];
}

const nameOf = (by: Actor): string => (by.kind === 'person' ? by.subject : by.rule);
const spanOf = ({ count, unit }: Span): string => `${count} ${unit}`;

type Noted = Omit<Note, 'at'>;

function notesOf(change: WorkChange, now: Date): Note[] {
  const { ticketId, messages } = change;
  const noted = (event: SaidEvent): Noted[] => {
    switch (event.name) {
      case 'work.progressed': {
        const { assignment, unit, officer, note } = event.payload;
        return [{ ticketId, kind: 'progress', assignment, unit, by: officer, words: note }];
      }
      case 'assignment.returned': {
        const { assignment, unit, officer, grounds } = event.payload;
        return [{ ticketId, kind: 'return', assignment, unit, by: officer, words: grounds }];
      }
      case 'reply.sent-back': {
        const { assignment, unit, approver, round, reason } = event.payload;
        return [{ ticketId, kind: 'send-back', assignment, unit, by: approver, round, words: reason }];
      }
      case 'reply.approved': {
        const { assignment, unit, approver, round } = event.payload;
        return [{ ticketId, kind: 'approval', assignment, unit, by: approver, round }];
      }
      case 'citizen.contacted': {
        const { assignment, unit, officer, outcome } = event.payload;
        return [{ ticketId, kind: 'contact', assignment, unit, by: officer, detail: outcome }];
      }
      case 'work.suspended': {
        const { assignment, unit, officer, reason, grounds } = event.payload;
        return [{ ticketId, kind: 'suspension', assignment, unit, by: officer, detail: reason, words: grounds }];
      }
      case 'work.resumed': {
        const { assignment, unit, officer } = event.payload;
        return [{ ticketId, kind: 'resumption', assignment, unit, by: officer ?? SUSPENSION }];
      }
      case 'extension.requested': {
        const { assignment, unit, officer, span, grounds } = event.payload;
        return [{ ticketId, kind: 'extension-request', assignment, unit, by: officer, detail: spanOf(span), words: grounds }];
      }
      case 'extension.granted': {
        const { assignment, unit, by, span, note } = event.payload;
        const granted = { ticketId, kind: 'extension-granted', assignment, unit, by: nameOf(by), detail: spanOf(span) } as const;
        return [{ ...granted, ...(note === undefined ? {} : { words: note }) }];
      }
      case 'extension.refused': {
        const { assignment, unit, by, reason } = event.payload;
        return [{ ticketId, kind: 'extension-refused', assignment, unit, by: nameOf(by), words: reason }];
      }
      default:
        return [];
    }
  };
  const said = saidIn(change, now).flatMap(({ event, at }) => noted(event).map((note) => ({ ...note, at })));
  const heard = messages.flatMap((message): Note[] => {
    if (message.kind !== 'event' || message.event.name !== 'return.refused') return [];
    const { assignment, unit, by, note } = message.event.payload;
    return [
      { ticketId, kind: 'return-refused', assignment, unit, by: nameOf(by), at: now, ...(note === undefined ? {} : { words: note }) },
    ];
  });
  return [...said, ...heard];
}
