import type { DepartmentCommand, DepartmentCommandName, Outcome, ReturnReason } from '@paidan/contracts';
import { chance, pick } from './chance.js';

/*
 * How a department of the play behaves. Pure: it follows from the seed, the row and the number of the assignment.
 */

/** Share of assignments that a department returns. */
export const RETURN_SHARE = 0.06;
/** Share of first replies that the second person sends back. */
export const SEND_BACK_SHARE = 0.02;

export interface Offer {
  readonly row: number;
  readonly assignment: number;
  /** 直接指定: may not be returned. */
  readonly designated: boolean;
}

const ANSWER = ['sign', 'progress', 'reply', 'approve'] as const;
const ANSWER_IN_TWO_ROUNDS = ['sign', 'progress', 'reply', 'send-back', 'reply', 'approve'] as const;

/** What the unit will say, one after the other, each when the one before has been accepted. */
export function stepsFor(seed: number, { row, assignment, designated }: Offer): readonly DepartmentCommandName[] {
  if (!designated && chance(seed, 'return', row, assignment) < RETURN_SHARE) {
    // Some see only after signing that it is another's.
    return chance(seed, 'return-late', row, assignment) < 0.3 ? ['sign', 'return'] : ['return'];
  }
  return chance(seed, 'send-back', row, assignment) < SEND_BACK_SHARE ? ANSWER_IN_TWO_ROUNDS : ANSWER;
}

/** What is left to say for a unit that may not return what it has. */
export const stepsAfterKept = (signed: boolean): readonly DepartmentCommandName[] => (signed ? ANSWER.slice(1) : ANSWER);

const GROUNDS: readonly [readonly [ReturnReason, string], ...(readonly [ReturnReason, string])[]] = [
  ['not-our-duty', '经核实，该事项不属于我单位职责范围，建议转主管部门办理。'],
  ['not-our-duty', '根据我单位“三定”规定，该事项由其他部门主管，我单位无执法权限，申请退单。'],
  ['misclassified', '诉求内容与派单事项不符，疑为分类有误，请重新研判后派发。'],
  ['not-our-area', '经现场勘查，反映地点不在我单位管辖范围内，请按属地重新派发。'],
  ['insufficient-information', '来件未写明具体地点，多次联系诉求人未果，无法办理。'],
  ['needs-several-units', '该事项涉及多个部门职责，建议明确主办单位后协同办理。'],
];

const NOTES: readonly [string, ...string[]] = [
  '已安排工作人员联系诉求人并到现场核实情况。',
  '已转相关科室办理，正在核查。',
  '已会同社区现场查看，正在制定处理方案。',
];

const OWN_REPLIES: readonly [string, ...string[]] = [
  '您好！您反映的问题我单位已收悉。经核查，情况属实，已责成责任单位整改，并将跟踪落实。感谢您的监督与支持。',
  '您好！经现场核实并与您联系，现将有关政策向您作出解释说明。如有疑问，请拨打我单位服务电话。',
  '您好！您反映的问题已办理完毕，欢迎继续监督。',
];

/** A reply takes 20,000 characters; a file may have longer ones. */
const REPLY_MOST = 20_000;

/** What the file says the city answered, or else a department's own words. */
export function replyFor(seed: number, row: number, fromFile: string | undefined): { readonly text: string; readonly outcome: Outcome } {
  const text = fromFile === undefined ? pick(OWN_REPLIES, chance(seed, 'reply', row)) : upTo(REPLY_MOST, fromFile);
  return { text, outcome: outcomeOf(text) };
}

// By code points, as the limit counts; most replies are far too short for that to matter.
const upTo = (most: number, text: string): string => (text.length <= most ? text : [...text].slice(0, most).join(''));

const outcomeOf = (text: string): Outcome => {
  if (/不予受理|不属于.{0,8}受理/.test(text)) return 'not-accepted';
  if (/已办理完毕|已修复|已更换|已恢复|已办结|整改完成|已处理到位|已完成/.test(text)) return 'resolved';
  if (/已责令|已责成|已下达|部分/.test(text)) return 'partly-resolved';
  if (/列入|规划|计划|预计/.test(text)) return 'planned';
  return 'explained';
};

export interface Occasion {
  readonly seed: number;
  readonly commandId: string;
  readonly ticketId: string;
  readonly unit: string;
  readonly row: number;
  readonly assignment: number;
  /** Of the newest reply, from the answer to it. */
  readonly round: number;
  readonly replyFromFile?: string;
}

/** What the unit's system writes on its topic. Two persons: one does the work, another lets the reply go. */
export function commandFor(command: DepartmentCommandName, occasion: Occasion): DepartmentCommand {
  const { seed, commandId, ticketId, unit, row, assignment, round, replyFromFile } = occasion;
  const by = (officer: string) => ({ commandId, ticketId, assignment, officer: `${unit}-${officer}` });
  switch (command) {
    case 'sign':
      return { command, ...by('officer') };
    case 'return': {
      const [reason, grounds] = pick(GROUNDS, chance(seed, 'grounds', row, assignment));
      return { command, ...by('officer'), reason, grounds };
    }
    case 'progress':
      return { command, ...by('officer'), note: pick(NOTES, chance(seed, 'note', row)) };
    case 'contact':
      return { command, ...by('officer'), outcome: 'reached' };
    case 'suspend':
      return { command, ...by('officer'), reason: 'engineering', grounds: '需待管线权属单位完成断水作业后方可施工。' };
    case 'resume':
      return { command, ...by('officer') };
    case 'request-extension':
      return { command, ...by('officer'), span: { count: 3, unit: 'WD' }, grounds: '案情复杂，需会同多个部门现场核查。' };
    case 'reply':
      return { command, ...by('officer'), ...replyFor(seed, row, replyFromFile) };
    case 'approve':
      return { command, ...by('approver'), round };
    case 'send-back':
      return { command, ...by('approver'), round, reason: '请补充办理结果和完成时限后再次提交。' };
    default:
      return command satisfies never;
  }
}
