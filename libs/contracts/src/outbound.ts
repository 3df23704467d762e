import type { Static, TSchema } from 'typebox';
import { parseJson } from './decode.js';
import * as assignments from './outbound/assignments.js';
import * as directory from './outbound/directory.js';
import * as receipts from './outbound/receipts.js';
import { structureProblems } from './validators.js';
import type { Service } from './vocabulary.js';

export interface OutboundDefinition {
  readonly version: number;
  readonly service: Service;
  readonly family: 'assignments' | 'receipts' | 'directory';
  readonly schema: TSchema;
}

/**
 * What Paidan writes to strangers and on the directory: the one map from `type` to shape, with the same rules of change as `EVENTS`. No
 * name stands in both maps: on the wire both are `paidan.<name>.v<version>`.
 */
export const OUTBOUND = {
  'assignment.offered': { version: 1, service: 'department-handler', family: 'assignments', schema: assignments.AssignmentOffered },
  'assignment.withdrawn': { version: 1, service: 'department-handler', family: 'assignments', schema: assignments.AssignmentWithdrawn },
  'assignment.kept': { version: 1, service: 'department-handler', family: 'assignments', schema: assignments.AssignmentKept },
  'assignment.supplemented': {
    version: 1,
    service: 'department-handler',
    family: 'assignments',
    schema: assignments.AssignmentSupplemented,
  },
  'command.accepted': { version: 1, service: 'department-handler', family: 'assignments', schema: assignments.CommandAccepted },
  'command.refused': { version: 1, service: 'department-handler', family: 'assignments', schema: assignments.CommandRefused },
  'extension.decided': { version: 1, service: 'department-handler', family: 'assignments', schema: assignments.ExtensionDecided },
  'deadline.set': { version: 1, service: 'department-handler', family: 'assignments', schema: assignments.DeadlineSet },
  'deadline.near': { version: 1, service: 'department-handler', family: 'assignments', schema: assignments.DeadlineNear },
  'card.shown': { version: 1, service: 'department-handler', family: 'assignments', schema: assignments.CardShown },
  'card.taken-back': { version: 1, service: 'department-handler', family: 'assignments', schema: assignments.CardTakenBack },

  'submission.accepted': { version: 1, service: 'intake', family: 'receipts', schema: receipts.SubmissionAccepted },
  'submission.refused': { version: 1, service: 'intake', family: 'receipts', schema: receipts.SubmissionRefused },

  'directory.unit': { version: 1, service: 'dispatch', family: 'directory', schema: directory.DirectoryUnit },
  'directory.matter': { version: 1, service: 'dispatch', family: 'directory', schema: directory.DirectoryMatter },
  'directory.responsibility': { version: 1, service: 'dispatch', family: 'directory', schema: directory.DirectoryResponsibility },
  'directory.mailbox': { version: 1, service: 'dispatch', family: 'directory', schema: directory.DirectoryMailbox },
  'directory.published': { version: 1, service: 'dispatch', family: 'directory', schema: directory.DirectoryPublished },
} as const satisfies Record<string, OutboundDefinition>;

export type OutboundName = keyof typeof OUTBOUND;
export const OUTBOUND_NAMES = Object.keys(OUTBOUND) as OutboundName[];

/** A message to strangers; its member `type` tells which. */
export type OutboundMessage<N extends OutboundName = OutboundName> = { [K in N]: Static<(typeof OUTBOUND)[K]['schema']> }[N];

type NameIn<F extends OutboundDefinition['family']> = {
  [K in OutboundName]: (typeof OUTBOUND)[K]['family'] extends F ? K : never;
}[OutboundName];
/** On `paidan.assignments.<unit>`. */
export type AssignmentsMessage = OutboundMessage<NameIn<'assignments'>>;
/** On `paidan.receipts.<channel>`. */
export type ReceiptsMessage = OutboundMessage<NameIn<'receipts'>>;

export type DecodedOutbound =
  | { readonly ok: true; readonly message: OutboundMessage }
  | { readonly ok: false; readonly reason: 'bad-json' | 'unknown-type' | 'schema'; readonly detail: string };

/** Reads such a message by its value alone: for consumers of the directory, for clients, for tests. */
export const decodeOutbound = (value: Buffer | string | null | undefined): DecodedOutbound => {
  const parsed = parseJson(value);
  if (!parsed.ok) return { ok: false, reason: 'bad-json', detail: parsed.detail };
  const json = parsed.json as { readonly type?: unknown } | null;
  const type = typeof json === 'object' && json !== null ? json.type : undefined;
  if (typeof type !== 'string' || !Object.hasOwn(OUTBOUND, type)) {
    return { ok: false, reason: 'unknown-type', detail: `type ${String(type).slice(0, 100)}` };
  }
  const problems = structureProblems(OUTBOUND[type as OutboundName].schema, json);
  return problems.length === 0
    ? { ok: true, message: json as OutboundMessage }
    : { ok: false, reason: 'schema', detail: problems.join('; ') };
};
