import {
  assignmentsTopic,
  channelOfTopic,
  commandsTopic,
  DIRECTORY_TOPIC,
  parseTopic,
  receiptsTopic,
  submissionsTopic,
  TICKETS_TOPIC,
  unitOfTopic,
} from './topics.js';

describe('topics', () => {
  it('are read back as they were written', () => {
    expect(parseTopic(assignmentsTopic('chengguan'))).toEqual({ family: 'assignments', unit: 'chengguan' });
    expect(parseTopic(commandsTopic('street-010'))).toEqual({ family: 'commands', unit: 'street-010' });
    expect(parseTopic(submissionsTopic('wechat'))).toEqual({ family: 'submissions', channel: 'wechat' });
    expect(parseTopic(receiptsTopic('wechat'))).toEqual({ family: 'receipts', channel: 'wechat' });
    expect([parseTopic(TICKETS_TOPIC), parseTopic(DIRECTORY_TOPIC)]).toEqual([{ family: 'tickets' }, { family: 'directory' }]);
  });

  it('say whose they are', () => {
    expect([unitOfTopic('paidan.commands.chengguan'), unitOfTopic('paidan.submissions.web')]).toEqual(['chengguan', undefined]);
    expect([channelOfTopic('paidan.submissions.web'), channelOfTopic('paidan.tickets')]).toEqual(['web', undefined]);
  });

  it('refuse an id that would end up in another topic', () => {
    for (const id of ['', 'a', 'A-b', 'a.b', 'a_b', '城管', 'x'.repeat(60), 'ab\n']) {
      expect(() => commandsTopic(id)).toThrow(RangeError);
      expect(parseTopic(`paidan.commands.${id}`)).toBeUndefined();
    }
    expect(parseTopic('paidan.other.web')).toBeUndefined();
    expect(parseTopic('xpaidan.commands.web')).toBeUndefined();
  });
});
