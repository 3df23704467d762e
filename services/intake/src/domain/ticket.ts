import type { EventPayload } from '@paidan/contracts';

/** What a registration says, apart from what the citizen wrote: that lies in a row of its own and on the log, not in every update of the record. */
export type Facts = Omit<EventPayload<'ticket.registered'>, 'content' | 'queryCodeHmac'>;

/** 已受理: accepted under a number. Never any contact data. */
export interface Registered extends Facts {
  readonly status: 'registered';
}

export type IntakeRecord = Registered;
export type Status = IntakeRecord['status'];

/** Where a ticket's life in intake leads from each status; `nothing` is before it. */
export const TRANSITIONS: Readonly<Record<Status | 'nothing', readonly Status[]>> = {
  nothing: ['registered'],
  registered: [],
};

const SHANGHAI_MS = 8 * 3_600_000;

/**
 * 工单编号 like `20261122-000123`: the day in Shanghai (which has had no summer time since 1991) and a running number that grows past six digits
 * and never starts again. Gaps are allowed: a submission that was there already has used one up.
 */
export const ticketNumber = (receivedAt: number, serial: number): string => {
  const day = new Date(receivedAt + SHANGHAI_MS).toISOString().slice(0, 10).replaceAll('-', '');
  return `${day}-${String(serial).padStart(6, '0')}`;
};
