import { approved, assigned, carded, closed, courseOf, registered, reopened, returned } from './course.kit.js';
import { mostTelling, renderTrail } from './trail.js';

const plain = courseOf(1, (say) => {
  registered(say, 0);
  assigned(say, 10, 1);
  approved(say, 20, 1, '已修复');
  closed(say, 30);
});
const returnedOnce = courseOf(2, (say) => {
  registered(say, 0);
  assigned(say, 20, 1);
  returned(say, 60, 1);
  assigned(say, 62, 2);
  approved(say, 1_300, 2, '已修复');
  closed(say, 1_400);
});
const late = courseOf(3, (say) => {
  registered(say, 0);
  assigned(say, 20, 1);
  carded(say, 60, 1, 'yellow');
  approved(say, 70, 1, '已修复');
  reopened(say, 80);
  closed(say, 90);
});
const unfinished = courseOf(4, (say) => {
  registered(say, 0);
  returned(say, 60, 1);
  carded(say, 60, 1, 'red');
  reopened(say, 80);
});

describe('the trail that is told', () => {
  it('is that of the ticket that went through most, of those that are over', () => {
    expect(mostTelling([plain, returnedOnce, late, unfinished, plain])).toBe(returnedOnce);
    expect(mostTelling([plain, late, unfinished])).toBe(late);
    expect(mostTelling([plain])).toBe(plain);
    expect(mostTelling([])).toBeUndefined();
  });

  it('is what feedback says, in one line and event by event, in both languages', () => {
    const text = renderTrail(
      {
        number: '20260302-000001',
        line: { en: '2026-03-02 10:48 received by web mailbox · closed', zh: '2026-03-02 10:48 网页受理 · 办结' },
        entries: [
          { at: '2026-03-02T02:48:00.000Z', service: 'intake', en: 'received', zh: '受理' },
          { at: '2026-03-04T06:00:00.000Z', service: 'feedback', en: 'closed', zh: '办结' },
        ],
      },
      'row 1',
      '第 1 行',
    );
    expect(text.split('\n')).toEqual([
      'The trail of ticket 20260302-000001: row 1',
      '  2026-03-02 10:48 received by web mailbox · closed',
      '',
      '  2026-03-02 Mon 10:48  received',
      '  2026-03-04 Wed 14:00  closed',
      '',
      '工单 20260302-000001 的经过：第 1 行',
      '  2026-03-02 10:48 网页受理 · 办结',
      '',
      '  2026-03-02 Mon 10:48  受理',
      '  2026-03-04 Wed 14:00  办结',
    ]);
  });
});
