import pg from 'pg';
import type { ElementType } from './array-elements.js';
import { ByteWriter } from './byte-writer.js';

/** As pg itself writes values: arrays as literals, objects as JSON, dates in ISO form, buffers as they are. */
const { prepareValue } = (pg as unknown as { utils: { prepareValue: (value: unknown) => string | number | boolean | Buffer | null } })
  .utils;

const TEXT_FORMAT = 0;
const BINARY_FORMAT = 1;
const NULL = -1;

const CODES = { parse: 0x50, bind: 0x42, describe: 0x44, execute: 0x45, close: 0x43, sync: 0x53 } as const;
const STATEMENT = 0x53;
const PORTAL = 0x50;

const bytes = new ByteWriter();

/**
 * The messages of the extended query protocol that a pipeline consists of, written one behind the other and sent as one
 * (https://www.postgresql.org/docs/current/protocol-message-formats.html).
 *
 * Arrays travel in binary form: a batch of rows is nothing but arrays, and as literals each of their texts was escaped, joined, measured and written here and
 * taken apart there; together a tenth of what a busy service did. A value that its type has no place for makes its array a literal, for the server to judge.
 */
export class FrontendMessages {
  parse(name: string, sql: string): void {
    this.message(CODES.parse, () => {
      bytes.cString(name);
      bytes.cString(sql);
      bytes.int16(0);
    });
  }

  /** @param types of the arrays among the values, by number of the parameter, from 1 */
  bind(statement: string, values: readonly unknown[], types: ReadonlyMap<number, ElementType>): void {
    this.message(CODES.bind, () => {
      bytes.cString('');
      bytes.cString(statement);
      bytes.int16(values.length);
      const formats = bytes.reserve(values.length * 2);
      bytes.int16(values.length);
      for (const [i, value] of values.entries()) bytes.putInt16(formats + i * 2, writeValue(value, types.get(i + 1)));
      // All results in text form.
      bytes.int16(1);
      bytes.int16(TEXT_FORMAT);
    });
  }

  describe(): void {
    this.message(CODES.describe, () => {
      bytes.int8(PORTAL);
      bytes.cString('');
    });
  }

  execute(): void {
    this.message(CODES.execute, () => {
      bytes.cString('');
      bytes.int32(0);
    });
  }

  closeStatement(name: string): void {
    this.message(CODES.close, () => {
      bytes.int8(STATEMENT);
      bytes.cString(name);
    });
  }

  /** Ends the pipeline. @returns all of it */
  sync(): Buffer {
    this.message(CODES.sync, () => undefined);
    return bytes.take();
  }

  /** Forgets what has been written, after a throw. */
  drop(): void {
    bytes.rewind(0);
  }

  private message(code: number, body: () => void): void {
    bytes.int8(code);
    const length = bytes.reserve(4);
    body();
    // The length of a message counts itself.
    bytes.putInt32(length, bytes.position - length);
  }
}

/** @returns the format that it is in */
function writeValue(value: unknown, type: ElementType | undefined): number {
  if (type !== undefined && Array.isArray(value)) {
    const start = bytes.position;
    if (writeArray(value, type)) return BINARY_FORMAT;
    bytes.rewind(start);
  }
  const prepared = prepareValue(value);
  if (prepared === null) {
    bytes.int32(NULL);
    return TEXT_FORMAT;
  }
  if (Buffer.isBuffer(prepared)) {
    bytes.int32(prepared.length);
    bytes.raw(prepared);
    return BINARY_FORMAT;
  }
  bytes.sized(() => bytes.utf8(String(prepared)));
  return TEXT_FORMAT;
}

/** @returns false when a value isn't one of the type's; what was written is to be taken back then */
function writeArray(values: readonly unknown[], type: ElementType): boolean {
  const length = bytes.reserve(4);
  const dimensions = values.length === 0 ? 0 : 1;
  bytes.int32(dimensions);
  const nulls = bytes.reserve(4);
  bytes.int32(type.oid);
  if (dimensions > 0) {
    bytes.int32(values.length);
    bytes.int32(1); // the lowest subscript
  }
  let someNull = 0;
  for (const value of values) {
    if (value === null || value === undefined) {
      someNull = 1;
      bytes.int32(NULL);
    } else if (!type.write(bytes, value)) return false;
  }
  bytes.putInt32(nulls, someNull);
  bytes.putInt32(length, bytes.position - length - 4);
  return true;
}
