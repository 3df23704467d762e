import { JSONSchema } from 'class-validator-jsonschema';
import { OUTCOMES, RETURN_REASONS, type Outcome, type ReturnReason } from '../vocabulary.js';
import { Id, Maybe, OneOf, Text, Whole } from './fields.js';

/*
 * What a department says, on `paidan.commands.<unit>` and in HTTP bodies alike. A plain JSON object with the member `command` and no
 * required header: a department's programmer can write it with kcat or any REST bridge, where headers are the hard part. The topic (or the
 * token) says who speaks; nothing in the message is believed about that.
 */

export const DEPARTMENT_COMMANDS = ['sign', 'return', 'progress', 'reply', 'approve', 'send-back'] as const;
export type DepartmentCommandName = (typeof DEPARTMENT_COMMANDS)[number];

export class AboutAssignmentV1 {
  @Maybe() @Whole(1, 1, 'version of the shape; 1 when left out') version?: number;
  @Id('made by the sender; a command with an id that was already handled changes nothing and gets the same answer') commandId!: string;
  @Id() ticketId!: string;
  @Whole(1, 10_000, 'number of the assignment within the ticket, from the offer') assignment!: number;
  @Maybe()
  @Text(1, 128, "who acts, by the department's own id, never a name; over HTTP it is the token's subject and is left out here")
  officer?: string;
}

@JSONSchema({ description: '签收: the unit takes the ticket' })
export class SignCommand extends AboutAssignmentV1 {
  @OneOf(['sign']) command!: 'sign';
}

@JSONSchema({ description: '退单: the unit says that the ticket is not its own' })
export class ReturnCommand extends AboutAssignmentV1 {
  @OneOf(['return']) command!: 'return';
  @OneOf(RETURN_REASONS, '退单原因') reason!: ReturnReason;
  @Text(1, 2000, '理由') grounds!: string;
  @Maybe() @Text(1, 300, '法律依据: law or duty list cited') legalBasis?: string;
}

@JSONSchema({ description: '办理过程: a note on the work' })
export class ProgressCommand extends AboutAssignmentV1 {
  @OneOf(['progress']) command!: 'progress';
  @Text(1, 5000, '办理情况') note!: string;
}

@JSONSchema({ description: '答复: the text for the citizen, to be approved' })
export class ReplyCommand extends AboutAssignmentV1 {
  @OneOf(['reply']) command!: 'reply';
  @Text(1, 20_000, '答复内容') text!: string;
  @OneOf(OUTCOMES, '办结类型: 已解决, 部分解决, 解释说明, 列入计划, 不予受理') outcome!: Outcome;
}

@JSONSchema({ description: '审核通过: a second person lets the reply go' })
export class ApproveCommand extends AboutAssignmentV1 {
  @OneOf(['approve']) command!: 'approve';
  @Whole(1, 10_000, 'which reply: its round, from the answer to the reply command') round!: number;
}

@JSONSchema({ description: '审核退回: a second person wants the reply done again' })
export class SendBackCommand extends AboutAssignmentV1 {
  @OneOf(['send-back']) command!: 'send-back';
  @Whole(1, 10_000, 'which reply: its round') round!: number;
  @Text(1, 2000, '退回意见') reason!: string;
}

export type DepartmentCommand = SignCommand | ReturnCommand | ProgressCommand | ReplyCommand | ApproveCommand | SendBackCommand;

export const DEPARTMENT_COMMAND_SHAPES: { readonly [N in DepartmentCommandName]: new () => Extract<DepartmentCommand, { command: N }> } = {
  sign: SignCommand,
  return: ReturnCommand,
  progress: ProgressCommand,
  reply: ReplyCommand,
  approve: ApproveCommand,
  'send-back': SendBackCommand,
};
