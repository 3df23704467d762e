import type { ProblemCatalogue } from '@paidan/service-host';

/** Titles of what this service alone answers. `ticket-parked` and `no-unit` are the host's. */
export const SLA_PROBLEMS: ProblemCatalogue = {
  'calendar-invalid': {
    status: 422,
    title: 'The calendar of the year is not right',
    titleZh: '年度工作日历有误',
    advice: '`errors` names each wrong day. Nothing of it was taken.',
  },
  'calendar-unpublished': { status: 404, title: 'The calendar of the year is not published', titleZh: '该年度工作日历尚未公布' },
  'unknown-ticket': { status: 404, title: 'There is no such ticket', titleZh: '工单不存在' },
  'not-your-ticket': { status: 403, title: 'The ticket is not with this unit', titleZh: '该工单不由本单位承办' },
};
