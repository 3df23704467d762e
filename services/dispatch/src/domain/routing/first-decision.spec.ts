import { ROUTING_RULES, type RoutingDecision } from './decision.js';
import { indexDirectory } from './directory.js';
import type { TopicGuide } from './topics.js';
import { given, SMALL_CITY } from './small-city.kit.js';
import { compileRules } from '../rules/compile.js';
import { ruleSet, type RuleGiven } from '../rules/rules.kit.js';

const codes = (decision: RoutingDecision): string[] => decision.reasons.map(({ code }) => code);

describe('a unit that was named', () => {
  it('gets what was addressed to it, whatever the words say, and the matter is still told', () => {
    const decision = given().when({ addressee: 'education', title: '流动摊贩占道经营', text: '' });
    expect(decision).toMatchObject({ kind: 'assigned', rule: 'addressee', lead: 'education', matter: '0101', confidence: 0.95 });
    expect(codes(decision)).toEqual(['named-unit', 'matter-words']);
  });

  it.each([
    ['请城管局处理门口的事', 'help', 'urban'],
    ['希望A市教育局管一管', 'suggestion', 'education'],
    ['请求K4县交警到路口执勤', 'help', 'traffic-police'],
    ['教育局领导您好', 'consultation', 'education'],
    ['请教育局查处教师工资问题', 'complaint', 'education'],
  ] as const)('gets what the title turns to it for: %s', (title, appealType, lead) => {
    expect(given().when({ title, appealType })).toMatchObject({ kind: 'assigned', rule: 'named-unit', lead });
  });

  it('counts for more when the words lead to it too', () => {
    const alone = given().when({ title: '请城管局来人' });
    const confirmed = given().when({ title: '请城管局来人', text: '流动摊贩占道经营' });
    expect(confirmed.confidence).toBeGreaterThan(alone.confidence);
    expect(confirmed.matter).toBe('0101');
    expect(alone.matter).toBeNull();
  });

  it('does not count when two are named', () => {
    expect(given().when({ title: '请城管局、请教育局都来', text: '乱停车乱停车' })).toMatchObject({
      rule: 'matter',
      lead: 'traffic-police',
    });
  });

  it('does not count when the directory has no such unit', () => {
    expect(given().when({ addressee: 'nobody', text: '邻居夜间施工，施工噪音' })).toMatchObject({ rule: 'matter', lead: 'urban' });
  });

  it('does not count in the text, where units are told about', () => {
    expect(given().when({ title: '夜间施工', text: '请城管局来，请教育局也来' })).toMatchObject({ rule: 'matter', lead: 'urban' });
  });

  it('is passed over when it returned the ticket', () => {
    const decision = given({ excluded: { education: 'returned-before' } }).when({ addressee: 'education', title: '流动摊贩占道经营' });
    expect(decision).toMatchObject({
      kind: 'assigned',
      rule: 'matter',
      lead: 'urban',
      ruledOut: [{ unit: 'education', reason: 'returned-before' }],
    });
  });
});

describe('what the city has published', () => {
  const directory = indexDirectory({
    ...SMALL_CITY,
    mailboxes: [
      { code: 'mayor', name: '市长信箱', unit: 'housing', active: true },
      { code: 'closed', name: '旧信箱', unit: 'housing', active: false },
    ],
  });
  const under = (...rules: readonly RuleGiven[]) => given({ directory, rules: compileRules(ruleSet(...rules), { directory }) });

  it('sends what was written to a mailbox to its unit, and says so', () => {
    const decision = given({ directory }).when({ mailbox: 'mayor', text: '停水' });
    expect(decision).toMatchObject({ kind: 'assigned', rule: 'mailbox', lead: 'housing', matter: '0301' });
    expect(decision.reasons[0]).toEqual({ code: 'mailbox', unit: 'housing', note: 'mayor' });
    for (const mailbox of ['closed', 'nobody'])
      expect(given({ directory }).when({ mailbox, text: '停水，停水，停水' })).toMatchObject({ rule: 'matter', lead: 'water' });
  });

  it('follows a rule before the words, and the sender before a rule', () => {
    const rules = under({
      id: 'noise-to-police',
      when: { words: { any: ['夜间施工'] } },
      then: { lead: 'police', coHandlers: ['prices'] },
    });
    const text = '夜间施工，施工噪音';
    expect(rules.when({ text })).toMatchObject({ rule: 'rule-set', lead: 'police', coHandlers: ['prices', 'urban', 'environment'] });
    expect(rules.when({ text }).reasons).toContainEqual({
      code: 'rule',
      rule: 'noise-to-police',
      title: { zh: '规则noise-to-police', en: 'Rule noise-to-police' },
      unit: 'police',
      words: ['夜间施工'],
    });
    expect(rules.when({ text, addressee: 'urban' })).toMatchObject({
      rule: 'addressee',
      lead: 'urban',
      coHandlers: ['prices', 'environment'],
    });
    expect(rules.when({ text: '停水' })).toMatchObject({ rule: 'matter', lead: 'water' });
  });

  it('raises the urgency and copies whoever a rule names, whoever leads', () => {
    const rules = under({ id: 'danger', when: { words: { any: ['停电'] } }, then: { urgency: 'critical', copies: ['police'] } });
    expect(rules.when({ text: '停电，停电' })).toMatchObject({ rule: 'matter', lead: 'power', copies: ['police'], urgency: 'critical' });
    expect(rules.when({ text: '说不清楚，停电' })).toMatchObject({ urgency: 'critical' });
    expect(rules.when({ text: '停水' })).not.toHaveProperty('urgency');
  });

  it('holds for a person what a rule wants looked at, with the unit that it would have gone to first', () => {
    const rules = under({ id: 'look', when: {}, then: { hold: { zh: '先核实', en: 'check first' } } });
    const decision = rules.when({ text: '停水，停水，停水' });
    expect(decision).toMatchObject({ kind: 'held', reason: 'by-rule', matter: '0301', candidates: [{ unit: 'water' }] });
    expect(decision.reasons).toContainEqual(
      expect.objectContaining({ rule: 'look', title: { zh: '规则look：先核实', en: 'Rule look: check first' } }),
    );
  });

  it('takes the matter from a rule, and its line with it', () => {
    const rules = under({ id: 'says-trees', when: { words: { any: ['行道树'] } }, then: { matter: '0102' } });
    expect(rules.when({ text: '行道树，停水' })).toMatchObject({ lead: 'urban', matter: '0102', coHandlers: ['environment'] });
  });

  it('passes a rule over that names who may not have it', () => {
    const rules = under({ id: 'to-police', when: {}, then: { lead: 'traffic-police' } });
    expect(rules.when({ text: '停水，停水', reportedUnits: ['police'] })).toMatchObject({
      lead: 'water',
      ruledOut: expect.arrayContaining([{ unit: 'traffic-police', reason: 'is-reported-party' }]) as unknown,
    });
  });

  it('sends a confidential appeal about the unit in charge to the level above, an open one to a person', () => {
    const appeal = { text: '乱停车，乱停车', reportedUnits: ['traffic-police'] };
    expect(given().when({ ...appeal, confidentiality: 'confidential' })).toMatchObject({
      kind: 'assigned',
      rule: 'level-above',
      lead: 'police',
    });
    expect(given().when(appeal)).toMatchObject({ kind: 'held', reason: 'conflict-of-interest' });
    expect(given().when({ ...appeal, reportedUnits: ['traffic-police', 'police'], confidentiality: 'confidential' })).toMatchObject({
      kind: 'held',
      reason: 'conflict-of-interest',
    });
  });
});

describe('a unit that is complained of', () => {
  it.each([
    ['投诉城管局乱执法', 'complaint'],
    ['举报A市城管局夜间施工', 'report'],
    ['城管局夜间施工无人管', 'complaint'],
    ['投诉城管局夜间施工', 'help'],
  ] as const)('never gets it: %s', (title, appealType) => {
    const decision = given().when({ title, appealType, text: '夜间施工，施工噪音' });
    expect(decision).toMatchObject({
      kind: 'held',
      reason: 'conflict-of-interest',
      ruledOut: [{ unit: 'urban', reason: 'is-reported-party' }],
    });
    expect(codes(decision)).toContain('appeal-type');
  });

  it('keeps those under it out as well', () => {
    const decision = given().when({ appealType: 'report', text: '民警乱停车', reportedUnits: ['police'] });
    expect(decision).toMatchObject({ kind: 'held', reason: 'conflict-of-interest' });
    expect(decision.ruledOut).toContainEqual({ unit: 'traffic-police', reason: 'is-reported-party' });
  });

  it('is not even told by copy', () => {
    const decision = given().when({ text: '邻里纠纷，楼道堆物', place: { adminCode: '990102001' }, reportedUnits: ['willow'] });
    expect(decision).toMatchObject({ kind: 'assigned', lead: 'peach', copies: ['east'] });
    const aboutTheDistrict = given().when({ text: '邻里纠纷，楼道堆物', place: { adminCode: '990102001' }, reportedUnits: ['east'] });
    expect(aboutTheDistrict).toMatchObject({ kind: 'held', reason: 'conflict-of-interest' });
  });

  it('leaves others to decide by the words', () => {
    expect(given().when({ appealType: 'complaint', title: '投诉教育局门口流动摊贩占道经营' })).toMatchObject({
      kind: 'assigned',
      lead: 'urban',
      ruledOut: [{ unit: 'education', reason: 'is-reported-party' }],
    });
  });
});

describe('the words of the catalogue and the place', () => {
  it('lead to the matter and its lead, the co-handlers behind', () => {
    const decision = given().when({ title: '工地夜间施工', text: '施工噪音太大' });
    expect(decision).toMatchObject({
      kind: 'assigned',
      rule: 'matter',
      lead: 'urban',
      coHandlers: ['environment'],
      copies: [],
      matter: '0102',
    });
    expect(decision.reasons).toEqual([
      { code: 'matter-words', matter: '0102', score: expect.any(Number), words: ['夜间施工', '施工噪音'] },
      { code: 'matter-lead', unit: 'urban', matter: '0102' },
    ]);
  });

  it('take the street for a co-handler only where the street is known', () => {
    expect(given().when({ text: '流动摊贩占道经营' })).toMatchObject({ lead: 'urban', coHandlers: [] });
    expect(given().when({ text: '流动摊贩占道经营', place: { adminCode: '990103001' } })).toMatchObject({
      lead: 'urban',
      coHandlers: ['river'],
    });
  });

  it.each([
    ['the street of the admin code', { adminCode: '990102001' }, 'peach', ['east']],
    ['the street of a community in it', { adminCode: '990102001005' }, 'peach', ['east']],
    ['the district, where there is no street', { adminCode: '990102' }, 'east', []],
    ['the district that nine digits stand for', { adminCode: '990103000' }, 'west', []],
    ['the street the address names', { address: '示例市东区桃园街道1号' }, 'peach', ['east']],
    ['the district of an unknown street', { adminCode: '990102099' }, 'east', []],
  ] as const)('give a matter of the street to %s', (_what, place, lead, copies) => {
    expect(given().when({ text: '邻里纠纷，楼道堆物', place })).toMatchObject({ kind: 'assigned', rule: 'matter-and-area', lead, copies });
  });

  it('give a matter of the district to the district, also when the street is known', () => {
    expect(given().when({ text: '征地补偿征地补偿', place: { adminCode: '990102001' } })).toMatchObject({
      lead: 'east',
      coHandlers: ['housing'],
    });
  });

  it.each([
    ['标题', { title: '柳园街道邻里纠纷', text: '楼道堆物' }, 'willow'],
    ['正文', { title: '邻里纠纷', text: '我住在 柳园街道，楼道堆物' }, 'willow'],
    ['the anonymous name', { title: 'Ａ1区邻里纠纷', text: '' }, 'east'],
    ['two streets of one district', { title: '邻里纠纷', text: '从桃园街道到柳园街道' }, 'east'],
  ] as const)('find the place by its name in %s', (_where, words, lead) => {
    expect(given().when(words)).toMatchObject({ kind: 'assigned', lead });
  });

  it('choose the utility that the bill is about', () => {
    expect(given().when({ title: '水费太高', text: '多收费' })).toMatchObject({ lead: 'water', coHandlers: ['prices'], matter: '0303' });
    expect(given().when({ title: '电费太高', text: '多收费' })).toMatchObject({ lead: 'power', matter: '0303' });
  });

  it('leave out a unit that is there for another area', () => {
    expect(given().when({ title: '公交线路', place: { adminCode: '990102' } })).toMatchObject({ lead: 'east-buses' });
    expect(given().when({ title: '公交线路公交线路', text: '公交线路', place: { adminCode: '990103' } })).toMatchObject({
      lead: 'urban',
      ruledOut: [{ unit: 'east-buses', reason: 'outside-area' }],
    });
  });
});

describe('held for a person', () => {
  it.each([
    ['nothing to go by', { text: '你好' }, 'no-candidate', null],
    ['weak words only', { text: '摊贩' }, 'low-confidence', null],
    ['a matter of the street without a place', { title: '邻里纠纷' }, 'no-candidate', '1201'],
    ['a matter of the street with only the city', { title: '邻里纠纷', place: { adminCode: '990100' } }, 'no-candidate', '1201'],
    ['two units with the same score', { text: '停水又停电' }, 'tie', '0301'],
    ['a unit in charge that is no more', { text: '行道树' }, 'unit-inactive', '0104'],
  ] as const)('%s', (_what, words, reason, matter) => {
    expect(given().when(words)).toMatchObject({ kind: 'held', reason, matter });
  });

  it('also where a model is certain of the topic: which of its matters it is, only the words say', () => {
    const certain: TopicGuide = (_title, _text, words) => ({
      ranked: words.map(({ matter, score }) => ({ matter, score: 1.3 * score })),
      reason: () => ({ code: 'classifier', score: 1, words: [], note: '公用事业' }),
      proposals: () => [],
    });
    const told = given({ topics: certain });
    expect(told.when({ title: '停水停电', text: '停水' })).toMatchObject({ kind: 'held', reason: 'low-confidence', matter: '0301' });
    expect(told.when({ title: '停水', text: '停水' })).toMatchObject({ kind: 'assigned', lead: 'water' });
  });

  it('offers the candidates by score', () => {
    const decision = given().when({ text: '停水又停电，还有施工噪音' });
    if (decision.kind !== 'held') throw new Error('assigned');
    expect(decision.candidates.slice(0, 2).map(({ unit }) => unit)).toEqual(['urban', 'power']);
    const scores = decision.candidates.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(decision.candidates[0]?.reasons).toEqual([expect.objectContaining({ code: 'matter-words', matter: '0102' })]);
  });
});

describe('after a return', () => {
  const text = '夜间施工，夜间施工，施工噪音，施工噪音';

  it('goes to the next in line, and says who was passed over', () => {
    const decision = given({ excluded: { urban: 'returned-before' } }).when({ title: '夜间施工，施工噪音', text });
    expect(decision).toMatchObject({
      kind: 'assigned',
      lead: 'environment',
      coHandlers: [],
      ruledOut: [{ unit: 'urban', reason: 'returned-before' }],
    });
    expect(decision.reasons).toContainEqual({ code: 'history', unit: 'urban' });
    expect(decision.confidence).toBeLessThan(given().when({ title: '夜间施工，施工噪音', text }).confidence);
  });

  it('is held when the whole line has returned it', () => {
    expect(given({ excluded: { urban: 'returned-before', environment: 'returned-before' } }).when({ text })).toMatchObject({
      kind: 'held',
      reason: 'no-candidate',
      candidates: [],
      ruledOut: [
        { unit: 'urban', reason: 'returned-before' },
        { unit: 'environment', reason: 'returned-before' },
      ],
    });
  });
});

/** Mulberry32: the same thousand appeals on every run. */
const dice = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

describe('whatever the appeal', () => {
  const throwDice = dice(20261122);
  const one = <T>(list: readonly T[]): T => list[Math.floor(throwDice() * list.length)] as T;
  const some = <T>(list: readonly T[], most: number): T[] => Array.from({ length: Math.floor(throwDice() * (most + 1)) }, () => one(list));
  const words = [
    ...SMALL_CITY.matters.flatMap(({ strong, weak }) => [...strong, ...weak]),
    ...SMALL_CITY.units.flatMap(({ name, aliases }) => [`请${name}`, `投诉${name}`, ...aliases]),
    ...SMALL_CITY.areas.map(({ name }) => name),
    '你好',
  ];
  const units = SMALL_CITY.units.map(({ code }) => code);
  const parents = new Map(SMALL_CITY.units.map(({ code, parent }) => [code, parent]));
  const directory = indexDirectory({
    ...SMALL_CITY,
    mailboxes: [{ code: 'mayor', name: '市长信箱', unit: 'housing', active: true }],
    systems: [
      {
        ...{ code: 'city-management', name: '城市管理', english: 'City management', bureau: 'urban', matters: ['01'] },
        frontLine: [{ by: 'unit', unit: 'old-bureau' }, { by: 'street' }, { by: 'district' }],
      },
    ],
  });
  // Rules that name whoever there is, whatever speaks against it.
  const rules = compileRules(
    ruleSet(
      { id: 'greeting', when: { words: { any: ['你好'] } }, then: { hold: { zh: '先看', en: 'look first' } } },
      { id: 'water', when: { words: { any: ['停水'] } }, then: { lead: 'housing', coHandlers: ['old-bureau', '@street'], matter: '0102' } },
      { id: 'all', priority: 20, when: {}, then: { copies: units.slice(0, 6), urgency: 'urgent' } },
    ),
    { directory },
  );
  const appeals = Array.from({ length: 3000 }, () => ({
    returned: some(units, 4),
    appeal: {
      appealType: one(['help', 'complaint', 'report', 'consultation'] as const),
      title: some(words, 3).join('，'),
      text: some(words, 8).join('，'),
      addressee: one([...units.map(() => undefined), ...units]),
      mailbox: one([undefined, undefined, undefined, 'mayor', 'nobody']),
      confidentiality: one(['open', 'confidential'] as const),
      reportedUnits: some([...units, 'traffic-police', 'traffic-police', 'traffic-police'], 1),
      place: one([undefined, { adminCode: one(SMALL_CITY.areas).code }, { address: one(SMALL_CITY.areas).name }]),
    },
  }));
  const decided = appeals.map(({ appeal, returned }) => ({
    appeal,
    returned,
    decision: given({ directory, rules, excluded: Object.fromEntries(returned.map((unit) => [unit, 'returned-before' as const])) }).when(
      appeal,
    ),
  }));

  it('has enough of each kind to prove something', () => {
    const rules = decided.flatMap(({ decision }) => (decision.kind === 'assigned' ? [decision.rule] : []));
    expect(new Set(rules)).toEqual(new Set(ROUTING_RULES));
    expect(decided.filter(({ decision }) => decision.kind === 'held').length).toBeGreaterThan(300);
  });

  it('never chooses a unit that returned it, is reported, is under a reported one, or is no more; and lists them', () => {
    const wrong = decided.filter(({ appeal, returned, decision }) => {
      const chosen =
        decision.kind === 'assigned'
          ? [decision.lead, ...decision.coHandlers, ...decision.copies]
          : decision.candidates.map(({ unit }) => unit);
      const out = new Set(decision.ruledOut.map(({ unit }) => unit));
      const barred = new Set([...returned, ...appeal.reportedUnits, 'old-bureau']);
      return (
        chosen.some((unit) => barred.has(unit) || out.has(unit) || appeal.reportedUnits.includes(parents.get(unit) ?? '')) ||
        ![...returned, ...appeal.reportedUnits].every((unit) => out.has(unit))
      );
    });
    expect(wrong).toEqual([]);
  });

  it('chooses known units, each once – so exactly one leads –, and gives a confidence within 0 and 1', () => {
    const wrong = decided.filter(({ decision }) => {
      const chosen =
        decision.kind === 'assigned'
          ? [decision.lead, ...decision.coHandlers, ...decision.copies]
          : decision.candidates.map(({ unit }) => unit);
      return (
        new Set(chosen).size !== chosen.length ||
        !chosen.every((unit) => units.includes(unit)) ||
        !(decision.confidence >= 0 && decision.confidence <= 1)
      );
    });
    expect(wrong).toEqual([]);
  });

  it('decides the same again', () => {
    for (const { appeal, returned, decision } of decided.slice(0, 300)) {
      const again = given({
        directory,
        rules,
        excluded: Object.fromEntries(returned.map((unit) => [unit, 'returned-before' as const])),
      }).when(appeal);
      expect(again).toEqual(decision);
    }
  });
});
