import type { ContactV1, Content, OpenContent } from '@paidan/contracts';
import type { Database, Reactor, Tx } from '@paidan/runtime';
import type { Caller, PersonCaller, Sealed } from '@paidan/service-host';
import { mayShow, type AskingOutcome, type Purpose } from '../domain/contact.js';
import type { IntakeCommand } from '../domain/decisions.js';
import type { IntakeRecord } from '../domain/ticket.js';
import { intakeError } from '../errors.js';
import type { Vault } from './vault.js';

export interface Asking {
  readonly askingId: string;
  readonly ticketId: string;
  readonly subject: string;
  readonly unit: string | undefined;
  readonly roles: readonly string[];
  readonly purpose: Purpose;
  readonly note: string | undefined;
  readonly outcome: AskingOutcome;
  readonly at: number;
}

export interface TicketTables {
  textOf(ticketId: string): Promise<Content | undefined>;
  contactOf(tx: Tx, ticketId: string): Promise<Sealed | undefined>;
  recordAsking(tx: Tx, asking: Asking): Promise<void>;
}

/** What is said of a registered ticket: to the desk, and to the channel it came through. */
export class TicketDesk {
  constructor(
    private readonly reactor: Pick<Reactor<IntakeRecord, null, IntakeCommand>, 'read'>,
    private readonly database: Pick<Database, 'transaction'>,
    private readonly tables: TicketTables,
    private readonly vault: Vault,
    private readonly tools: { readonly now: () => number; readonly newId: () => string },
  ) {}

  /**
   * Facts of the registration; the citizen's words only for those who route and supervise. Another channel's ticket doesn't exist for a channel.
   * @throws PaidanError `unknown-ticket`
   */
  async registration(ticketId: string, caller: Caller): Promise<IntakeRecord & { readonly content?: OpenContent }> {
    const record = await this.recordOf(ticketId);
    if (caller.kind === 'channel') {
      if (record.channel !== caller.channel) throw unknown(ticketId);
      return record;
    }
    if (!caller.roles.includes('dispatcher') && !caller.roles.includes('supervisor')) return record;
    const content = await this.tables.textOf(ticketId);
    return content === undefined ? record : { ...record, content: this.vault.openContent(content, ticketId) };
  }

  /**
   * Contact data for a purpose. The asking is committed before anything is opened, whether it is answered or not.
   * @throws PaidanError `unknown-ticket`, `contact-withheld`, `unknown-contact`
   */
  async contact(ticketId: string, asker: PersonCaller, purpose: Purpose, note?: string): Promise<ContactV1> {
    const { confidentiality } = await this.recordOf(ticketId);
    const { sub: subject, unit, roles } = asker;
    const allowed = mayShow(confidentiality, { atDesk: roles.includes('dispatcher') });
    const sealed = await this.database.transaction(async (tx) => {
      const found = await this.tables.contactOf(tx, ticketId);
      const outcome = !allowed ? 'withheld' : found === undefined ? 'none-left' : 'shown';
      const [askingId, at] = [this.tools.newId(), this.tools.now()];
      await this.tables.recordAsking(tx, { askingId, ticketId, subject, unit, roles, purpose, note, outcome, at });
      return found;
    });
    if (!allowed) throw intakeError('contact-withheld', `ticket ${ticketId} is ${confidentiality}: the desk makes the contact`);
    if (sealed === undefined) throw intakeError('unknown-contact', `nobody left contact data with ticket ${ticketId}`);
    return this.vault.openContact(sealed, ticketId);
  }

  private async recordOf(ticketId: string): Promise<IntakeRecord> {
    const record = (await this.reactor.read(ticketId))?.record;
    if (record === undefined) throw unknown(ticketId);
    return record;
  }
}

const unknown = (ticketId: string) => intakeError('unknown-ticket', `no ticket ${ticketId}`);
