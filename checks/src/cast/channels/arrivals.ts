import { setTimeout as delay } from 'node:timers/promises';
import type { Entry } from '../city/notebook.js';
import { type CityTime, DAY } from '../city/time.js';

/**
 * So many messages come in a day of the city's time, over two days at least; in real time all at once. A day has four real seconds of office hours at the
 * usual factor, and in them every ticket on the desks takes a step: with 1,400 a day (a thousand commands a second) two cores came days behind, and
 * everything was late by that.
 */
const A_DAY = 250;
const LEAST_DAYS = 2;

/** When each message comes in: evenly, in the order of the file. */
export class Arrivals {
  private readonly began: number;

  constructor(
    private readonly time: CityTime,
    private readonly lastRow: number,
    /** Of the city, over which they come. */
    private readonly days = Math.max(LEAST_DAYS, lastRow / A_DAY),
  ) {
    this.began = time.now();
  }

  timeOf({ appeal }: Entry): number {
    return this.time.paced ? this.began + ((appeal.message.row - 1) / this.lastRow) * this.days * DAY : this.began;
  }

  async untilItIsTime(entry: Entry, signal: AbortSignal): Promise<void> {
    const wait = this.time.inReal(this.timeOf(entry) - this.time.now());
    if (wait > 0) await delay(wait, undefined, { signal }).catch(() => undefined);
  }

  /** How many at the head of a queue are due. */
  howManyOf(queue: readonly Entry[]): number {
    const now = this.time.now();
    const later = queue.findIndex((entry) => this.timeOf(entry) > now);
    return later < 0 ? queue.length : later;
  }
}
