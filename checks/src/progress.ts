/** One line that tells how far it is, in place on a terminal and every few seconds elsewhere. */
export class ProgressLine {
  private last = '';
  private lastAt = 0;

  constructor(
    private readonly out: NodeJS.WriteStream,
    private readonly every = 5_000,
  ) {}

  show(line: string): void {
    if (line === this.last) return;
    if (this.out.isTTY) {
      this.out.write(`\r\u001B[2K  ${line.slice(0, Math.max(20, this.out.columns - 3))}`);
      this.last = line;
    } else if (Date.now() - this.lastAt >= this.every) {
      this.out.write(`  ${line}\n`);
      this.last = line;
      this.lastAt = Date.now();
    }
  }

  /** Something to stay, above the line. */
  say(line: string): void {
    this.out.write(this.out.isTTY && this.last !== '' ? `\r\u001B[2K  ${line}\n` : `  ${line}\n`);
    this.last = '';
  }

  end(line: string): void {
    this.out.write(this.out.isTTY ? `\r\u001B[2K  ${line}\n` : `  ${line}\n`);
  }
}
