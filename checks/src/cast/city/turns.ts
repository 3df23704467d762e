/** Does things so many at a time, the rest in the order in which they came. */
export class Turns {
  private readonly waiting: (() => Promise<void>)[] = [];
  private busy = 0;

  constructor(private readonly atOnce: number) {}

  get isIdle(): boolean {
    return this.busy === 0;
  }

  take(act: () => Promise<void>): void {
    this.waiting.push(act);
    if (this.busy >= this.atOnce) return;
    this.busy += 1;
    void this.work();
  }

  private async work(): Promise<void> {
    for (let act = this.waiting.shift(); act !== undefined; act = this.waiting.shift()) await act();
    this.busy -= 1;
  }
}
