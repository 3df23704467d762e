import type { Clock as ClockName } from '@paidan/contracts';
import type { Database } from '@paidan/runtime';

/** A red card on record. */
export interface Accountable {
  readonly card: string;
  readonly ticketId: string;
  readonly number: string;
  readonly unit: string;
  readonly assignment: number;
  readonly clock: ClockName;
  readonly rule: string;
  readonly dueAt: Date;
  readonly issuedAt: Date;
  readonly withdrawnAt: Date | null;
  readonly withdrawnBy: string | null;
}

export interface AccountabilityPlace {
  readonly issuedAt: Date;
  readonly card: string;
}

interface Asked {
  readonly unit: string | undefined;
  /** From the first instant, up to the second without it. */
  readonly between: readonly [Date, Date] | undefined;
  readonly after: AccountabilityPlace | undefined;
  readonly limit: number;
}

/** Who answers for what, oldest first. */
export class AccountabilityTable {
  constructor(private readonly database: Database) {}

  async page({ unit, between, after, limit }: Asked): Promise<Accountable[]> {
    const { rows } = await this.database.query<Accountable>(
      `select card, ticket_id as "ticketId", number, unit, assignment, clock, rule, due_at as "dueAt", issued_at as "issuedAt",
         withdrawn_at as "withdrawnAt", by as "withdrawnBy"
       from accountability left join accountability_withdrawal using (card)
       where ($1::text is null or unit = $1) and ($2::timestamptz is null or issued_at >= $2) and ($3::timestamptz is null or issued_at < $3)
         and ($4::timestamptz is null or (issued_at, card) > ($4::timestamptz, $5::uuid))
       order by issued_at, card limit $6`,
      [unit ?? null, between?.[0] ?? null, between?.[1] ?? null, after?.issuedAt ?? null, after?.card ?? null, limit],
    );
    return rows;
  }
}
