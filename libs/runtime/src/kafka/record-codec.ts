import { createRequire } from 'node:module';
import type { Header } from './log-record.js';

/*
 * kafkajs 2.2.4 reads and writes a record's headers at a price that grows with the square of their number: an object is copied per header when reading,
 * a zeroed 511-byte buffer made per header when writing. With our nine that was most of a consumer's and a third of a relay's time. These do it in
 * one pass; a test holds them against the client's own, byte for byte. Headers of ASCII are read as text.
 */

interface Decoder {
  readonly buffer: Buffer;
  offset: number;
}

interface BatchContext {
  readonly firstOffset?: string;
  readonly firstTimestamp?: string;
  readonly maxTimestamp?: string;
  readonly magicByte?: number;
  readonly isControlBatch?: boolean;
  readonly timestampType?: number;
}

type HeaderValue = Header | null | (Header | null)[];

const LOG_APPEND_TIME = 1;

export function decodeRecord(decoder: Decoder, batchContext: BatchContext = {}) {
  const { firstOffset, firstTimestamp, maxTimestamp, magicByte, isControlBatch = false, timestampType } = batchContext;
  const attributes = decoder.buffer.readInt8(decoder.offset);
  decoder.offset += 1;
  const timestampDelta = readVarint(decoder);
  const offsetDelta = readVarint(decoder);
  const key = readBytes(decoder);
  const value = readBytes(decoder);
  const headers = readHeaders(decoder);
  return {
    magicByte,
    attributes,
    timestamp: timestampType === LOG_APPEND_TIME && maxTimestamp ? maxTimestamp : String(Number(firstTimestamp ?? 0) + timestampDelta),
    offset: String(Number(firstOffset ?? 0) + offsetDelta),
    key,
    value,
    headers,
    isControlRecord: isControlBatch,
    batchContext,
  };
}

/** Zigzag varint up to 2^53, which offsets and milliseconds don't reach. */
function readVarint(decoder: Decoder): number {
  let [result, factor] = [0, 1];
  for (;;) {
    const byte = decoder.buffer[decoder.offset++] ?? 0;
    result += (byte & 0x7f) * factor;
    if (byte < 0x80) return result % 2 === 0 ? result / 2 : -(result + 1) / 2;
    factor *= 128;
  }
}

function readBytes(decoder: Decoder): Buffer | null {
  const length = readVarint(decoder);
  if (length < 0) return null;
  const from = decoder.offset;
  decoder.offset += length;
  return decoder.buffer.subarray(from, decoder.offset);
}

/** Where each header's name and content begin and end; read, and forgotten with the next record. */
const bounds: number[] = [];
const BEYOND_ASCII = /[^\u0000-\u007f]/;

/**
 * Headers are ASCII wherever they are ours: made text together, in one piece, of which each is a part. A buffer for each name and each content, and a text
 * of each buffer, were a third of what reading a record cost. Others come as they came, in buffers.
 */
function readHeaders(decoder: Decoder): Record<string, HeaderValue> {
  const headers: Record<string, HeaderValue> = {};
  const start = decoder.offset;
  const count = readVarint(decoder);
  for (let i = 0; i < 2 * count; i += 1) {
    const length = readVarint(decoder);
    bounds[2 * i] = length < 0 ? -1 : decoder.offset;
    decoder.offset += Math.max(0, length);
    bounds[2 * i + 1] = decoder.offset;
  }
  if (count <= 0) return headers;
  const text = decoder.buffer.toString('latin1', start, decoder.offset);
  const plain = !BEYOND_ASCII.test(text);
  for (let i = 0; i < count; i += 1) {
    const nameFrom = bounds[4 * i] ?? 0;
    const nameTo = bounds[4 * i + 1] ?? 0;
    const from = bounds[4 * i + 2] ?? 0;
    const to = bounds[4 * i + 3] ?? 0;
    const name = plain ? text.slice(nameFrom - start, nameTo - start) : decoder.buffer.toString('utf8', nameFrom, nameTo);
    const content = from < 0 ? null : plain ? text.slice(from - start, to - start) : decoder.buffer.subarray(from, to);
    const earlier = headers[name];
    if (earlier === undefined) headers[name] = content;
    else if (Array.isArray(earlier)) earlier.push(content);
    else headers[name] = [earlier, content];
  }
  return headers;
}

export interface RecordToEncode {
  readonly offsetDelta?: number;
  readonly timestampDelta?: number;
  readonly key?: Buffer | string | null;
  readonly value?: Buffer | string | null;
  readonly headers?: Readonly<Record<string, Buffer | string | readonly (Buffer | string)[]>>;
}

/** The record with its length in front. */
export function encodeRecord({ offsetDelta = 0, timestampDelta = 0, key, value, headers = {} }: RecordToEncode): Buffer {
  // In bytes at once: asking for a text's length in bytes costs as much as writing it.
  const content = typeof value === 'string' ? Buffer.from(value) : value;
  const block = headerText(headers) ?? headerBytes(headers);
  const body = 1 + varintSize(timestampDelta) + varintSize(offsetDelta) + bytesSize(key) + bytesSize(content) + block.length;
  const out = { buffer: Buffer.allocUnsafe(varintSize(body) + body), at: 0 };
  writeVarint(out, body);
  out.buffer[out.at++] = 0;
  writeVarint(out, timestampDelta);
  writeVarint(out, offsetDelta);
  writeBytes(out, key);
  writeBytes(out, content);
  if (typeof block === 'string') out.buffer.write(block, out.at, 'latin1');
  else block.copy(out.buffer, out.at);
  return out.buffer;
}

/** All headers as one text of bytes, to be written at once; undefined where one isn't ASCII. */
function headerText(headers: NonNullable<RecordToEncode['headers']>): string | undefined {
  let text = '';
  let count = 0;
  for (const name in headers) {
    const content = headers[name];
    if (typeof content !== 'string' || BEYOND_ASCII.test(content) || BEYOND_ASCII.test(name)) return undefined;
    text += varintText(name.length) + name + varintText(content.length) + content;
    count += 1;
  }
  return varintText(count) + text;
}

function headerBytes(headers: NonNullable<RecordToEncode['headers']>): Buffer {
  const pairs: (readonly [string, Buffer | string])[] = [];
  for (const name of Object.keys(headers)) {
    const content = headers[name];
    if (Array.isArray(content)) for (const one of content as readonly (Buffer | string)[]) pairs.push([name, one]);
    else pairs.push([name, content as Buffer | string]);
  }
  const size = pairs.reduce((sum, [name, content]) => sum + bytesSize(name) + bytesSize(content), varintSize(pairs.length));
  const out = { buffer: Buffer.allocUnsafe(size), at: 0 };
  writeVarint(out, pairs.length);
  for (const [name, content] of pairs) {
    writeBytes(out, name);
    writeBytes(out, content);
  }
  return out.buffer;
}

const zigzag = (value: number): number => (value >= 0 ? value * 2 : -value * 2 - 1);

function varintSize(value: number): number {
  let size = 1;
  for (let rest = zigzag(value); rest >= 128; rest = Math.floor(rest / 128)) size += 1;
  return size;
}

function bytesSize(content: Buffer | string | null | undefined): number {
  if (content === null || content === undefined) return varintSize(-1);
  const length = Buffer.byteLength(content);
  return varintSize(length) + length;
}

function writeVarint(out: { readonly buffer: Buffer; at: number }, value: number): void {
  let rest = zigzag(value);
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.buffer[out.at++] = (rest % 128) | 0x80;
  out.buffer[out.at++] = rest;
}

/** A varint as a text of which each character is a byte. */
function varintText(value: number): string {
  let text = '';
  let rest = zigzag(value);
  for (; rest >= 128; rest = Math.floor(rest / 128)) text += String.fromCharCode((rest % 128) | 0x80);
  return text + String.fromCharCode(rest);
}

function writeBytes(out: { readonly buffer: Buffer; at: number }, content: Buffer | string | null | undefined): void {
  if (content === null || content === undefined) {
    writeVarint(out, -1);
    return;
  }
  writeVarint(out, Buffer.byteLength(content));
  out.at += typeof content === 'string' ? out.buffer.write(content, out.at, 'utf8') : content.copy(out.buffer, out.at);
}

interface Encoder {
  buf: Buffer;
  offset: number;
  ensureAvailable(length: number): void;
}
type EncoderClass = { readonly prototype: Encoder } & (new (size: number) => Encoder);

/** As the client's, but without filling with zeros what is written over: a request is copied through six of these. */
function ensureAvailable(this: Encoder, length: number): void {
  if (this.offset + length <= this.buf.length) return;
  const larger = Buffer.allocUnsafe(Math.max(2 * this.buf.length, this.offset + length));
  this.buf.copy(larger, 0, 0, this.offset);
  this.buf = larger;
}

interface Grouping {
  readonly topic: string;
  readonly partitionMetadata: readonly unknown[];
  readonly messages: readonly unknown[];
  readonly partitioner: (about: { topic: string; partitionMetadata: readonly unknown[]; message: unknown }) => number;
}

/** As the client's, but without a copy of a partition's list per message. */
export function groupMessagesPerPartition({ topic, partitionMetadata, messages, partitioner }: Grouping): Record<number, unknown[]> {
  const groups: Record<number, unknown[]> = {};
  if (partitionMetadata.length === 0) return groups;
  for (const message of messages) (groups[partitioner({ topic, partitionMetadata, message })] ??= []).push(message);
  return groups;
}

/**
 * Puts all of this into the client. Must run before kafkajs is first loaded in the process. Where the loader keeps its own cache (Jest), it has no effect
 * and the client's own slower code runs, with the same result.
 */
export function installRecordCodec(from: string): void {
  const require = createRequire(from);
  const replace = (id: string, exports: unknown): void => {
    const file = require.resolve(id);
    require(file);
    const entry = require.cache[file];
    if (entry) entry.exports = exports;
  };
  const Encoder = require('kafkajs/src/protocol/encoder') as EncoderClass;
  Encoder.prototype.ensureAvailable = ensureAvailable;
  replace('kafkajs/src/producer/groupMessagesPerPartition', groupMessagesPerPartition);
  replace('kafkajs/src/protocol/recordBatch/record/v0/decoder', decodeRecord);
  replace('kafkajs/src/protocol/recordBatch/record/v0', (record: RecordToEncode) => {
    const encoder = new Encoder(1);
    encoder.buf = encodeRecord(record);
    encoder.offset = encoder.buf.length;
    return encoder;
  });
}
