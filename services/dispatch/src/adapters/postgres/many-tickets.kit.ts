import type { Database } from '@paidan/runtime';
import { parse } from 'csv-parse/sync';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { aboutNoise, foundEarlier, given, MASTER, onceMore } from '../../domain/dispatch.kit.js';
import type { Asked } from '../../domain/duplicates/find.js';
import { BANDS, fingerprintOf, type Fingerprint } from '../../domain/duplicates/fingerprint.js';
import { dice } from './duplicates.kit.js';

/** Of so many texts the tickets are made: a fingerprint takes the time, so most are mixed of what these have in common. */
const TEXTS = 20_000;
/** One ticket of so many is a letter that is sent by everybody, word by word. */
const LETTERS_OF = 200;
/** One of so many is of ten people who write most; the others write twice, more or less. */
const WRITERS_OF = 100;
/** One of so many is under a master. */
const MEMBERS_OF = 20;

/** A ticket as it is kept, with its text. */
export interface Kept {
  readonly asked: Asked;
  readonly text: string;
}

interface Written {
  readonly text: string;
  readonly fingerprint: Fingerprint;
}

/** What every fifth sentence is: said by everybody. */
const COMMON = ['多次反映没有结果', '严重影响居民生活', '给个明确的答复', '老人小孩出行不便', '不知道该找哪个部门', '存在很大的安全隐患'];

/** Tickets of a city, the same in each run: mixed from the sentences of real messages (a csv with column `body`), greetings and all, or of made-up ones. */
export class ManyTickets {
  private readonly roll = dice(11);
  private readonly sentences: readonly string[];
  private readonly areas = Array.from({ length: 10 }, (_, n) => `9901${String(n + 1).padStart(2, '0')}`);
  private readonly prints: Written[] = [];
  /** How many of the texts have a key in a band: mixed ones share a band with as large a part of all as the texts do. */
  private readonly holders = new Map<string, number>();
  readonly letters: readonly Written[];

  constructor(
    private readonly tickets: number,
    messages: string | undefined,
  ) {
    const own = (): string => Array.from({ length: 12 }, () => String.fromCharCode(0x4e00 + Math.floor(this.roll() * 0x1000))).join('');
    this.sentences =
      messages === undefined
        ? Array.from({ length: 20_000 }, () => (this.roll() < 0.2 ? this.pick(COMMON) : own()))
        : (parse(readFileSync(messages), { columns: true, bom: true }) as { body: string }[]).flatMap(({ body }) =>
            body.split(/[\s。！？；，]+/).filter((sentence) => sentence.length >= 4),
          );
    this.letters = Array.from({ length: 5 }, () => this.written());
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.roll() * list.length)] as T;
  }

  /** Those who write most. */
  writer(): string {
    return `writer-${Math.floor(this.roll() * 10)}`;
  }

  private person(): string {
    return this.roll() < 1 / WRITERS_OF ? this.writer() : `person-${Math.floor((this.roll() * this.tickets) / 2)}`;
  }

  area(): string {
    return this.pick(this.areas);
  }

  /** A matter that nobody has told. */
  written(): Written {
    for (;;) {
      const text = Array.from({ length: 6 + Math.floor(this.roll() * 12) }, () => this.pick(this.sentences)).join('，');
      const fingerprint = fingerprintOf('', text);
      if (fingerprint !== undefined) return { text, fingerprint };
    }
  }

  /** The same matter told again: a tenth of the sentences are others, and there is a greeting. */
  retold({ asked, text }: Kept, at: number): Asked {
    const again = text.split('，').map((sentence) => (this.roll() < 0.1 ? this.pick(this.sentences) : sentence));
    const fingerprint = fingerprintOf('', `您好！${again.join('，')}`);
    return { ticketId: randomUUID(), fingerprint: fingerprint ?? asked.fingerprint, at, area: asked.area, person: asked.person };
  }

  /** @returns the next ticket, and whether it was written for itself, so that it may be told again */
  next(at: number): Kept & { readonly isOwn: boolean } {
    const area = this.roll() < 0.1 ? undefined : this.area();
    const person = this.person();
    const kept = ({ text, fingerprint }: Written, isOwn: boolean) => ({
      ...{ text, isOwn },
      asked: { ticketId: randomUUID(), fingerprint, at, area, person },
    });
    if (this.roll() < 1 / LETTERS_OF) return kept(this.pick(this.letters), false);
    if (this.prints.length > 1_000 && this.roll() > TEXTS / this.tickets) return kept(this.mixed(), false);
    const written = this.written();
    this.prints.push(written);
    written.fingerprint.bands.forEach((key, band) => this.holders.set(`${band}:${key}`, (this.holders.get(`${band}:${key}`) ?? 0) + 1));
    return kept(written, true);
  }

  private mixed(): Written {
    const { text, fingerprint } = this.pick(this.prints);
    const bands = Array.from({ length: BANDS }, (_, band) => {
      const key = this.pick(this.prints).fingerprint.bands[band] as number;
      return (this.holders.get(`${band}:${key}`) ?? 0) > 1 ? key : Math.floor(this.roll() * 2 ** 32) | 0;
    });
    return { text, fingerprint: { ...fingerprint, bands } };
  }
}

const recordOf = (result: ReturnType<ReturnType<typeof given>['when']>): string => JSON.stringify(result.ticket);

/** What dispatch keeps of an assigned ticket, and of one that is under another. */
const RECORDS = [recordOf(given().when(aboutNoise())), recordOf(given().when(onceMore(), { found: foundEarlier() }))] as const;

/** The rows of these tickets and their texts, as dispatch keeps them: the look-up joins both. Every twentieth is under the first of them. */
export async function writeTickets(database: Database, tickets: readonly Kept[]): Promise<void> {
  const first = tickets[0]?.asked.ticketId;
  const isMember = tickets.map((_, n) => n % MEMBERS_OF === MEMBERS_OF - 1);
  const place = { address: '建设路 18 号', adminCode: '990102001' };
  await database.transaction(async (tx) => {
    tx.send(
      `insert into ticket (ticket_id, sequence, handled, timers, timer_version, parked, record, status, urgency, lead, matter, master)
       select id, 1, '{"intake": 1}', '{}', 0, false, case when member then replace($4, '${MASTER}', $5) else $3 end::json,
         case when member then 'linked' else 'assigned' end, 0, case when not member then 'city-ecology' end, case when not member then '0702' end,
         case when member then $5::uuid end
       from unnest($1::uuid[], $2::boolean[]) as new (id, member)`,
      [tickets.map(({ asked }) => asked.ticketId), isMember, ...RECORDS, first],
    );
    tx.send('insert into ticket_text (ticket_id, content) select * from unnest($1::uuid[], $2::text[])', [
      tickets.map(({ asked }) => asked.ticketId),
      tickets.map(({ text }) => JSON.stringify({ kind: 'open', title: '', text, place })),
    ]);
  });
}
