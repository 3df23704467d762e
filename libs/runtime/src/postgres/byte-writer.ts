const FIRST = 64 * 1024;
/** A larger buffer than this is not kept for the next use. */
const KEPT = 4 * 1024 * 1024;

/** Writes numbers (big-endian) and texts one behind the other into a buffer that grows and is used again. */
export class ByteWriter {
  private buffer = Buffer.allocUnsafe(FIRST);
  private at = 0;

  get position(): number {
    return this.at;
  }

  /** Takes back what was written from there on. */
  rewind(position: number): void {
    this.at = position;
  }

  int8(value: number): void {
    this.ensure(1);
    this.buffer[this.at++] = value;
  }

  int16(value: number): void {
    this.ensure(2);
    this.buffer[this.at++] = value >> 8;
    this.buffer[this.at++] = value;
  }

  int32(value: number): void {
    this.ensure(4);
    this.putInt32(this.at, value);
    this.at += 4;
  }

  /** @param value a safe integer */
  int64(value: number): void {
    this.int32(Math.floor(value / 0x1_0000_0000));
    this.int32(value >>> 0);
  }

  utf8(text: string): void {
    // At most three bytes per UTF-16 unit: cheaper than counting them first.
    this.ensure(text.length * 3);
    this.at += this.buffer.write(text, this.at);
  }

  /** Ends with a zero byte, as names and statements do. */
  cString(text: string): void {
    this.utf8(text);
    this.int8(0);
  }

  raw(bytes: Uint8Array): void {
    this.ensure(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** Leaves room to be filled later. @returns where it is */
  reserve(bytes: number): number {
    this.ensure(bytes);
    const position = this.at;
    this.at += bytes;
    return position;
  }

  putInt16(position: number, value: number): void {
    this.buffer[position] = value >> 8;
    this.buffer[position + 1] = value;
  }

  putInt32(position: number, value: number): void {
    this.buffer[position] = value >> 24;
    this.buffer[position + 1] = value >> 16;
    this.buffer[position + 2] = value >> 8;
    this.buffer[position + 3] = value;
  }

  /** What `write` writes, with its length (which leaves itself out, as in Postgres' values) before it. */
  sized(write: () => void): void {
    const length = this.reserve(4);
    write();
    this.putInt32(length, this.at - length - 4);
  }

  /** Everything written so far, in a buffer of its own; the next use begins anew. */
  take(): Buffer {
    const taken = Buffer.from(this.buffer.subarray(0, this.at));
    this.at = 0;
    if (this.buffer.length > KEPT) this.buffer = Buffer.allocUnsafe(FIRST);
    return taken;
  }

  private ensure(bytes: number): void {
    const needed = this.at + bytes;
    if (needed <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(grown, 0, 0, this.at);
    this.buffer = grown;
  }
}
