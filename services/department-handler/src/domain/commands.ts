import type { ContactOutcome, Outcome, ReturnReason, Span, SuspensionReason } from '@paidan/contracts';
import type { Command } from '@paidan/runtime';

/** Who speaks and about which assignment. The unit is in the payload so that a command id used again by another unit is another command. */
interface About {
  readonly unit: string;
  readonly assignment: number;
}

/** What the holder does. */
export type UnitCommand =
  | Command<'sign', About>
  | Command<'return', About & { readonly reason: ReturnReason; readonly grounds: string; readonly legalBasis?: string }>
  | Command<'contact', About & { readonly outcome: ContactOutcome; readonly contactedAt?: string }>
  | Command<'progress', About & { readonly note: string }>
  | Command<
      'suspend',
      About & { readonly reason: SuspensionReason; readonly grounds: string; readonly until?: string; readonly approvedBy?: string }
    >
  | Command<'resume', About>
  | Command<'request-extension', About & { readonly span: Span; readonly grounds: string }>
  | Command<'reply', About & { readonly text: string; readonly outcome: Outcome }>
  | Command<'approve', About & { readonly round: number }>
  | Command<'send-back', About & { readonly round: number; readonly reason: string }>;

/** What the desk decides about it: whether the unit gets more time. */
export type DeskCommand = Command<
  'decide-extension',
  { readonly assignment: number; readonly extension: number; readonly granted: boolean; readonly reason: string }
>;

export type WorkCommand = UnitCommand | DeskCommand;

export type WorkCommandOf<N extends WorkCommand['name']> = Extract<WorkCommand, { readonly name: N }>;
