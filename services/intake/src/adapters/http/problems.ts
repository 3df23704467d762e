import type { ProblemCatalogue } from '@paidan/service-host';

/** Titles for what intake alone answers. */
export const INTAKE_PROBLEMS = {
  'unknown-channel': {
    status: 403,
    title: 'The channel of the key is not registered, or not active',
    titleZh: '密钥所属渠道未登记或已停用',
    advice: 'Ask the operators to enter the channel in the channels file.',
  },
  'submission-differs': {
    status: 409,
    title: 'The external id belongs to another submission',
    titleZh: '该外部编号已用于内容不同的来件',
    advice:
      'Repeat a submission with exactly the same body; for a new one take a new external id. `ticketId` and `number` tell who holds it.',
  },
  'unknown-ticket': { status: 404, title: 'There is no such ticket', titleZh: '工单不存在' },
  'unknown-contact': { status: 404, title: 'Nobody left contact data with this ticket', titleZh: '诉求人未留联系方式' },
  'contact-withheld': {
    status: 403,
    title: 'The contact data of this ticket stays at the desk',
    titleZh: '该工单为保密或匿名件，联系方式不向承办单位提供',
    advice: 'Ask the desk to make the contact. The asking has been recorded.',
  },
} as const satisfies ProblemCatalogue;
