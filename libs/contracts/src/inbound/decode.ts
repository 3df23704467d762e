import { isStorable, isUuid, memberOf } from '@paidan/kernel';
import { parseJson } from '../decode.js';
import { validateShape, type FieldError } from '../validate-shape.js';
import {
  DEPARTMENT_COMMAND_SHAPES,
  DEPARTMENT_COMMANDS,
  type DepartmentCommand,
  type DepartmentCommandName,
} from './department-commands.js';
import { SubmissionV1 } from './submission.js';

const isCommandName = memberOf(DEPARTMENT_COMMANDS);

/** Why a stranger's message was not even read; the answer on its topic carries the reason. */
export const UNREADABLE = ['bad-json', 'unknown-command', 'unsupported-version', 'bad-shape'] as const;
export type Unreadable = (typeof UNREADABLE)[number];

export interface UnreadableMessage {
  readonly ok: false;
  readonly reason: Unreadable;
  readonly detail: string;
  readonly errors: readonly FieldError[];
}

export type DecodedSubmission =
  | { readonly ok: true; readonly submission: SubmissionV1 }
  /** `externalId` where it can be read, so that the adapter knows which of its messages is meant. */
  | (UnreadableMessage & { readonly externalId?: string });

export type DecodedCommand =
  | { readonly ok: true; readonly command: DepartmentCommand }
  /** Id, ticket and name where they can be read. */
  | (UnreadableMessage & { readonly commandId?: string; readonly ticketId?: string; readonly command?: DepartmentCommandName });

type Value = Buffer | string | null | undefined;

const fieldsOf = (json: unknown): Readonly<Record<string, unknown>> =>
  typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};

const pointers = (errors: readonly FieldError[]): string =>
  errors
    .slice(0, 5)
    .map(({ pointer, code }) => `${pointer || '/'}: ${code}`)
    .join('; ');

/** A message of `paidan.submissions.<channel>`. */
export const decodeSubmission = (value: Value): DecodedSubmission => {
  const parsed = parseJson(value);
  if (!parsed.ok) return { ok: false, reason: 'bad-json', detail: parsed.detail, errors: [] };
  const shaped = validateShape(SubmissionV1, parsed.json);
  if (shaped.ok) return { ok: true, submission: shaped.value };
  const { externalId } = fieldsOf(parsed.json);
  return {
    ok: false,
    reason: 'bad-shape',
    detail: pointers(shaped.errors),
    errors: shaped.errors,
    ...(typeof externalId === 'string' && externalId !== '' && externalId.length <= 128 && isStorable(externalId) ? { externalId } : {}),
  };
};

/** A message of `paidan.commands.<unit>`. */
export const decodeCommand = (value: Value): DecodedCommand => {
  const parsed = parseJson(value);
  if (!parsed.ok) return { ok: false, reason: 'bad-json', detail: parsed.detail, errors: [] };
  const { command, version, commandId, ticketId } = fieldsOf(parsed.json);
  const idOf = (id: unknown): string | undefined => {
    const canonical = typeof id === 'string' ? id.toLowerCase() : id;
    return isUuid(canonical) ? canonical : undefined;
  };
  const [known, ticket] = [idOf(commandId), idOf(ticketId)];
  const which = { ...(known === undefined ? {} : { commandId: known }), ...(ticket === undefined ? {} : { ticketId: ticket }) };

  if (!isCommandName(command)) {
    const detail = `command must be one of ${DEPARTMENT_COMMANDS.join(', ')}`;
    return { ok: false, reason: 'unknown-command', detail, errors: [], ...which };
  }
  if (version !== undefined && version !== null && version !== 1) {
    return { ok: false, reason: 'unsupported-version', detail: 'version must be 1', errors: [], ...which, command };
  }
  const shaped = validateShape<DepartmentCommand>(DEPARTMENT_COMMAND_SHAPES[command], parsed.json);
  if (shaped.ok) return { ok: true, command: shaped.value };
  return { ok: false, reason: 'bad-shape', detail: pointers(shaped.errors), errors: shaped.errors, ...which, command };
};
