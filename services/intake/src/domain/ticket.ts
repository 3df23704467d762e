import type { EventPayload } from '@paidan/contracts';

/** What a registration says, but for what the citizen wrote and the digests: those lie in rows of their own and on the log, not in each update of the record. */
export type Facts = Omit<EventPayload<'ticket.registered'>, 'content' | 'queryCodeHmac' | 'handedIn' | 'citizen'>;

/** 已受理: accepted under a number. Never any contact data. */
export interface Registered extends Facts {
  readonly status: 'registered';
}

export type IntakeRecord = Registered;
export type Status = IntakeRecord['status'];

/** What can move a ticket here: intake hears no event and arms no timer. */
export type Trigger = 'register';

/** A ticket's life in intake: from each status, what moves it and where to; `none` is before it. A ticket is registered once. */
export const TRANSITIONS: Readonly<Record<Status | 'none', Partial<Readonly<Record<Trigger, readonly Status[]>>>>> = {
  none: { register: ['registered'] },
  registered: {},
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
