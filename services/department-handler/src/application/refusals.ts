import type { CommandRefusal } from '@paidan/contracts';

interface Refusal {
  readonly title: string;
  readonly titleZh: string;
  /** Over HTTP. Below 409 the caller may not; 409: the state has moved on; 422: no state would allow it. */
  readonly status: 403 | 404 | 409 | 422;
  /** The problem's code, where it isn't the reason itself. */
  readonly code?: string;
}

/** What a unit is told when its command is refused, over Kafka and HTTP alike; and a dispatcher, over HTTP. */
export const REFUSALS: Readonly<Record<CommandRefusal, Refusal>> = {
  'bad-json': { status: 422, title: 'The message is not JSON', titleZh: '消息不是有效的 JSON' },
  'unknown-command': { status: 422, title: 'There is no such command', titleZh: '未知的指令' },
  'unsupported-version': { status: 422, title: 'This version of the command is not taken', titleZh: '不支持该指令版本' },
  'bad-shape': { status: 422, title: 'The command has wrong or unknown fields', titleZh: '指令内容有误' },
  'unknown-ticket': { status: 404, title: 'There is no such ticket', titleZh: '工单不存在' },
  'not-yours': { status: 403, code: 'not-your-ticket', title: 'The ticket is not with this unit', titleZh: '该工单不由本单位承办' },
  'stale-assignment': { status: 409, title: 'The assignment is not the current one', titleZh: '派单记录已不是当前的' },
  'wrong-state': { status: 409, title: 'The work item is not in a state for that', titleZh: '工单当前状态不允许此操作' },
  'stale-round': { status: 409, title: 'The reply is not the current one', titleZh: '答复已不是当前的' },
  designated: { status: 422, title: 'The unit was designated: the ticket may not be returned', titleZh: '直接指定的工单不得退回' },
  'return-window-passed': { status: 422, title: 'The time for returning the ticket has passed', titleZh: '已超过退单时限' },
  'already-returned': { status: 409, title: 'The ticket was returned once already', titleZh: '该工单已退回过' },
  'deadline-passed': {
    status: 422,
    title: 'The deadline has passed: no extension can be asked for',
    titleZh: '已超过办结时限，不能再申请延期',
  },
  'extension-waiting': { status: 409, title: 'An extension waits for a decision already', titleZh: '已有延期申请待审批' },
  'stale-extension': { status: 409, title: 'This extension does not wait for a decision', titleZh: '该延期申请不在待审批状态' },
  'time-not-possible': {
    status: 422,
    title: 'This time is not possible: a suspension ends within a year from now, a contact lies between receipt and now',
    titleZh: '时间有误：挂起截止时间须在今后一年之内，联系时间须在受理之后、当前时间之前',
  },
  'same-officer': { status: 403, title: 'Who wrote a reply does not approve it', titleZh: '答复人不得审核本人的答复' },
  'command-id-reused': { status: 409, title: 'The command id was used for another command', titleZh: '指令编号已用于其他指令' },
  'ticket-parked': { status: 409, title: 'The ticket waits for a repair', titleZh: '工单处理暂停，等待排除故障' },
  discarded: {
    status: 409,
    title: 'The command could not be processed and was thrown away by an operator: send it again',
    titleZh: '指令无法处理，已由运维人员撤除，请重新发送',
  },
};

const isRefusal = (reason: string): reason is CommandRefusal => Object.hasOwn(REFUSALS, reason);

/** @throws Error for a reason outside the closed list: a fault of ours. */
export const refusalOf = (reason: string): Refusal & { readonly reason: CommandRefusal } => {
  if (!isRefusal(reason)) throw new Error(`a refusal nobody has named: ${reason}`);
  return { reason, ...REFUSALS[reason] };
};
