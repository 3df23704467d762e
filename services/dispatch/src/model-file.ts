import { createHash } from 'node:crypto';
import type { ModelRecord, TopicModel } from './domain/classifier/model.js';
import { dispatchError } from './errors.js';

export interface StoredModel {
  readonly model: TopicModel;
  readonly record: ModelRecord;
}

const FORMAT = 'paidan-topic-model';
/** Raised when a reader of today would misunderstand the file. */
const VERSION = 1;
const NEWLINE = 0x0a;

/** First line of the file; the body is one line of JSON after it. */
interface Heading {
  readonly format: string;
  readonly version: number;
  /** Of the body. */
  readonly bytes: number;
  readonly sha256: string;
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const packed = ({ buffer, byteOffset, byteLength }: Uint32Array | Float32Array | Int16Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

/** The bytes of a model's file: little-endian numbers in base64 within JSON. */
export const encodeModel = ({ model, record }: StoredModel): Uint8Array => {
  const { hashes, lengths, weights, ...rest } = model;
  const body = Buffer.from(JSON.stringify({ ...rest, record, hashes: packed(hashes), lengths: packed(lengths), weights: packed(weights) }));
  const heading: Heading = { format: FORMAT, version: VERSION, bytes: body.length, sha256: digestOf(body) };
  return Buffer.concat([Buffer.from(`${JSON.stringify(heading)}\n`), body]);
};

/**
 * Reads a model's file whole, or not at all.
 * @param name of the file, for the errors
 * @throws PaidanError `model-unreadable`, `model-version-unknown`, `model-cut-short`, `model-damaged`; whoever loads it keeps the model in force
 */
export const decodeModel = (bytes: Uint8Array, name: string): StoredModel => {
  const end = bytes.indexOf(NEWLINE);
  const heading = parsed(bytes.subarray(0, end < 0 ? bytes.length : end), name) as Partial<Heading> | null;
  if (heading?.format !== FORMAT) throw dispatchError('model-unreadable', `${name} is no ${FORMAT}`);
  if (heading.version !== VERSION)
    throw dispatchError(
      'model-version-unknown',
      `${name} has version ${String(heading.version)}; this release reads ${VERSION}: train it again`,
    );
  const body = bytes.subarray(end < 0 ? bytes.length : end + 1);
  if (typeof heading.bytes !== 'number' || body.length < heading.bytes)
    throw dispatchError('model-cut-short', `${name} ends after ${body.length} of ${String(heading.bytes)} bytes`);
  if (body.length > heading.bytes || digestOf(body) !== heading.sha256)
    throw dispatchError('model-damaged', `${name} is not what was written: its SHA-256 is another one`);
  return storedFrom(parsed(body, name), name);
};

const parsed = (bytes: Uint8Array, name: string): unknown => {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown;
  } catch (cause) {
    throw dispatchError('model-unreadable', `${name} is no ${FORMAT}: it does not begin as one`, { cause });
  }
};

/** The digest says that our own release wrote it; what is looked at here is what would otherwise be read out of bounds. */
const storedFrom = (body: unknown, name: string): StoredModel => {
  const { record, hashes, lengths, weights, ...rest } = body as Omit<TopicModel, 'hashes' | 'lengths' | 'weights'> & {
    readonly record: ModelRecord;
    readonly hashes: string;
    readonly lengths: string;
    readonly weights: string;
  };
  const unpacked = (text: string): ArrayBuffer => Uint8Array.from(Buffer.from(text, 'base64')).buffer;
  const model: TopicModel = {
    ...rest,
    hashes: new Uint32Array(unpacked(hashes)),
    lengths: new Float32Array(unpacked(lengths)),
    weights: new Int16Array(unpacked(weights)),
  };
  const labels = model.labels.length;
  const fits =
    model.lengths.length === model.hashes.length &&
    model.weights.length === model.hashes.length * labels &&
    model.biases.length === labels &&
    model.calibration.biases.length === labels &&
    model.calibration.weights.length === labels ** 2;
  if (!fits) throw dispatchError('model-damaged', `${name} has parts of different sizes`);
  return { model, record };
};
