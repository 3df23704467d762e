import type { CardColour, DepartmentCommand, DepartmentCommandName, Outcome, ReturnReason } from '@paidan/contracts';
import { chance, pick } from '../city/chance.js';
import { DAY, HOUR } from '../city/time.js';

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

/** When a step is taken. Spans are milliseconds of the city's time, from the step before or from the offer. */
export type When =
  | { readonly kind: 'after'; readonly span: number }
  /** That share of what is left until the deadline for finishing. */
  | { readonly kind: 'share'; readonly share: number }
  /** So long after that deadline. */
  | { readonly kind: 'past'; readonly span: number }
  /** When the unit has got a card of the colour. */
  | { readonly kind: 'card'; readonly colour: CardColour }
  /** When suspended work has been resumed by itself. */
  | { readonly kind: 'resumed' };

export interface Step {
  readonly command: DepartmentCommandName;
  readonly when: When;
}

/** How units deal with what they keep, and how many of them so; the rest finish in time. */
export const MANNERS = { late: 0.07, 'until-yellow': 0.03, 'until-red': 0.02, unsigned: 0.02, suspended: 0.04, extended: 0.05 } as const;
export type Manner = keyof typeof MANNERS | 'in-time';

/** What a unit is designated for it does at once: it had its chance. */
export function mannerOf(seed: number, { row, assignment, designated }: Offer): Manner {
  if (designated) return 'in-time';
  let left = chance(seed, 'manner', row, assignment);
  for (const [manner, share] of Object.entries(MANNERS)) if ((left -= share) < 0) return manner as Manner;
  return 'in-time';
}

/** What the unit will say, one after the other, each when the one before has been accepted and its time has come. */
export function stepsFor(seed: number, offer: Offer): readonly Step[] {
  const { row, assignment, designated } = offer;
  const some = (what: string, least: number, most: number): number => least + chance(seed, what, row, assignment) * (most - least);
  const after = (command: DepartmentCommandName, least: number, most: number): Step => ({
    command,
    when: { kind: 'after', span: some(command, least * HOUR, most * HOUR) },
  });
  const share = (command: DepartmentCommandName, least: number, most: number): Step => ({
    command,
    when: { kind: 'share', share: some(command, least, most) },
  });

  const sign = after('sign', 0.2, 5);
  if (!designated && chance(seed, 'return', row, assignment) < RETURN_SHARE) {
    // Some see only after signing that it is another's.
    return chance(seed, 'return-late', row, assignment) < 0.3 ? [sign, after('return', 0.5, 3)] : [after('return', 0.5, 5)];
  }
  const begin = [sign, after('contact', 0.2, 3), after('progress', 1, 8)];
  const approve = share('approve', 0.1, 0.4);
  const answer = [share('reply', 0.2, 0.6), approve];
  switch (mannerOf(seed, offer)) {
    case 'late':
      return [...begin, { command: 'reply', when: { kind: 'past', span: some('late', HOUR, 2.5 * DAY) } }, after('approve', 0.5, 3)];
    case 'until-yellow':
      return [...begin, { command: 'reply', when: { kind: 'card', colour: 'yellow' } }, after('approve', 0.5, 3)];
    case 'until-red':
      return [...begin, { command: 'reply', when: { kind: 'card', colour: 'red' } }, after('approve', 0.5, 3)];
    case 'unsigned':
      // Not even signed until somebody shows the head a card.
      return [{ command: 'sign', when: { kind: 'card', colour: 'yellow' } }, ...begin.slice(1), ...answer];
    case 'suspended':
      return chance(seed, 'by-itself', row, assignment) < 0.5
        ? [...begin, share('suspend', 0.1, 0.4), { command: 'reply', when: { kind: 'resumed' } }, approve]
        : [...begin, share('suspend', 0.1, 0.4), after('resume', 20, 100), ...answer];
    case 'extended':
      return [...begin, share('request-extension', 0.3, 0.7), ...answer];
    default:
      return chance(seed, 'send-back', row, assignment) < SEND_BACK_SHARE
        ? [...begin, share('reply', 0.1, 0.3), share('send-back', 0.1, 0.3), share('reply', 0.2, 0.5), approve]
        : [...begin, ...answer];
  }
}

/** Whether the unit says itself until when work is suspended. */
const resumesByItself = (steps: readonly Step[]): boolean => steps.some(({ when }) => when.kind === 'resumed');

/** A unit that may not return what it has does the work: the steps of one that was designated, without what is done already. */
export const stepsAfterKept = (seed: number, offer: Offer, signed: boolean): readonly Step[] => {
  const steps = stepsFor(seed, { ...offer, designated: true });
  return signed ? steps.filter(({ command }) => command !== 'sign') : steps;
};

/** In real time nobody waits, and so nothing is suspended, extended or late. */
export const withoutWaiting = (steps: readonly Step[]): readonly Step[] =>
  steps
    .filter(({ command }) => command !== 'suspend' && command !== 'resume' && command !== 'request-extension')
    .map(({ command }) => ({ command, when: { kind: 'after', span: 0 } }));

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

/** What a unit asks for, when it asks for more time; up to five working days are granted by rule. */
const SPANS: readonly [number, ...number[]] = [2, 3, 5];
/** For how long work is suspended by a unit that says so: half a day to three days. */
const SUSPENDED = [0.5 * DAY, 3 * DAY] as const;

export interface Occasion {
  readonly seed: number;
  /** The city's time. */
  readonly now: number;
  readonly commandId: string;
  readonly ticketId: string;
  readonly unit: string;
  readonly row: number;
  readonly assignment: number;
  /** Of the newest reply, from the answer to it. */
  readonly round: number;
  readonly replyFromFile?: string;
  readonly steps: readonly Step[];
}

/** What the unit's system writes on its topic. Two persons: one does the work, another lets the reply go. */
export function commandFor(command: DepartmentCommandName, occasion: Occasion): DepartmentCommand {
  const { seed, now, commandId, ticketId, unit, row, assignment, round, replyFromFile, steps } = occasion;
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
      return { command, ...by('officer'), outcome: chance(seed, 'contact-outcome', row, assignment) < 0.85 ? 'reached' : 'no-answer' };
    case 'suspend': {
      const [least, most] = SUSPENDED;
      const until = new Date(now + least + chance(seed, 'until', row, assignment) * (most - least)).toISOString();
      const grounds = '需待管线权属单位完成断水作业后方可施工。';
      return {
        command,
        ...by('officer'),
        reason: 'engineering',
        grounds,
        approvedBy: `${unit}-approver`,
        ...(resumesByItself(steps) ? { until } : {}),
      };
    }
    case 'resume':
      return { command, ...by('officer') };
    case 'request-extension': {
      const span = { count: pick(SPANS, chance(seed, 'span', row, assignment)), unit: 'WD' as const };
      return { command, ...by('officer'), span, grounds: '案情复杂，需会同多个部门现场核查，申请延长办理时限。' };
    }
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
