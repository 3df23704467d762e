import { COMMAND_REFUSALS, OUTBOUND, strictProblems, type AssignmentsMessage } from '@paidan/contracts';
import type { Notice, Outcome } from '@paidan/runtime';
import type { WorkCommand } from '../domain/commands.js';
import { answerCommand } from './answer-command.js';
import { refusalOf } from './refusals.js';

const command: WorkCommand = {
  commandId: '0193a3c2-0000-7000-8000-000000000001',
  name: 'sign',
  ticketId: '0193a3c2-5c00-7000-8000-000000000001',
  actor: { kind: 'unit', subject: 'city-roads', unit: 'city-roads', roles: [] },
  payload: { unit: 'city-roads', assignment: 1 },
};
const state = { status: 'signed', assignment: 1, holder: 'city-roads' };

const answered = (outcome: Outcome): Notice => {
  const [notice, ...more] = answerCommand(command, outcome);
  if (notice === undefined || more.length > 0) throw new Error('one answer to one command');
  const message = notice.payload as AssignmentsMessage;
  expect(strictProblems(OUTBOUND[message.type].schema, message)).toEqual([]);
  expect(notice).toMatchObject({ topic: 'paidan.assignments.city-roads', key: command.ticketId });
  return notice;
};

describe('the answer to a command over Kafka', () => {
  it('that was accepted says what it led to', () => {
    const answer = { number: '20261123-000001', assignment: 1, state };
    expect(answered({ accepted: true, answer }).payload).toMatchObject({ type: 'command.accepted', command: 'sign', ...answer });
  });

  it('that was refused says why in two languages, whatever the reason', () => {
    for (const reason of COMMAND_REFUSALS) {
      const { title, titleZh } = refusalOf(reason);
      expect(answered({ accepted: false, reason, detail: { state } }).payload).toMatchObject({
        reason,
        detail: title,
        detailZh: titleZh,
        state,
      });
    }
    expect(answered({ accepted: false, reason: 'not-yours' }).payload).not.toHaveProperty('state');
  });

  it('is never a reason that contracts do not know', () => {
    expect(() => answerCommand(command, { accepted: false, reason: 'mood' })).toThrow('a refusal nobody has named: mood');
  });
});
