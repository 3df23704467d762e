import { DECISION_REASONS, HOLD_REASONS, RULED_OUT_REASONS } from '@paidan/contracts';
import { indexDirectory } from './directory.js';
import { explainHold, explainReason, explainRuledOut, LANGUAGES } from './explain.js';
import { given, SMALL_CITY } from './small-city.kit.js';

const directory = indexDirectory(SMALL_CITY);

describe('why, in words', () => {
  it('tells a decision in Chinese and English', () => {
    const { reasons } = given().when({ title: '邻里纠纷', text: '桃园街道，楼道堆物' });
    expect(reasons.map((reason) => explainReason(directory, reason, 'zh'))).toEqual([
      '出现“邻里纠纷”“楼道堆物”，与事项“邻里纠纷”（1201）相符（18分）',
      '该事项属地办理，桃园街道由桃园街道办事处承办',
      '正文提到“桃园街道”，地点为桃园街道（把握60%）',
    ]);
    expect(reasons.map((reason) => explainReason(directory, reason, 'en'))).toEqual([
      'The words “邻里纠纷”“楼道堆物” fit the matter “Neighbours” (1201) (score 18).',
      'The matter goes by area: for 桃园街道 it is 桃园街道办事处.',
      'The text names “桃园街道”: 桃园街道 (60 % sure).',
    ]);
  });

  it('has a sentence for every code, also one without details and for a unit the directory no longer has', () => {
    for (const language of LANGUAGES) {
      for (const code of DECISION_REASONS) {
        expect(explainReason(directory, { code }, language)).not.toMatch(/undefined|^$/);
        expect(
          explainReason(directory, { code, unit: 'gone', matter: '9999', adminCode: '1', words: ['水'], score: 3, note: 'n' }, language),
        ).not.toMatch(/undefined|\?/);
      }
      for (const reason of HOLD_REASONS) expect(explainHold(reason, language)).not.toMatch(/undefined/);
      for (const reason of RULED_OUT_REASONS)
        expect(explainRuledOut(directory, { unit: 'urban', reason }, language)).toContain('示例市城管局');
    }
  });
});
