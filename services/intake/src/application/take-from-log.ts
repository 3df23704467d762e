import {
  channelOfTopic,
  decodeSubmission,
  OUTBOUND,
  receiptsTopic,
  traceparentOf,
  wireType,
  type FieldError,
  type ReceiptsMessage,
  type SubmissionRefusal,
} from '@paidan/contracts';
import { sqlVerdict, type LogBatch, type LogRecord, type Notice, type Reactor } from '@paidan/runtime';
import type { IntakeCommand } from '../domain/decisions.js';
import type { Channel } from '../domain/submission.js';
import type { IntakeRecord } from '../domain/ticket.js';
import type { Registrar } from './registrar.js';
import type { Vault } from './vault.js';

/** Beyond this nothing is parsed. The longest text and contact together take 90 KB. */
const MAX_BYTES = 262_144;

interface Taken {
  readonly notice?: Notice;
  /** Why the record is kept aside, where it is. */
  readonly quarantine?: { readonly reason: string; readonly detail: string };
}

interface Refusal {
  readonly reason: SubmissionRefusal;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly externalId?: string | undefined;
}

/**
 * Submissions over `paidan.submissions.<channel>`. They are registered first and the position moves after, with the receipts: a crash in between
 * hands them in again, which registers nothing twice.
 */
export class LogDesk {
  constructor(
    private readonly registrar: Registrar,
    private readonly reactor: Pick<Reactor<IntakeRecord, null, IntakeCommand>, 'moveOn'>,
    private readonly channels: { readonly content: ReadonlyMap<string, Channel> },
    private readonly vault: Vault,
  ) {}

  /** @throws transient errors as they are: the consumer waits and hands the same batch again. */
  async take({ slices }: LogBatch): Promise<void> {
    const records = slices.flatMap((slice) => slice.records);
    const settled = await Promise.allSettled(records.map((record) => this.takeOne(record)));
    const notices: Notice[] = [];
    const quarantined: { record: LogRecord; reason: string; detail: string }[] = [];
    for (const [i, result] of settled.entries()) {
      if (result.status === 'rejected') throw result.reason;
      const { notice, quarantine } = result.value;
      const record = records[i];
      if (notice !== undefined) notices.push(notice);
      if (quarantine !== undefined && record !== undefined) quarantined.push({ record: this.sealed(record), ...quarantine });
    }
    await this.reactor.moveOn(slices, { notices, quarantined });
  }

  private async takeOne(record: LogRecord): Promise<Taken> {
    const id = channelOfTopic(record.topic);
    if (id === undefined) return { quarantine: { reason: 'bad-topic', detail: 'no channel can have this topic' } };
    const channel = this.channels.content.get(id);
    if (channel === undefined)
      return refused(id, record, { reason: 'channel-inactive', detail: `channel ${id} is not registered, or not active` });
    const { value } = record;
    if (value !== null && value.length > MAX_BYTES) return refused(id, record, tooLarge(value.length));
    const decoded = decodeSubmission(value);
    if (!decoded.ok) {
      const { detail, errors, externalId } = decoded;
      return refused(id, record, { reason: decoded.reason === 'bad-json' ? 'bad-json' : 'bad-shape', detail, errors, externalId });
    }
    const { submission } = decoded;
    const { externalId } = submission;
    try {
      const reception = await this.registrar.submit(channel, submission, traceparentOf(record.headers));
      const { ticketId, number } = reception;
      if (reception.kind === 'differs') {
        const detail = `external id is taken by ticket ${number}, whose content is another`;
        return { notice: refusal(id, record, { reason: 'conflict', detail, externalId }) };
      }
      const { queryCode, receivedAt } = reception;
      const acceptedAt = new Date(receivedAt).toISOString();
      return {
        notice: receipt({ type: 'submission.accepted', channel: id, externalId, ticketId, number, queryCode, acceptedAt }, externalId),
      };
    } catch (error) {
      if (sqlVerdict(error) !== 'bad-data') throw error;
      return refused(id, record, { reason: 'bad-shape', detail: 'the database does not take it', externalId });
    }
  }

  /** What couldn't be read may have contact data anywhere, its key and headers included. */
  private sealed(record: LogRecord): LogRecord {
    const { topic, partition, offset, key, value, headers } = record;
    const content = {
      key: key?.toString('base64') ?? null,
      value: value?.toString('base64') ?? null,
      headers: Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, header?.toString('base64')])),
    };
    const sealed = this.vault.sealMessage(content, `${topic}/${partition}/${offset}`);
    return { ...record, key: null, headers: {}, value: Buffer.from(JSON.stringify(sealed)) };
  }
}

const tooLarge = (bytes: number): Refusal => {
  const detail = `${bytes} bytes; at most ${MAX_BYTES} are taken`;
  const detailZh = `消息大小为 ${bytes} 字节，最多 ${MAX_BYTES} 字节`;
  return { reason: 'bad-shape', detail, errors: [{ pointer: '', code: 'too-large', detail, detailZh }] };
};

const receipt = (message: ReceiptsMessage, key: string): Notice => ({
  topic: receiptsTopic(message.channel),
  key,
  type: wireType(message.type, OUTBOUND[message.type].version),
  payload: message,
});

const refusal = (channel: string, { partition, offset }: LogRecord, { reason, detail, errors = [], externalId }: Refusal): Notice =>
  receipt(
    {
      type: 'submission.refused',
      channel,
      ...(externalId === undefined ? {} : { externalId }),
      reason,
      detail,
      errors: [...errors],
      position: { partition, offset: String(offset) },
    },
    externalId ?? `${partition}/${offset}`,
  );

const refused = (channel: string, record: LogRecord, why: Refusal): Taken => ({
  notice: refusal(channel, record, why),
  quarantine: { reason: why.reason, detail: why.detail },
});
