import type { TicketEvent } from '@paidan/contracts';
import type { LocalKeys } from '@paidan/local';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Call, isRecord, textOf } from '../../cast/city/api.js';
import { chance } from '../../cast/city/chance.js';
import { defaultUnits } from '../../cast/city/dispatcher.js';
import type { Complain } from '../../cast/city/log.js';
import { Turns } from '../../cast/city/turns.js';

/** Share of signed assignments that the desk takes back for another unit, if the holder still lets go. */
const REASSIGNED = 0.02;
/** Share of extensions that a person grants. */
const GRANTED = 0.6;
/** Share of orders that are given twice: a person pressed twice. */
const TWICE = 0.2;
const AT_ONCE = 4;
const LOOK_EVERY = 1_000;
const PAGE = 100;

/** What the desk does beside the review queue: takes assignments back, and decides on extensions. */
export class Desk {
  private readonly turns = new Turns(AT_ONCE);
  private readonly seen = new Set<string>();

  private constructor(
    private readonly urls: { readonly dispatch: string; readonly departmentHandler: string },
    private readonly token: string,
    private readonly units: readonly string[],
    private readonly seed: number,
    private readonly call: Call,
    private readonly complain: Complain,
  ) {}

  static async open(
    urls: { readonly dispatch: string; readonly departmentHandler: string },
    keys: LocalKeys,
    units: readonly string[],
    { seed, call, complain }: { readonly seed: number; readonly call: Call; readonly complain: Complain },
  ): Promise<Desk> {
    const token = await keys.token({ sub: 'chaos-dispatcher', roles: ['dispatcher', 'supervisor'] });
    return new Desk(urls, token, defaultUnits(units), seed, call, complain);
  }

  get isIdle(): boolean {
    return this.turns.isIdle;
  }

  /** Chosen by the number of the assignment and the row of the ticket, both of which a seed reproduces. */
  hear(event: TicketEvent, row: number): void {
    if (event.name !== 'assignment.signed' || event.payload.assignment > 2) return;
    const { assignment, unit } = event.payload;
    if (chance(this.seed, 'reassigned', row, assignment) < REASSIGNED)
      this.turns.take(() => this.reassign(event.ticketId, assignment, unit));
  }

  /** Decides on extensions until told to stop. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.decide().catch((error: Error) => this.complain(`extensions can't be decided on: ${error.message}`));
      await delay(LOOK_EVERY);
    }
  }

  private async reassign(ticketId: string, assignment: number, holder: string): Promise<void> {
    const address = `${this.urls.dispatch}/v1/tickets/${ticketId}`;
    try {
      const { body } = await this.call(`${address}/routing`, this.headers);
      const unit = this.units.find((one) => one !== holder);
      if (unit === undefined) return;
      const order = { commandId: randomUUID(), decisionVersion: Number(body['decisionVersion']), assignment, unit, reason: '经研判改派。' };
      await this.give(`${address}/reassignment`, order);
    } catch (error) {
      this.complain(`a reassignment got no answer: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private async decide(): Promise<void> {
    const { status, body } = await this.call(`${this.urls.departmentHandler}/v1/extension-requests?limit=${PAGE}`, this.headers);
    if (status !== 200 || !Array.isArray(body['items'])) throw new Error(`GET /v1/extension-requests is answered ${status}`);
    for (const item of body['items'].filter(isRecord)) {
      const ticketId = textOf(item['ticketId']);
      const [assignment, extension] = [Number(item['assignment']), Number(item['extension'])];
      const key = `${ticketId}/${assignment}/${extension}`;
      if (this.seen.has(key)) continue;
      this.seen.add(key);
      const granted = chance(this.seed, 'granted', key) < GRANTED;
      await this.give(`${this.urls.departmentHandler}/v1/work-items/${ticketId}/extension-decision`, {
        commandId: randomUUID(),
        assignment,
        extension,
        granted,
        reason: granted ? '情况属实，同意延期。' : '请按期办结。',
      });
    }
  }

  private async give(url: string, order: Readonly<Record<string, unknown>> & { readonly commandId: string }): Promise<void> {
    const twice = chance(this.seed, 'twice', order.commandId) < TWICE;
    await Promise.all(Array.from({ length: twice ? 2 : 1 }, () => this.call(url, this.headers, order)));
  }

  private get headers(): Readonly<Record<string, string>> {
    return { authorization: `Bearer ${this.token}` };
  }
}
