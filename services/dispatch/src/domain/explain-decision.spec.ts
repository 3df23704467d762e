import { RELEASE_REFUSALS, RETURN_REASONS, RETURN_REFUSALS } from '@paidan/contracts';
import { aboutNoise, approved, assign, given, NOW, reassign, registered, reopened, returned } from './dispatch.kit.js';
import { explainDecision } from './explain-decision.js';
import { indexDirectory } from './routing/directory.js';
import { SMALL_CITY } from './routing/small-city.kit.js';
import type { Taken } from './ticket.js';

const directory = indexDirectory(SMALL_CITY);
const told = (taken: Taken | undefined) => taken && [explainDecision(directory, taken, 'zh'), explainDecision(directory, taken, 'en')];
const lastOf = (result: ReturnType<ReturnType<typeof given>['when']>) => told(result.ticket?.decisions.at(-1));

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

  it('to ask back names both units', () => {
    const [zh, en] = lastOf(given(aboutNoise()).when(reassign({ unit: 'housing' }))) ?? [];
    expect(zh).toEqual(['要求从示例市城管局收回，改派示例市住建局']);
    expect(en).toEqual(['Asked 示例市城管局 to let it go, so that it can be assigned to 示例市住建局.']);
  });

  it.each([
    ...RETURN_REASONS.map((because): Taken => ({ did: 'return-accepted', at: NOW, assignment: 1, unit: 'urban', because })),
    ...RETURN_REFUSALS.map((because): Taken => ({ did: 'return-refused', at: NOW, assignment: 1, unit: 'urban', because })),
    ...RELEASE_REFUSALS.map((because): Taken => ({ did: 'request-dropped', at: NOW, assignment: 1, unit: 'gone', because })),
  ])('has a sentence in both languages: $did, $because', (taken) => {
    const [zh = [], en = []] = told(taken) ?? [];
    expect(zh[0]).toMatch(taken.did === 'request-dropped' ? /gone/ : /示例市城管局/);
    expect(`${zh.join()}${en.join()}`).not.toContain('undefined');
    expect(en[0]).toMatch(/\.$/);
  });
});
