import type { ProblemCatalogue } from '@paidan/service-host';

/** Titles of what this service alone answers. `no-unit` is the host's. */
export const FEEDBACK_PROBLEMS = {
  'unknown-ticket': { status: 404, title: 'There is no such ticket', titleZh: '工单不存在' },
  'not-your-ticket': { status: 403, title: 'The unit has never held the ticket', titleZh: '该工单未由本单位承办' },
  'unknown-tracking': {
    status: 404,
    title: 'No ticket has this number and this query code',
    titleZh: '工单编号与查询码不符',
    advice: 'Both stand in the receipt of the appeal. After several wrong codes there is a pause.',
  },
  'unknown-round': {
    status: 404,
    title: 'There is no reply of this round to rate',
    titleZh: '没有该次答复',
    advice: '`state` tells the round of the newest reply.',
  },
  'not-answered-yet': { status: 409, title: 'The reply has not been delivered yet', titleZh: '答复尚未送达，暂不能评价' },
  'already-rated': {
    status: 409,
    title: 'The reply was rated before',
    titleZh: '该次答复已评价',
    advice: 'One rating per reply; the very same again is answered as the first time.',
  },
  closed: { status: 409, title: 'The ticket is closed', titleZh: '工单已办结，不再接受评价' },
  'retelling-under-way': {
    status: 409,
    title: 'The story is being told again already',
    titleZh: '重述正在进行',
    advice: 'Wait for its end: one retelling serves every service that needs it.',
  },
  'unknown-retelling': { status: 404, title: 'There is no such retelling', titleZh: '没有该次重述' },
  'trail-unfinished': {
    status: 409,
    title: 'Events wait here that are not in the trail yet',
    titleZh: '尚有事件未记入全程记录',
    advice: 'Replay or discard what is parked, or wait until feedback reads all partitions of the log; then tell again.',
  },
  'unknown-gap': { status: 404, title: 'There is no such open gap', titleZh: '没有该未处理的缺号' },
} as const satisfies ProblemCatalogue;

/** Why a rating is not taken, by whichever way it came. */
export const RATING_REFUSALS = ['unknown-round', 'not-answered-yet', 'already-rated', 'closed', 'ticket-parked'] as const;
