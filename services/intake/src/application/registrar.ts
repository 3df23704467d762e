import type { Content, SubmissionV1 } from '@paidan/contracts';
import { addWork, currentTraceparent, GroupCommit, RuntimeError, type GroupCommitOptions, type Reactor, type Tx } from '@paidan/runtime';
import type { Sealed } from '@paidan/service-host';
import type { IntakeCommand } from '../domain/decisions.js';
import { contentOf, factsOf, identityOf, type Channel } from '../domain/submission.js';
import { ticketNumber, type Facts, type IntakeRecord } from '../domain/ticket.js';
import type { Vault } from './vault.js';

/** A submission with all that can be made of it before the transaction; a ticket if its external id turns out to be new. */
export interface Candidate {
  /** Channel and external id in one. */
  readonly key: string;
  readonly channel: string;
  readonly externalId: string;
  readonly digest: Buffer;
  readonly idDigest: string;
  /** Keyed digest of who it is, where that can be told. */
  readonly citizen: string | undefined;
  readonly receivedAt: number;
  readonly ticketId: string;
  readonly queryCode: string;
  readonly facts: Omit<Facts, 'number'>;
  readonly content: Content;
  readonly contact: Sealed | undefined;
  /** Its contact data bound to the ticket that it turned out to be. */
  readonly contactFor: (ticketId: string) => Sealed | undefined;
  readonly traceparent: string | undefined;
}

/** What is kept under a (channel, external id): the candidate's, or that of whoever came first. */
export interface Kept {
  readonly ticketId: string;
  readonly digest: Buffer;
  readonly serial: number;
  readonly receivedAt: number;
}

export interface SubmissionTable {
  /**
   * Takes the external ids that are free, keeps text and contact data of those who got theirs, and reads who holds the others.
   * @param candidates one per key, in the same order of keys everywhere: two transactions that want each other's would wait for each other
   */
  claim(tx: Tx, candidates: readonly Candidate[]): Promise<ReadonlyMap<string, Kept>>;
  /** Whether the schema was ever restored from a back-up: then it has tickets whose contact data the log could not give back. */
  readonly isRestored: () => boolean;
  /** Keeps contact data of a ticket that was registered by the log's word, if it lacks them. */
  giveBack(tx: Tx, ticketId: string, contact: Sealed): void;
}

/** What became of a submission. */
export type Reception =
  | {
      readonly kind: 'registered' | 'repeated';
      readonly ticketId: string;
      readonly number: string;
      readonly queryCode: string;
      readonly receivedAt: number;
    }
  /** The external id belongs to another body. */
  | { readonly kind: 'differs'; readonly ticketId: string; readonly number: string };

/** Registers submissions, over HTTP and the log alike, many in one transaction; each once, however often it is handed in. */
export class Registrar {
  private readonly group: GroupCommit<Candidate, Reception>;

  constructor(
    private readonly reactor: Pick<Reactor<IntakeRecord, null, IntakeCommand>, 'apply'>,
    private readonly table: SubmissionTable,
    private readonly vault: Vault,
    private readonly tools: { readonly now: () => number; readonly newId: () => string },
    options?: GroupCommitOptions,
  ) {
    this.group = new GroupCommit((candidates) => this.commit(candidates), options);
  }

  /**
   * @returns when it is stored, or was before.
   * @throws RuntimeError `database-unavailable`; what SQL says of a body it doesn't take, for that one alone
   */
  submit(channel: Channel, submission: SubmissionV1, traceparent = currentTraceparent()): Promise<Reception> {
    return this.group.submit(this.candidateOf(channel, submission, traceparent));
  }

  private candidateOf(channel: Channel, submission: SubmissionV1, traceparent: string | undefined): Candidate {
    const { vault, tools } = this;
    const receivedAt = tools.now();
    const ticketId = tools.newId();
    const facts = factsOf(submission, channel, receivedAt);
    const { externalId, contact } = submission;
    const identity = identityOf(submission, facts.confidentiality, channel.id);
    const contactFor = (id: string) => (facts.hasContact && contact !== undefined ? vault.sealContact(contact, id) : undefined);
    return {
      key: `${channel.id}/${externalId}`,
      channel: channel.id,
      externalId,
      digest: vault.digestOf(submission),
      idDigest: vault.idDigestOf(channel.id, externalId),
      citizen: identity === undefined ? undefined : vault.citizenDigestOf(identity),
      receivedAt,
      ticketId,
      queryCode: vault.queryCodeOf(ticketId),
      facts,
      content: vault.contentOf(contentOf(submission), facts.confidentiality, ticketId),
      contact: contactFor(ticketId),
      contactFor,
      traceparent,
    };
  }

  private async commit(candidates: readonly Candidate[]): Promise<Reception[]> {
    const first = new Map<string, Candidate>();
    for (const candidate of candidates) if (!first.has(candidate.key)) first.set(candidate.key, candidate);
    const claimants = [...first.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    let kept: ReadonlyMap<string, Kept> = new Map();
    await this.reactor.apply(async (tx, work) => {
      kept = await this.table.claim(tx, claimants);
      for (const candidate of claimants) {
        const { ticketId, traceparent } = candidate;
        const own = kept.get(candidate.key);
        if (own?.ticketId !== ticketId) {
          this.giveBack(tx, candidate, own);
          continue;
        }
        addWork(work, ticketId, {
          kind: 'command',
          fresh: true,
          command: this.commandOf(candidate, own),
          ...(traceparent !== undefined && { traceparent }),
        });
      }
    });
    return candidates.map((candidate) => this.receptionOf(candidate, kept.get(candidate.key)));
  }

  /** What was handed in before the schema was lost is handed in again: the only way for its contact data to come back. */
  private giveBack(tx: Tx, { digest, contactFor }: Candidate, kept: Kept | undefined): void {
    if (!this.table.isRestored() || kept === undefined || !kept.digest.equals(digest)) return;
    const contact = contactFor(kept.ticketId);
    if (contact !== undefined) this.table.giveBack(tx, kept.ticketId, contact);
  }

  private commandOf(
    { ticketId, queryCode, channel, facts, content, idDigest, digest, citizen }: Candidate,
    { receivedAt, serial }: Kept,
  ): IntakeCommand {
    return {
      name: 'register',
      commandId: ticketId,
      ticketId,
      actor: { kind: 'channel', subject: channel, roles: [] },
      payload: {
        number: ticketNumber(receivedAt, serial),
        ...facts,
        queryCodeHmac: this.vault.proofOf(ticketId, queryCode),
        content,
        handedIn: { id: idDigest, body: digest.toString('base64url') },
        ...(citizen === undefined ? {} : { citizen }),
      },
    };
  }

  private receptionOf(candidate: Candidate, kept: Kept | undefined): Reception {
    // Somebody held the id and let go of it within our transaction: the same again will find out who has it.
    if (kept === undefined) throw new RuntimeError('row-conflict', 'the external id changed hands');
    const { ticketId, receivedAt } = kept;
    const number = ticketNumber(receivedAt, kept.serial);
    if (!kept.digest.equals(candidate.digest)) return { kind: 'differs', ticketId, number };
    if (ticketId === candidate.ticketId) return { kind: 'registered', ticketId, number, queryCode: candidate.queryCode, receivedAt };
    return { kind: 'repeated', ticketId, number, queryCode: this.vault.queryCodeOf(ticketId), receivedAt };
  }
}
