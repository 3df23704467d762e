import type { TicketEvent } from '@paidan/contracts';
import type { LocalKeys } from '@paidan/local';
import { randomUUID } from 'node:crypto';
import { type Call, textOf } from '../../cast/city/api.js';
import { chance } from '../../cast/city/chance.js';
import type { Complain } from '../../cast/city/log.js';
import type { Entry, Notebook } from '../../cast/city/notebook.js';
import { type Agenda, type CityTime, DAY } from '../../cast/city/time.js';
import { Turns } from '../../cast/city/turns.js';

/** Shares of tickets that somebody puts under an earlier one: before and after a unit has signed for it. */
const MERGED = { 'ticket.held': 0.06, 'assignment.signed': 0.04 } as const;
/** As far back as a person looks for the master, in tickets. */
const WITHIN = 60;
/** Share of members, however they came to be some, that are taken out again, within so long. */
const SEPARATED = 0.35;
const SEPARATED_WITHIN = 2 * DAY;
const AT_ONCE = 4;

interface Around {
  readonly seed: number;
  readonly time: CityTime;
  readonly agenda: Agenda;
  readonly notebook: Notebook;
  readonly call: Call;
  readonly complain: Complain;
}

/** A person who puts tickets under others, at times under the wrong one: it is chosen by the rows, whatever they say. */
export class Merger {
  private readonly turns = new Turns(AT_ONCE);
  private readonly byRow = new Map<number, string>();

  private constructor(
    private readonly dispatch: string,
    private readonly token: string,
    private readonly around: Around,
  ) {
    around.notebook.onAccepted((ticketId) => this.byRow.set(rowOf(around.notebook.entryOf(ticketId)), ticketId));
  }

  static async open(dispatch: string, keys: LocalKeys, around: Around): Promise<Merger> {
    return new Merger(dispatch, await keys.token({ sub: 'chaos-merger', roles: ['dispatcher'] }), around);
  }

  get isIdle(): boolean {
    return this.turns.isIdle;
  }

  hear({ ticketId, name, payload }: TicketEvent): void {
    const { seed, notebook, agenda, time } = this.around;
    const row = rowOf(notebook.entryOf(ticketId));
    if (name === 'ticket.held' || (name === 'assignment.signed' && payload.assignment === 1)) {
      const master = this.byRow.get(row - 1 - Math.floor(chance(seed, 'merged-with', row) * WITHIN));
      if (master !== undefined && chance(seed, 'merged', name, row) < MERGED[name])
        this.turns.take(() => this.order(ticketId, 'link', { master }));
    }
    if (name === 'ticket.linked' && chance(seed, 'separated', row, payload.master) < SEPARATED) {
      const after = chance(seed, 'separated-after', row) * SEPARATED_WITHIN;
      const reason = chance(seed, 'separated-because', row) < 0.5 ? 'another-matter' : 'new-facts';
      agenda.at(time.now() + after, () => this.turns.take(() => this.order(ticketId, 'unlink', { reason })));
    }
  }

  /** On the decision that the screen shows. What others did meanwhile makes it stale; then it is left. */
  private async order(ticketId: string, what: 'link' | 'unlink', more: object): Promise<void> {
    const address = `${this.dispatch}/v1/tickets/${ticketId}`;
    const headers = { authorization: `Bearer ${this.token}` };
    try {
      const { body } = await this.around.call(`${address}/routing`, headers);
      if (what === 'unlink' && textOf(body['status']) !== 'linked') return;
      const order = { commandId: randomUUID(), decisionVersion: Number(body['decisionVersion']), ...more };
      await this.around.call(`${address}/${what}`, headers, order);
    } catch (error) {
      this.around.complain(`an order to ${what} got no answer: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

const rowOf = (entry: Entry | undefined): number => entry?.appeal.message.row ?? 0;
