import type { DeliveryWay, Outcome } from '@paidan/contracts';
import type { Command } from '@paidan/runtime';

/** The reply has reached the citizen: said by the courier that pushed it, or by the desk that showed it. */
export type Deliver = Command<'deliver', { readonly round: number; readonly way: DeliveryWay; readonly attempts: number }>;

export interface Judgement {
  readonly round: number;
  readonly stars: number;
  readonly resolved?: boolean;
  readonly satisfied?: boolean;
  readonly onTime?: boolean;
  readonly comment?: string;
}

export type Rate = Command<'rate', Judgement & { /** Digest of the judgement. */ readonly fingerprint: string }>;

/** The master has been answered, so the member is: the text lies in the master's trail. */
export type Share = Command<
  'share',
  {
    readonly master: string;
    readonly of: { readonly service: 'dispatch' | 'department-handler'; readonly epoch: number; readonly sequence: number };
    readonly unit?: string;
    readonly outcome?: Outcome;
  }
>;

export type FeedbackCommand = Deliver | Rate | Share;

/** Why a command changes nothing. `repeated`: the very same rating was taken before; its answer goes along. */
export const REFUSALS = [
  'unknown-ticket',
  'not-waiting',
  'repeated',
  'unknown-round',
  'not-answered-yet',
  'already-rated',
  'closed',
  'not-linked',
] as const;
export type Refusal = (typeof REFUSALS)[number];
