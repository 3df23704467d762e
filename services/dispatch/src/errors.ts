import { defineErrors } from '@paidan/kernel';
import type { ProblemCatalogue } from '@paidan/service-host';

/** What dispatch refuses, and what keeps it from starting. The codes of refused orders are those of `domain/orders.ts`. */
export const dispatchError = defineErrors('dispatch', {
  'unknown-ticket': { retryable: false, loud: 'debug', status: 404 },
  'stale-decision': { retryable: false, loud: 'debug', status: 409 },
  'stale-assignment': { retryable: false, loud: 'debug', status: 409 },
  'wrong-state': { retryable: false, loud: 'debug', status: 409 },
  'command-id-reused': { retryable: false, loud: 'info', status: 409 },
  'unknown-unit': { retryable: false, loud: 'debug', status: 422 },
  'unit-inactive': { retryable: false, loud: 'debug', status: 422 },
  'unit-excluded': { retryable: false, loud: 'info', status: 422 },
  'holds-it-now': { retryable: false, loud: 'debug', status: 422 },
  'unknown-matter': { retryable: false, loud: 'debug', status: 422 },
  'city-invalid': { retryable: false, loud: 'fatal' },
  'no-directory': { retryable: false, loud: 'fatal' },
});

export const DISPATCH_PROBLEMS: ProblemCatalogue = {
  'unknown-ticket': { status: 404, title: 'Dispatch does not know this ticket', titleZh: '没有该工单' },
  'stale-decision': {
    status: 409,
    title: 'The decision has changed since it was shown',
    titleZh: '派单决定已变更，请刷新后再操作',
    advice: '`state` is what it is now.',
  },
  'stale-assignment': {
    status: 409,
    title: 'This is not the current assignment',
    titleZh: '该派单记录已不是当前记录',
    advice: '`state` names the current one.',
  },
  'wrong-state': {
    status: 409,
    title: 'Not possible in the ticket’s present status',
    titleZh: '工单当前状态不允许此操作',
    advice: '`state` is what it is now.',
  },
  'unknown-unit': { status: 422, title: 'The directory has no such unit', titleZh: '派单目录中没有该单位', advice: 'See `GET /v1/units`.' },
  'unit-inactive': { status: 422, title: 'The unit is no longer active', titleZh: '该单位已停用' },
  'unit-excluded': {
    status: 422,
    title: 'This unit may not hold the ticket',
    titleZh: '该单位不得承办此工单（曾退单或系被反映对象）',
    advice: '`because` says why. A supervisor may designate a unit that returned it: `"designated": true`.',
  },
  'holds-it-now': { status: 422, title: 'This unit holds the ticket already', titleZh: '该单位正在承办此工单' },
  'unknown-matter': {
    status: 422,
    title: 'The catalogue has no such matter',
    titleZh: '事项目录中没有该事项',
    advice: 'See `GET /v1/directory`.',
  },
};
