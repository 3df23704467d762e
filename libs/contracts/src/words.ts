import type { EventName } from './events.js';
import type { DepartmentCommandName } from './inbound/department-commands.js';
import type { OutboundName } from './outbound.js';
import type { CardColour, Clock, MoveReason, RecipientRole, StopReason, TimeUnit } from './vocabulary.js';

/** What a message says, for people: the Chinese term and one line. The generated documents read it from here. */
export interface MessageWords {
  readonly zh: string;
  readonly en: string;
}

const w = (zh: string, en: string): MessageWords => ({ zh, en });

export const EVENT_WORDS: { readonly [N in EventName]: MessageWords } = {
  'ticket.registered': w('受理', 'an appeal has become a ticket'),
  'ticket.supplemented': w('补充', 'the citizen has added something'),
  'ticket.withdrawn': w('撤回', 'the citizen has taken it back'),
  'ticket.declined': w('不予受理', 'not a matter for the desk; says where it goes by law'),
  'ticket.assigned': w('派单', 'a unit is to hold it, with matter, confidence and reasons'),
  'ticket.held': w('待人工派单', 'it waits for a dispatcher, with candidates and reasons'),
  'release.requested': w('请求收回', 'dispatch wants an assignment back'),
  'return.accepted': w('同意退单', 'the unit was right to return it'),
  'return.refused': w('不同意退单', 'the unit keeps it'),
  'ticket.linked': w('并入', 'the work is done under a master ticket'),
  'ticket.unlinked': w('解除并入', 'it is no longer under its master, and is dispatched for itself'),
  'ticket.answered': w('直接答复', 'the desk has answered it itself'),
  'assignment.signed': w('签收', 'the unit has taken it'),
  'assignment.returned': w('退单', 'the unit says it is not its own, with reason and grounds'),
  'assignment.released': w('已收回', 'the holder has let go'),
  'release.refused': w('不能收回', 'the holder can no longer let go'),
  'assignment.delegated': w('转办', 'the holder has handed it down'),
  'citizen.contacted': w('联系诉求人', 'the unit has been in touch with the citizen, or has tried'),
  'work.progressed': w('办理过程', 'a note on the work'),
  'work.suspended': w('挂起', 'it can not be done now'),
  'work.resumed': w('恢复办理', 'work goes on'),
  'extension.requested': w('申请延期', 'the unit asks for more time'),
  'extension.granted': w('同意延期', 'it has more time'),
  'extension.refused': w('不同意延期', 'the deadline stands'),
  'reply.submitted': w('提交答复', 'a text for the citizen, to be approved'),
  'reply.approved': w('审核通过', 'the reply may go out; carries the text as approved'),
  'reply.sent-back': w('审核退回', 'the reply is to be done again'),
  'clock.started': w('计时开始', 'a time limit runs'),
  'clock.stopped': w('计时结束', 'it was met, missed or has become moot'),
  'deadline.moved': w('时限变更', 'a deadline is another now, or none while suspended'),
  'deadline.warned': w('预警', 'a deadline is near'),
  'card.issued': w('发牌', 'a breach is on record: yellow or red'),
  'card.withdrawn': w('撤牌', 'a card was wrong'),
  'reply.delivered': w('送达', 'the reply has reached the citizen'),
  'reply.shared': w('按主单答复', 'what the master was answered is this ticket’s reply, too'),
  'follow-up.completed': w('回访', 'the desk has asked the citizen'),
  'rating.received': w('评价', 'the citizen has judged'),
  'ticket.reopened': w('重办', 'not solved: it is worked on again'),
  'ticket.closed': w('办结', 'it is over'),
  'ticket.snapshot': w('快照', 'what one service knows of a ticket, for whoever heard nothing before'),
};

export const OUTBOUND_WORDS: { readonly [N in OutboundName]: MessageWords } = {
  'assignment.offered': w('派单通知', 'the unit has a ticket to sign or return'),
  'assignment.withdrawn': w('收回通知', 'the unit holds it no longer'),
  'assignment.kept': w('退单未获同意', 'its return was refused: it keeps the ticket'),
  'assignment.supplemented': w('补充通知', 'the citizen has added something'),
  'command.accepted': w('指令已执行', 'the command with this id has been done'),
  'command.refused': w('指令被拒', 'the command changed nothing; says why and how things stand'),
  'extension.decided': w('延期审批结果', 'whether the unit has more time'),
  'deadline.set': w('时限通知', 'deadlines of the unit, set or moved'),
  'deadline.near': w('预警通知', 'a deadline of the unit is near'),
  'card.shown': w('发牌通知', 'the unit has got a card'),
  'card.taken-back': w('撤牌通知', 'a card of the unit was wrong'),
  'submission.accepted': w('受理回执', 'the submission is a ticket: id, number, query code'),
  'submission.refused': w('拒收回执', 'the submission is no ticket; names each wrong field'),
  'directory.unit': w('单位', 'a unit of the directory'),
  'directory.matter': w('事项', 'a matter of the catalogue'),
  'directory.responsibility': w(
    '职责分工',
    'who leads in a matter or a topic, for one area and time, where it is not the catalogue that says',
  ),
  'directory.mailbox': w('信箱', 'a leader’s mailbox and the unit it is bound to'),
  'directory.published': w('目录发布', 'the version is whole and in force'),
};

export const COMMAND_WORDS: { readonly [N in DepartmentCommandName]: MessageWords } = {
  sign: w('签收', 'the unit takes the ticket'),
  return: w('退单', 'the unit says it is not its own'),
  contact: w('联系诉求人', 'the unit has been in touch with the citizen, or has tried'),
  progress: w('办理过程', 'a note on the work'),
  suspend: w('挂起', 'it can not be done now; the deadline waits'),
  resume: w('恢复办理', 'suspended work goes on'),
  'request-extension': w('申请延期', 'the unit asks for more time'),
  reply: w('答复', 'a text for the citizen, to be approved'),
  approve: w('审核通过', 'a second person lets the reply go'),
  'send-back': w('审核退回', 'a second person wants it done again'),
};

/* Members of closed sets that people read about deadlines, in an explanation or a trail. */

export const CLOCK_WORDS: { readonly [C in Clock]: MessageWords } = {
  respond: w('联系诉求人时限', 'first contact with the citizen'),
  sign: w('签收时限', 'signing'),
  return: w('退单时限', 'returning'),
  finish: w('办结时限', 'finishing'),
  review: w('审核时限', 'reviewing'),
};

export const TIME_UNIT_WORDS: { readonly [U in TimeUnit]: MessageWords } = {
  WD: w('个工作日', 'working days'),
  WH: w('个工作小时', 'working hours'),
  H24: w('小时', 'hours'),
  MIN: w('分钟', 'minutes'),
  CD: w('个自然日', 'calendar days'),
};

export const STOP_WORDS: { readonly [R in StopReason]: MessageWords } = {
  met: w('按时', 'in time'),
  missed: w('超期', 'late'),
  moot: w('已无对象', 'nothing left to be done'),
};

export const MOVE_WORDS: { readonly [R in MoveReason]: MessageWords } = {
  suspended: w('挂起', 'work was suspended'),
  resumed: w('恢复办理', 'work was resumed'),
  extended: w('延期', 'more time was granted'),
  'calendar-loaded': w('日历公布或更正', 'the calendar was published or corrected'),
  'policy-changed': w('规则变更', 'the rules changed'),
  'urgency-raised': w('紧急程度提高', 'it was found to be more urgent'),
};

export const CARD_WORDS: { readonly [C in CardColour]: MessageWords } = {
  yellow: w('黄牌', 'yellow card'),
  red: w('红牌', 'red card'),
};

export const RECIPIENT_WORDS: { readonly [R in RecipientRole]: MessageWords } = {
  officer: w('经办人', 'officer'),
  'section-head': w('科室负责人', 'head of section'),
  'unit-head': w('单位负责人', 'head of unit'),
};

export const SUBMISSION_WORDS: MessageWords = w('来件', 'an appeal, as a channel adapter hands it in');

export const CALLBACK_WORDS: MessageWords = w('答复', 'the approved reply, posted to the channel that the appeal came through');
