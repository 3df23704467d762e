import { RELEASE_REFUSALS, RETURN_REASONS, RETURN_REFUSALS } from '@paidan/contracts';
import {
  aboutNoise,
  acceptReturn,
  approved,
  assign,
  given,
  HOUR,
  NOW,
  reassign,
  refuseReturn,
  registered,
  reopened,
  returned,
  REVIEWED,
  under,
} from './dispatch.kit.js';
import { explainDecision } from './explain-decision.js';
import { indexDirectory } from './routing/directory.js';
import { SMALL_CITY } from './routing/small-city.kit.js';
import type { Objection, Taken } from './ticket.js';

const directory = indexDirectory(SMALL_CITY);
const told = (taken: Taken | undefined) => taken && [explainDecision(directory, taken, 'zh'), explainDecision(directory, taken, 'en')];
const lastOf = (result: ReturnType<ReturnType<typeof given>['when']>) => told(result.ticket?.decisions.at(-1));

const OBJECTION: Objection = { at: NOW, because: 'not-our-duty', officer: 'officer-1', grounds: { kind: 'open', text: '不属我局' } };
const RETURN = { at: NOW, assignment: 1, unit: 'urban', by: { kind: 'rule', rule: 'return-accepted' } } as const;

describe('a decision in words', () => {
  it('of a rule names the unit, who works along, and why', () => {
    const [zh, en] = lastOf(given().when(aboutNoise())) ?? [];
    expect(zh?.[0]).toBe('第1次派单（按规则）：示例市城管局主办，协办示例市生态环境局');
    expect(zh?.join()).toContain('“夜间施工”');
    expect(en?.[0]).toBe('Assignment 1 (by rule): 示例市城管局 leads; co-handlers 示例市生态环境局.');
  });

  it('of a person says so, and whether it is final', () => {
    const [zh, en] = lastOf(given(registered()).when(assign({ unit: 'urban', copies: ['east'], designated: true }))) ?? [];
    expect(zh).toEqual(['第1次派单（人工）：示例市城管局主办，同送东区人民政府，直接指定，不得退单', '由工作人员决定：由其办理为宜']);
    expect(en?.[0]).toBe('Assignment 1 (by a person): 示例市城管局 leads; copied to 东区人民政府; designated, not to be returned.');
  });

  it('to hold says why, and who was ruled out', () => {
    const [zh] = lastOf(given(registered({ title: '停水', text: '停水，停水' })).when(returned(1, 'water'))) ?? [];
    expect(zh?.[0]).toContain('待人工派单');
    expect(zh).toContain('排除示例市自来水公司：曾退单');
  });

  it('to redo says why', () => {
    const [zh, en] = lastOf(given(aboutNoise(), approved(1, 'urban')).when(reopened())) ?? [];
    expect(zh).toEqual([
      '第2次派单（按规则）：示例市城管局主办，协办示例市生态环境局，直接指定，不得退单',
      '重办（不满意）：此前由示例市城管局答复',
    ]);
    expect(en?.[1]).toBe('It was reopened (unsatisfied): 示例市城管局 had answered it.');
  });

  it('on a return says who decided, and what the unit had said', () => {
    const waiting = under(REVIEWED).given(aboutNoise(), returned(1, 'urban'));
    const accepted = waiting.when(acceptReturn()).ticket?.decisions[1];
    expect(told(accepted)).toEqual([
      ['人工同意示例市城管局退单：非本单位职责'],
      ['示例市城管局 returned it and may, by a person: it is not its duty.'],
    ]);
    const [zh, en] = lastOf(waiting.when(refuseReturn())) ?? [];
    expect(zh).toEqual(['人工不同意示例市城管局退单（其称：非本单位职责）：属其职责']);
    expect(en).toEqual(['示例市城管局 returned it because it is not its duty and may not, by a person: it is its duty.']);
    const tooLate = lastOf(given(aboutNoise()).when(returned(1, 'urban', 'not-our-duty', NOW + 25 * HOUR)));
    expect(tooLate).toEqual([
      ['按规则不同意示例市城管局退单（其称：非本单位职责）：超过退单时限（截至2026-11-23 09:00）'],
      [
        '示例市城管局 returned it because it is not its duty and may not, by rule: the return window had passed (it ended 2026-11-23 09:00).',
      ],
    ]);
  });

  it('to ask back names both units', () => {
    const [zh, en] = lastOf(given(aboutNoise()).when(reassign({ unit: 'housing' }))) ?? [];
    expect(zh).toEqual(['要求从示例市城管局收回，改派示例市住建局']);
    expect(en).toEqual(['Asked 示例市城管局 to let it go, so that it can be assigned to 示例市住建局.']);
  });

  it.each([
    ...RETURN_REASONS.map((because) => [because, { did: 'return-accepted', ...RETURN, objection: { ...OBJECTION, because } }] as const),
    ...RETURN_REFUSALS.map((because) => [because, { did: 'return-refused', ...RETURN, objection: OBJECTION, because }] as const),
    ...RELEASE_REFUSALS.map((because) => [because, { did: 'request-dropped', at: NOW, assignment: 1, unit: 'gone', because }] as const),
  ])('has a sentence in both languages: %s', (_because, taken: Taken) => {
    const [zh = [], en = []] = told(taken) ?? [];
    expect(zh[0]).toMatch(taken.did === 'request-dropped' ? /gone/ : /示例市城管局/);
    expect(`${zh.join()}${en.join()}`).not.toContain('undefined');
    expect(en[0]).toMatch(/\.$/);
  });
});
