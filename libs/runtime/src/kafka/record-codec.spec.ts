import { createRequire } from 'node:module';
import { decodeRecord, encodeRecord, groupMessagesPerPartition, type RecordToEncode } from './record-codec.js';

const require = createRequire(import.meta.url);
const theirEncoder = require('kafkajs/src/protocol/recordBatch/record/v0') as (record: RecordToEncode) => { buffer: Buffer };
const theirDecoder = require('kafkajs/src/protocol/recordBatch/record/v0/decoder') as (decoder: unknown, context: object) => unknown;
const Decoder = require('kafkajs/src/protocol/decoder') as new (buffer: Buffer) => { buffer: Buffer; offset: number; readVarInt(): number };

const RECORDS: readonly RecordToEncode[] = [
  { key: 'k', value: '{}', headers: {} },
  { key: null, value: null },
  { offsetDelta: 63, timestampDelta: 64, key: Buffer.from([0, 255]), value: Buffer.alloc(0), headers: { a: '', b: Buffer.from('工单') } },
  {
    offsetDelta: 8192,
    timestampDelta: 1_000_000,
    key: '派单',
    value: '字'.repeat(5_000),
    headers: { ce_type: 'x'.repeat(70), 'x-派': ['1', '2', '3'] },
  },
  {
    offsetDelta: 300,
    timestampDelta: -5,
    key: 'k'.repeat(64),
    value: 'v'.repeat(63),
    headers: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`h${i}`, `${i}`])),
  },
  { key: 'twice', value: '{}', headers: { a: ['1', '', '3'], b: Buffer.from([0x7f, 0x80]) } },
  { key: 'plain', value: '{}', headers: { a: ['1', '', '3'], b: '\u007f', c: '' } },
];

type Content = Buffer | string | null;

/** As the client gives them. */
const inBuffers = (headers: Readonly<Record<string, Content | Content[]>>) => {
  const bytes = (content: Content): Buffer | null => (typeof content === 'string' ? Buffer.from(content, 'ascii') : content);
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.map(bytes) : bytes(value)]));
};

describe('the record codec', () => {
  it.each([[[]], [[2]], [[2, 0, 2, 11, 0, 2]]])('groups messages by partition as the client does: %p', (partitions) => {
    const theirs = require('kafkajs/src/producer/groupMessagesPerPartition') as typeof groupMessagesPerPartition;
    const order = {
      topic: 't',
      partitionMetadata: [{}],
      messages: partitions.map((partition, i) => ({ partition, i })),
      partitioner: ({ message }: { message: unknown }) => (message as { partition: number }).partition,
    };
    expect(groupMessagesPerPartition(order)).toEqual(theirs(order));
    expect(groupMessagesPerPartition({ ...order, partitionMetadata: [] })).toEqual({});
  });

  it('reads headers of ASCII as text, and none of a record in which one is not', () => {
    const read = (headers: Record<string, Buffer | string>) => {
      const decoder = new Decoder(encodeRecord({ key: 'k', value: 'v', headers }));
      decoder.readVarInt();
      return decodeRecord(decoder).headers;
    };
    expect(read({ ce_type: 'paidan.ticket.registered.v1', empty: '', nul: 'a\u0000b' })).toEqual({
      ce_type: 'paidan.ticket.registered.v1',
      empty: '',
      nul: 'a\u0000b',
    });
    expect(read({ a: 'plain', b: '派' })).toEqual({ a: Buffer.from('plain'), b: Buffer.from('派') });
  });

  it.each(RECORDS.map((record, i) => [i, record] as const))('writes record %i as the client does, byte for byte', (_i, record) => {
    expect(encodeRecord(record)).toEqual(Buffer.from(theirEncoder(record).buffer));
  });

  it.each(RECORDS.map((record, i) => [i, record] as const))('reads record %i as the client does', (_i, record) => {
    const bytes = encodeRecord(record);
    for (const context of [
      { firstOffset: '9007199254', firstTimestamp: '1795000000000', magicByte: 2 },
      {
        firstOffset: '0',
        firstTimestamp: '1795000000000',
        maxTimestamp: '1795000009999',
        timestampType: 1,
        magicByte: 2,
        isControlBatch: true,
      },
    ]) {
      const [ours, theirs] = [new Decoder(bytes), new Decoder(bytes)];
      ours.readVarInt();
      theirs.readVarInt();
      const { headers, ...rest } = decodeRecord(ours, context);
      expect({ ...rest, headers: inBuffers(headers) }).toEqual(theirDecoder(theirs, context));
      expect(ours.offset).toBe(bytes.length);
    }
  });
});
