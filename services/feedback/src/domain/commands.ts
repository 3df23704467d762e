import type { DeliveryWay } from '@paidan/contracts';
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

export type FeedbackCommand = Deliver | Rate;

/** Why a command changes nothing. `repeated`: the very same rating was taken before; its answer goes along. */
export const REFUSALS = [
  'unknown-ticket',
  'not-waiting',
  'repeated',
  'unknown-round',
  'not-answered-yet',
  'already-rated',
  'closed',
] as const;
export type Refusal = (typeof REFUSALS)[number];
