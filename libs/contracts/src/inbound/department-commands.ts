import { ValidateNested } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import {
  CONTACT_OUTCOMES,
  EXTENSION_UNITS,
  OUTCOMES,
  RETURN_REASONS,
  SUSPENSION_REASONS,
  type ContactOutcome,
  type ExtensionUnit,
  type Outcome,
  type ReturnReason,
  type SuspensionReason,
} from '../vocabulary.js';
import { Id, InstantField, Maybe, OneOf, Text, Whole } from './fields.js';

/*
 * What a department says, on `paidan.commands.<unit>` and in HTTP bodies alike. A plain JSON object with the member `command` and no
 * required header: a department's programmer can write it with kcat or any REST bridge, where headers are the hard part. The topic (or the
 * token) says who speaks; nothing in the message is believed about that.
 */

export const DEPARTMENT_COMMANDS = [
  'sign',
  'return',
  'contact',
  'progress',
  'suspend',
  'resume',
  'request-extension',
  'reply',
  'approve',
  'send-back',
] as const;
export type DepartmentCommandName = (typeof DEPARTMENT_COMMANDS)[number];

export class AboutAssignmentV1 {
  @Maybe() @Whole(1, 1, 'version of the shape; 1 when left out') version?: number;
  @Id('made by the sender; the same command again gets the same answer, accepted or refused, for 30 days: a new attempt takes a new id')
  commandId!: string;
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

@JSONSchema({ description: '联系诉求人: the unit has been in touch with the citizen, or has tried' })
export class ContactCommand extends AboutAssignmentV1 {
  @OneOf(['contact']) command!: 'contact';
  @OneOf(CONTACT_OUTCOMES, '接通, 未接, 空号错号, 拒绝') outcome!: ContactOutcome;
  @Maybe() @InstantField('when; without it, now') contactedAt?: string;
}

@JSONSchema({ description: '办理过程: a note on the work' })
export class ProgressCommand extends AboutAssignmentV1 {
  @OneOf(['progress']) command!: 'progress';
  @Text(1, 5000, '办理情况') note!: string;
}

@JSONSchema({ description: '挂起: it can not be done now; the deadline waits meanwhile' })
export class SuspendCommand extends AboutAssignmentV1 {
  @OneOf(['suspend']) command!: 'suspend';
  @OneOf(SUSPENSION_REASONS, '季节, 工程, 资金, 法定程序, 其他') reason!: SuspensionReason;
  @Text(1, 2000, '理由') grounds!: string;
  @Maybe() @InstantField('work goes on by itself then; without it, when the unit says so') until?: string;
  @Maybe() @Text(1, 128, "who of the unit allowed it, by the department's own id") approvedBy?: string;
}

@JSONSchema({ description: '恢复办理: suspended work goes on' })
export class ResumeCommand extends AboutAssignmentV1 {
  @OneOf(['resume']) command!: 'resume';
}

export class SpanV1 {
  @Whole(1, 180) count!: number;
  @OneOf(EXTENSION_UNITS, '工作日 WD, 工作时 WH, 连续小时 H24, 自然日 CD') unit!: ExtensionUnit;
}

@JSONSchema({ description: '申请延期: the unit asks for more time, before the deadline' })
export class RequestExtensionCommand extends AboutAssignmentV1 {
  @OneOf(['request-extension']) command!: 'request-extension';
  @ValidateNested() span!: SpanV1;
  @Text(1, 2000, '理由') grounds!: string;
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

export type DepartmentCommand =
  | SignCommand
  | ReturnCommand
  | ContactCommand
  | ProgressCommand
  | SuspendCommand
  | ResumeCommand
  | RequestExtensionCommand
  | ReplyCommand
  | ApproveCommand
  | SendBackCommand;

export const DEPARTMENT_COMMAND_SHAPES: { readonly [N in DepartmentCommandName]: new () => Extract<DepartmentCommand, { command: N }> } = {
  sign: SignCommand,
  return: ReturnCommand,
  contact: ContactCommand,
  progress: ProgressCommand,
  suspend: SuspendCommand,
  resume: ResumeCommand,
  'request-extension': RequestExtensionCommand,
  reply: ReplyCommand,
  approve: ApproveCommand,
  'send-back': SendBackCommand,
};
