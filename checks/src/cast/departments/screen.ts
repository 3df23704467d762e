import { COMMAND_REFUSALS, type DepartmentCommand, type DepartmentCommandName } from '@paidan/contracts';
import { memberOf } from '@paidan/kernel';
import type { LocalKeys } from '@paidan/local';
import { type Answer, type Call, problemOf } from '../city/api.js';
import type { CommandAnswer } from './departments.js';

/** Where each command is said over HTTP, under the ticket. */
const PATHS: Readonly<Record<DepartmentCommandName, string>> = {
  sign: 'signature',
  return: 'return',
  contact: 'contact',
  progress: 'progress',
  suspend: 'suspension',
  resume: 'resumption',
  'request-extension': 'extension',
  reply: 'reply',
  approve: 'approval',
  'send-back': 'send-back',
};

const isRefusal = memberOf(COMMAND_REFUSALS);
type State = Extract<CommandAnswer, { readonly type: 'command.accepted' }>['state'];

/** The people of the units at the desk's own screens: the same commands over HTTP, each under its officer's token. */
export class Screens {
  private readonly tokens = new Map<string, Promise<string>>();

  constructor(
    private readonly departmentHandler: string,
    private readonly keys: LocalKeys,
    private readonly call: Call,
  ) {}

  /** @throws when there is no answer, or one that is neither yes nor no */
  async give(unit: string, command: DepartmentCommand): Promise<CommandAnswer> {
    const url = `${this.departmentHandler}/v1/work-items/${command.ticketId}/${PATHS[command.command]}`;
    return answerOf(unit, command, await this.call(url, { authorization: `Bearer ${await this.tokenOf(unit, command)}` }, command));
  }

  private tokenOf(unit: string, { officer = unit }: DepartmentCommand): Promise<string> {
    const token = this.tokens.get(officer) ?? this.keys.token({ sub: officer, roles: ['officer', 'approver'], unit });
    this.tokens.set(officer, token);
    return token;
  }
}

/** What a unit's topic would have carried. */
function answerOf(unit: string, { commandId, command, ticketId, assignment }: DepartmentCommand, answer: Answer): CommandAnswer {
  const { status, body } = answer;
  const state = body['state'] as State;
  if (status === 200) {
    return { type: 'command.accepted', ticketId, number: String(body['number']), assignment, unit, commandId, command, state };
  }
  const { reason: code, detail } = problemOf(answer);
  const reason = code === 'not-your-ticket' ? 'not-yours' : code;
  if (!isRefusal(reason)) throw new Error(`${command} is answered ${status} ${code}`);
  return { type: 'command.refused', reason, detail, errors: [], commandId, command, ticketId, ...(state === undefined ? {} : { state }) };
}
