import { indexDirectory } from '../routing/directory.js';
import { SMALL_CITY } from '../routing/small-city.kit.js';
import { compileRules } from './compile.js';
import { evaluateRules, type EvaluateOptions } from './evaluate.js';
import { explainRule } from './explain-rules.js';
import type { RuleFacts } from './facts.js';
import { DIRECTORY, FACTS, NOW, ruleSet, WORLD, type RuleGiven } from './rules.kit.js';
import { minuteOfWeek } from './week.js';

const given = (...rules: readonly RuleGiven[]) => ({
  when: (facts: Partial<RuleFacts> = {}, options: EvaluateOptions = {}, world = WORLD) =>
    evaluateRules(compileRules(ruleSet(...rules), world), { ...FACTS, ...facts }, options),
});
const at = (code: string): Partial<RuleFacts> => ({ area: DIRECTORY.areas.get(code) });
const all = { appealType: ['help' as const] };

describe('several rules together', () => {
  it('the first of lead and matter, all co-handlers, copies and holds, the highest urgency', () => {
    const { effects } = given(
      {
        id: 'third',
        priority: 30,
        then: { lead: 'police', coHandlers: ['housing'], urgency: 'urgent', matter: '0103', hold: { zh: '二', en: 'two' } },
      },
      { id: 'first', priority: 10, then: { lead: 'urban', coHandlers: ['police'], copies: ['east'], urgency: 'critical' } },
      {
        id: 'second',
        priority: 20,
        then: { coHandlers: ['environment'], copies: ['police', 'urban'], matter: '0102', hold: { zh: '一', en: 'one' } },
      },
    ).when();
    expect(effects).toEqual({
      lead: { unit: 'urban', rule: 'first', direct: false },
      matter: { code: '0102', rule: 'second' },
      urgency: { to: 'critical', rule: 'first' },
      coHandlers: [
        { unit: 'police', rule: 'first' },
        { unit: 'environment', rule: 'second' },
        { unit: 'housing', rule: 'third' },
      ],
      copies: [{ unit: 'east', rule: 'first' }],
      holds: [
        { zh: '一', en: 'one', rule: 'second' },
        { zh: '二', en: 'two', rule: 'third' },
      ],
    });
  });

  it('one that stops lets its own priority through and nothing later', () => {
    const { applied, stoppedBy } = given(
      { id: 'stops', stop: true },
      { id: 'beside', then: { copies: ['east'] } },
      { id: 'later', priority: 11 },
    ).when();
    expect(applied.map(({ id }) => id)).toEqual(['stops', 'beside']);
    expect(stoppedBy).toEqual(['stops']);
  });

  it('an exception keeps the other out only where it applies', () => {
    const rules = given(
      { id: 'flood', priority: 1, when: { words: { any: ['汛期'] } }, then: { copies: ['east'] } },
      { id: 'usual', unless: ['flood'], when: all },
    );
    expect(rules.when({ text: '汛期积水' }).applied.map(({ id }) => id)).toEqual(['flood']);
    expect(rules.when({ text: '积水' }).applied.map(({ id }) => id)).toEqual(['usual']);
  });

  it('what one sets is no fact for another', () => {
    const { applied } = given({ id: 'sets', priority: 1, then: { matter: '0102' } }, { id: 'asks', when: { matter: ['0102'] } }).when();
    expect(applied.map(({ id }) => id)).toEqual(['sets']);
  });
});

describe('the unit that a rule means', () => {
  it('is the street of the place, its district in copy; the district where only that is known; nobody where neither is', () => {
    const rules = given({ id: 'direct', then: { lead: '@street' } }, { id: 'else', priority: 20, then: { lead: 'urban' } });
    expect(rules.when(at('990102001')).effects).toMatchObject({
      lead: { unit: 'peach', direct: true },
      copies: [{ unit: 'east', rule: 'direct' }],
    });
    expect(rules.when(at('990102')).effects).toMatchObject({ lead: { unit: 'east', direct: false }, copies: [] });
    const unknown = rules.when(at('990100'));
    expect(unknown.effects.lead).toEqual({ unit: 'urban', rule: 'else', direct: false });
    expect(unknown.applied[0]?.effects).toEqual([{ effect: { kind: 'lead', unit: '@street' }, passedOver: 'place-unknown' }]);
    expect(given({ id: 'up', then: { copies: ['@district'] } }).when(at('990102001')).effects.copies).toEqual([
      { unit: 'east', rule: 'up' },
    ]);
  });

  it('is passed over when it may not have the appeal, and the next rule has its turn', () => {
    const { effects, applied } = given({ id: 'one', priority: 1 }, { id: 'two', then: { lead: 'housing' } }).when(
      {},
      { refusal: ({ code }) => (code === 'urban' ? 'returned-before' : undefined) },
    );
    expect(effects.lead).toMatchObject({ unit: 'housing', rule: 'two' });
    expect(applied[0]?.effects[0]?.passedOver).toBe('returned-before');
  });

  it('is passed over, and said to be, when the directory has lost it since the rules were published', () => {
    const later = indexDirectory({ ...SMALL_CITY, units: SMALL_CITY.units.filter(({ code }) => code !== 'urban') });
    const world = { ...WORLD, directory: later };
    const { effects, applied } = given({ id: 'one', then: { lead: 'urban', matter: '0101', copies: ['old-bureau'] } }).when({}, {}, world);
    expect(effects).toEqual({ matter: { code: '0101', rule: 'one' }, coHandlers: [], copies: [], holds: [] });
    expect(explainRule(world, applied[0] as never, 'zh')).toBe(
      '规则“规则one”（one，优先级10）适用：诉求类型为求助。由urban主办（未生效：派单目录中已没有）；同送示例市园林局（未生效：排除示例市园林局：已停用）；事项为“占道经营”（0101）',
    );
  });
});

describe('words', () => {
  const noise: RuleGiven = { id: 'noise', when: { words: { any: ['施工'], none: ['演练'] } } };
  it('are found inside the longer phrase of another rule', () => {
    const { applied } = given(noise, { id: 'night', when: { words: { all: ['夜间施工', '噪音'] } }, then: { copies: ['east'] } }).when({
      title: '夜 间施工',
      text: '噪音',
    });
    expect(applied.map(({ id, matched }) => [id, matched])).toEqual([
      ['noise', [{ condition: 'words', values: ['施工'] }]],
      ['night', [{ condition: 'words', values: ['夜间施工', '噪音'] }]],
    ]);
  });

  it('of a pass that took place elsewhere are the same', () => {
    const compiled = compileRules(ruleSet(noise), WORLD);
    const hits = { title: [], text: [{ phrase: 0, start: 3, end: 5 }] };
    expect(evaluateRules(compiled, { ...FACTS, title: '演练' }, { hits }).applied).toHaveLength(1);
  });
});

describe('time', () => {
  it('counts the week from Monday in Shanghai, and before 1970 too', () => {
    expect(minuteOfWeek(NOW)).toBe(600);
    expect(minuteOfWeek(Date.parse('2026-11-22T23:59:59+08:00'))).toBe(7 * 1_440 - 1);
    expect(minuteOfWeek(Date.parse('1969-12-31T23:00:00+08:00'))).toBe(2 * 1_440 + 23 * 60);
  });

  it('past midnight belongs to the day it began on', () => {
    const rules = given({ id: 'sunday-night', when: { time: [{ days: ['sun'], from: '22:00', to: '06:00' }] } });
    const count = (time: string): number => rules.when({ receivedAt: Date.parse(`${time}+08:00`) }).applied.length;
    expect(['2026-11-22T21:59', '2026-11-22T22:00', '2026-11-23T05:59', '2026-11-23T06:00', '2026-11-22T05:00'].map(count)).toEqual([
      0, 1, 1, 0, 0,
    ]);
  });

  it('in force from the first moment of the first day to the last of the last', () => {
    const rules = given({ id: 'one-day', from: '2026-11-23', until: '2026-11-23' });
    const count = (time: string): number => rules.when({ now: Date.parse(`${time}+08:00`) }).applied.length;
    expect(['2026-11-22T23:59:59.999', '2026-11-23T00:00', '2026-11-23T23:59:59.999', '2026-11-24T00:00'].map(count)).toEqual([0, 1, 1, 0]);
  });
});

describe('why, in words', () => {
  const rules = given({
    id: 'night-works',
    title: { zh: '夜间施工', en: 'Works at night' },
    when: {
      channelKind: ['web'],
      area: ['990102'],
      matter: ['01'],
      words: { any: ['施工'] },
      title: { all: ['工地'] },
      time: [{ days: ['mon'], from: '08:00', to: '12:00' }],
    },
    then: { lead: '@street', coHandlers: ['environment'], urgency: 'urgent', hold: { zh: '先核实', en: 'to be looked at' } },
  }).when({ ...at('990102001'), matter: '0102', title: '工地', text: '施工', urgency: 'critical' });
  const [applied] = rules.applied;

  it('tells what met each condition and what followed', () => {
    expect(explainRule(WORLD, applied as never, 'zh')).toBe(
      '规则“夜间施工”（night-works，优先级10）适用：渠道类别为网页；事项为“市容”（01）；所在区划为东区；出现“施工”；标题出现“工地”；收到时间在周一 08:00–12:00。由桃园街道办事处主办；示例市生态环境局协办；按紧急办理（未生效：已不低于此）；转人工：先核实',
    );
    expect(explainRule(WORLD, applied as never, 'en')).toBe(
      'The rule “Works at night” (night-works, priority 10) applies, because the kind of channel is web mailbox; the matter is “City appearance” (01); the place is 东区; it has “施工”; its title has “工地”; it came in within mon 08:00–12:00: 桃园街道办事处 leads; 示例市生态环境局 works along; it is urgent (not done: it is that urgent already); a person decides: to be looked at.',
    );
  });

  it('quotes nothing of a ticket under seal', () => {
    const sealed = explainRule(WORLD, applied as never, 'zh', false);
    expect(sealed).not.toMatch(/施工”；|出现|东区/);
    expect(sealed).toContain('渠道类别为网页');
  });
});
