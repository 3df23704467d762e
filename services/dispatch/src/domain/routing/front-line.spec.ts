import { compileRules } from '../rules/compile.js';
import { ruleSet, type RuleGiven } from '../rules/rules.kit.js';
import type { RoutingDecision } from './decision.js';
import { indexDirectory, type DirectoryData, type Unit } from './directory.js';
import { explainReason } from './explain.js';
import { given, SMALL_CITY } from './small-city.kit.js';
import type { System } from './systems.js';

const management: System = {
  code: 'city-management',
  name: '城市管理',
  english: 'City management',
  bureau: 'urban',
  matters: ['01'],
  frontLine: [{ by: 'unit', unit: 'east-squad' }, { by: 'street' }],
};
const squad: Unit = {
  ...(SMALL_CITY.units[0] as Unit),
  code: 'east-squad',
  name: '东区城管大队',
  aliases: [],
  level: 'district',
  parent: 'east',
  areas: ['990102'],
};
const city = (...changes: readonly Partial<DirectoryData>[]) =>
  indexDirectory(Object.assign({ ...SMALL_CITY, units: [...SMALL_CITY.units, squad], systems: [management] }, ...changes) as DirectoryData);
const directory = city();

const stalls = { title: '流动摊贩占道经营', text: '流动摊贩占道经营', urgency: 'urgent', place: { adminCode: '990102001' } } as const;
const inTheWest = { ...stalls, place: { adminCode: '990103001' } } as const;
const under = (...rules: readonly RuleGiven[]) => given({ directory, rules: compileRules(ruleSet(...rules), { directory }) });
const sentences = ({ reasons }: RoutingDecision, language: 'zh' | 'en') =>
  reasons.map((reason) => explainReason(directory, reason, language));

describe('what is urgent in a system of the city', () => {
  it('goes to the front-line unit at once, with the bureau in copy, and says so', () => {
    const decision = given({ directory }).when(stalls);
    expect(decision).toMatchObject({
      ...{ kind: 'assigned', rule: 'front-line', lead: 'east-squad', matter: '0101' },
      ...{ coHandlers: ['peach'], copies: ['urban'], ruledOut: [] },
    });
    expect(decision.confidence).toBe(given({ directory }).when({ ...stalls, urgency: 'normal' }).confidence);
    expect(decision.reasons).toContainEqual({
      ...{ code: 'front-line', unit: 'east-squad', matter: '0101', note: 'urban' },
      title: { zh: '城市管理', en: 'City management' },
    });
    expect(sentences(decision, 'zh')).toContain('“城市管理”系统紧急事项，即时直派一线单位东区城管大队，同送示例市城管局');
    expect(sentences(decision, 'en')).toContain(
      'It is urgent and a matter of the system “City management”: 东区城管大队, the front-line unit, gets it at once; 示例市城管局 gets a copy.',
    );
  });

  it('goes to the first of the front line that is there, a street with its district in copy, too', () => {
    expect(given({ directory }).when({ ...inTheWest, urgency: 'critical' })).toMatchObject({
      ...{ rule: 'front-line', lead: 'river', coHandlers: [], copies: ['west', 'urban'] },
    });
  });

  it('goes past the bureau that the title turns to, and to no other unit’s cost', () => {
    const turned = { ...stalls, title: '请城管局处理流动摊贩占道经营' };
    const decision = given({ directory }).when(turned);
    expect(decision).toMatchObject({ rule: 'front-line', lead: 'east-squad', copies: ['urban'] });
    expect(decision.reasons.map(({ code }) => code).slice(0, 3)).toEqual(['named-unit', 'matter-words', 'front-line']);
    expect(given({ directory }).when({ ...stalls, title: '请交警处理流动摊贩占道经营' })).toMatchObject({
      ...{ rule: 'named-unit', lead: 'traffic-police' },
    });
  });

  it('counts as urgent once a rule has raised it', () => {
    const raised = under({ id: 'danger', when: { words: { any: ['摊贩'] } }, then: { urgency: 'urgent' } });
    expect(raised.when({ ...stalls, urgency: 'normal' })).toMatchObject({ rule: 'front-line', lead: 'east-squad', urgency: 'urgent' });
  });

  it('is a proposal where a rule wants a person to look', () => {
    const look = under({ id: 'look', when: {}, then: { hold: { zh: '先看', en: 'look first' } } });
    expect(look.when(stalls)).toMatchObject({ kind: 'held', reason: 'by-rule', candidates: [{ unit: 'east-squad' }, {}, {}] });
  });

  it('has the bureau work along where a rule says so, which is more than a copy', () => {
    const along = under({ id: 'along', when: {}, then: { coHandlers: ['urban'] } }).when(stalls);
    expect(along).toMatchObject({ lead: 'east-squad', coHandlers: ['urban', 'peach'], copies: [] });
    expect(along.reasons.find(({ code }) => code === 'front-line')).not.toHaveProperty('note');
  });
});

describe('as before', () => {
  const before = { kind: 'assigned', rule: 'matter', lead: 'urban' } as const;

  it.each([
    ['what is not urgent', { ...stalls, urgency: 'normal' }, before],
    ['what is of no system', { ...stalls, title: '停水', text: '停水' }, { ...before, lead: 'water' }],
    ['what is nowhere in particular', { ...stalls, place: undefined }, before],
    ['what has no front-line unit there', { ...inTheWest, place: { adminCode: '990103' } }, before],
    ['what was sent to the bureau', { ...stalls, addressee: 'urban' }, { ...before, rule: 'addressee' }],
  ] as const)('%s goes the usual way', (_what, appeal, expected) => {
    const decision = given({ directory }).when(appeal);
    expect(decision).toMatchObject(expected);
    expect(decision.reasons.map(({ code }) => code)).not.toContain('front-line');
  });

  it('what a rule gives to a unit is that unit’s', () => {
    const rules = under({ id: 'to-police', when: {}, then: { lead: 'police' } });
    expect(rules.when(stalls)).toMatchObject({ rule: 'rule-set', lead: 'police' });
  });

  it('what nothing speaks for is held, however urgent', () => {
    expect(given({ directory }).when({ ...stalls, title: '', text: '摊贩' })).toMatchObject({ kind: 'held' });
  });

  it('a directory of an earlier release has no systems', () => {
    expect(given().when(stalls)).toMatchObject(before);
  });
});

describe('who is ruled out', () => {
  it.each([
    ['returned it', { excluded: { 'east-squad': 'returned-before' as const } }, 'returned-before'],
    ['was closed', { directory: city({ units: [...SMALL_CITY.units, { ...squad, active: false }] }) }, 'inactive'],
    ['is not there yet', { directory: city({ units: [...SMALL_CITY.units, { ...squad, from: 5 }] }) }, 'not-yet-in-force'],
  ])('is no front line: it %s', (_what, under, reason) => {
    const decision = given({ directory, ...under }).when(stalls);
    expect(decision).toMatchObject({ rule: 'front-line', lead: 'peach', coHandlers: [], copies: ['east', 'urban'] });
    expect(decision.ruledOut).toEqual([{ unit: 'east-squad', reason }]);
  });

  it('gets no copy, and the reason claims none', () => {
    const decision = given({ directory, excluded: { urban: 'returned-before' } }).when({ ...stalls, title: '流动摊贩占道经营，楼道堆物' });
    if (decision.kind !== 'assigned') throw new Error(decision.reason);
    expect([decision.lead, ...decision.coHandlers, ...decision.copies]).not.toContain('urban');
    for (const reason of decision.reasons) if (reason.code === 'front-line') expect(reason).not.toHaveProperty('note');
  });

  it('takes what is under it along: about the bureau nothing goes to its squad, nor to the district’s where the district is reported', () => {
    const own = city({ units: [...SMALL_CITY.units, { ...squad, parent: 'urban' }] });
    expect(given({ directory: own }).when({ ...stalls, reportedUnits: ['urban'] })).toMatchObject({
      ...{ kind: 'held', reason: 'conflict-of-interest' },
    });
    const decision = given({ directory }).when({ ...stalls, reportedUnits: ['east'] });
    expect(decision).toMatchObject({ rule: 'matter', lead: 'urban', coHandlers: [], copies: [] });
    expect(decision.ruledOut).toContainEqual({ unit: 'east-squad', reason: 'is-reported-party' });
  });
});

describe('the system of a matter', () => {
  it('is that of the matter itself before that of its topic', () => {
    const noise: System = { ...management, code: 'noise', matters: ['0102'], bureau: 'environment', frontLine: [{ by: 'district' }] };
    const both = city({ systems: [management, noise] });
    expect(given({ directory: both }).when({ ...stalls, title: '夜间施工', text: '夜间施工，施工噪音' })).toMatchObject({
      ...{ rule: 'front-line', lead: 'east', coHandlers: ['urban'], copies: ['environment'] },
    });
  });
});
