import type { Outcome, ReturnReason } from '@paidan/contracts';
import type { Command } from '@paidan/runtime';

/** Who speaks and about which assignment. The unit is in the payload so that a command id used again by another unit is another command. */
interface About {
  readonly unit: string;
  readonly assignment: number;
}

export type WorkCommand =
  | Command<'sign', About>
  | Command<'return', About & { readonly reason: ReturnReason; readonly grounds: string; readonly legalBasis?: string }>
  | Command<'progress', About & { readonly note: string }>
  | Command<'reply', About & { readonly text: string; readonly outcome: Outcome }>
  | Command<'approve', About & { readonly round: number }>
  | Command<'send-back', About & { readonly round: number; readonly reason: string }>;

export type WorkCommandOf<N extends WorkCommand['name']> = Extract<WorkCommand, { readonly name: N }>;
