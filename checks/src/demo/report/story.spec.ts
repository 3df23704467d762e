import { approved, assigned, courseOf, registered, replied, returned, signed } from './course.kit.js';
import { explainedBy, mostTelling, tellStory } from './story.js';

const plain = courseOf(1, (say) => {
  registered(say, 0);
  assigned(say, 10, 1);
  approved(say, 20, 1, '已修复');
});
const returnedOnce = courseOf(
  2,
  (say) => {
    registered(say, 0);
    assigned(say, 20, 1);
    returned(say, 60, 1);
    assigned(say, 62, 2);
    signed(say, 1_200, 2);
    replied(say, 1_210, 2, '已修复');
    approved(say, 1_300, 2, '已修复');
  },
  { offeredAt: { 1: 40, 2: 180 } },
);

describe('a ticket’s story', () => {
  it('is that of one which was returned and routed again, where there is one', () => {
    expect(mostTelling([plain, returnedOnce, plain])).toBe(returnedOnce);
    expect(mostTelling([plain])).toBe(plain);
    expect(mostTelling([])).toBeUndefined();
  });

  it('is told in both languages, with times and names, in dispatch’s own reasons', () => {
    const unitNames = new Map([
      ['city-parks', '示例市园林局'],
      ['city-housing', '示例市住建局'],
    ]);
    const decisions = explainedBy({
      decisions: [
        { did: 'assigned', explanation: { zh: ['第1次派单', '出现“路灯”'], en: ['Assignment 1.', 'The words fit.'] } },
        { did: 'return-accepted', explanation: { zh: ['同意退单'], en: ['It may return it.'] } },
        { did: 'assigned', explanation: { zh: ['第2次派单'], en: ['Assignment 2.'] } },
      ],
    });
    const story = tellStory(returnedOnce, { unitNames, decisions });
    expect(story).toMatch(/10:00:00\.000 +\+0\.000 s {2}accepted/);
    expect(story).toMatch(/\+0\.020 s {2}Assignment 1\. The words fit\./);
    expect(story).toMatch(/\+0\.180 s {2}示例市住建局: the unit has a ticket to sign or return/);
    expect(story).toMatch(/示例市园林局 returned it \(not-our-duty\): “非我单位职责。”/);
    expect(story).toMatch(/\+1\.300 s {2}approved by a second person/);
    expect(story).toMatch(/\+0\.062 s {2}第2次派单/);
    expect(story).toMatch(/退单：示例市园林局退回，理由“非我单位职责。”/);
  });

  it('is told without them too, should dispatch not answer', () => {
    const story = tellStory(returnedOnce, { unitNames: new Map(), decisions: explainedBy({ title: 'no such ticket' }) });
    expect(story).toContain('city-housing');
  });
});
