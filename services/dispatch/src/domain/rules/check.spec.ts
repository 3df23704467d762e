import { indexDirectory } from '../routing/directory.js';
import { SMALL_CITY } from '../routing/small-city.kit.js';
import { checkRules, MAX_PHRASES } from './check.js';
import type { Rule } from './document.js';
import { RULE_PROBLEMS } from './problems.js';
import { NOW, ruleSet, WORLD, type RuleGiven } from './rules.kit.js';

const given = (...rules: readonly RuleGiven[]) => ({
  whenChecked: (): readonly (readonly [string, string])[] =>
    checkRules(ruleSet(...rules), WORLD, NOW).problems.map(({ code, pointer }) => [code, pointer] as const),
});
const words = (any: string[], more: Rule['when'] = {}): Rule['when'] => ({ words: { any }, ...more });

const CASES: readonly (readonly [string, readonly RuleGiven[], string, string])[] = [
  ['an id twice', [{ id: 'a1' }, { id: 'a1', when: words(['停水']) }], 'duplicate-id', '/rules/1/id'],
  ['no condition', [{ id: 'a1', when: { words: {} } }], 'no-condition', '/rules/0/when'],
  ['no effect', [{ id: 'a1', then: {} }], 'no-effect', '/rules/0/then'],
  ['a day that isn’t', [{ id: 'a1', from: '2026-02-30' }], 'no-such-date', '/rules/0/from'],
  ['a window of no length', [{ id: 'a1', when: { time: [{ from: '22:00', to: '22:00' }] } }], 'empty-window', '/rules/0/when/time/0'],
  ['that alone can’t be', [{ id: 'a1', when: { time: [{ from: '24:00', to: '00:00' }] } }], 'unreachable', '/rules/0/when/time'],
  ['an unknown channel', [{ id: 'a1', when: { channel: ['fax'] } }], 'unknown-channel', '/rules/0/when/channel/0'],
  ['an unknown mailbox', [{ id: 'a1', when: { mailbox: ['mayor', 'king'] } }], 'unknown-mailbox', '/rules/0/when/mailbox/1'],
  ['an unknown lead', [{ id: 'a1', then: { lead: 'nobody' } }], 'unknown-unit', '/rules/0/then/lead'],
  ['an unknown copy', [{ id: 'a1', then: { copies: ['urban', 'nobody'] } }], 'unknown-unit', '/rules/0/then/copies/1'],
  ['an unknown reported unit', [{ id: 'a1', when: { not: { reported: ['nobody'] } } }], 'unknown-unit', '/rules/0/when/not/reported/0'],
  ['a closed unit', [{ id: 'a1', then: { coHandlers: ['old-bureau'] } }], 'unit-inactive', '/rules/0/then/coHandlers/0'],
  ['an unknown matter', [{ id: 'a1', when: { matter: ['0199'] } }], 'unknown-matter', '/rules/0/when/matter/0'],
  ['an unknown topic', [{ id: 'a1', when: { matter: ['77'] } }], 'unknown-matter', '/rules/0/when/matter/0'],
  ['a matter that can’t be set', [{ id: 'a1', then: { matter: '9999' } }], 'unknown-matter', '/rules/0/then/matter'],
  ['an unknown area', [{ id: 'a1', when: { area: ['110000'] } }], 'unknown-area', '/rules/0/when/area/0'],
  ['an unknown rule', [{ id: 'a1', unless: ['zz'] }], 'unknown-rule', '/rules/0/unless/0'],
  [
    'a rule that comes later',
    [
      { id: 'a1', unless: ['b2'] },
      { id: 'b2', when: words(['停水']) },
    ],
    'not-before',
    '/rules/0/unless/0',
  ],
  ['a rule that has ended', [{ id: 'a1', until: '2026-11-22' }], 'ended', '/rules/0/until'],
  [
    'an exception that has ended',
    [
      { id: 'a1', priority: 1, until: '2026-11-22' },
      { id: 'b2', unless: ['a1'] },
    ],
    'refers-to-ended',
    '/rules/1/unless/0',
  ],
  ['a unit twice', [{ id: 'a1', then: { lead: 'urban', copies: ['urban'] } }], 'unit-twice', '/rules/0/then/copies/0'],
  [
    'a reported lead',
    [{ id: 'a1', when: { reported: ['police'] }, then: { lead: 'traffic-police' } }],
    'unit-is-reported',
    '/rules/0/then/lead',
  ],
  ['a lead of elsewhere', [{ id: 'a1', when: { area: ['990103'] }, then: { lead: 'peach' } }], 'lead-outside-area', '/rules/0/then/lead'],
  ['an end before the beginning', [{ id: 'a1', from: '2027-02-01', until: '2027-01-01' }], 'unreachable', '/rules/0/until'],
  [
    'an area and not its district',
    [{ id: 'a1', when: { area: ['990102001'], not: { area: ['990102'] } } }],
    'unreachable',
    '/rules/0/when/area',
  ],
  [
    'a matter and not its topic',
    [{ id: 'a1', when: { matter: ['0101'], not: { matter: ['01'] } } }],
    'unreachable',
    '/rules/0/when/matter',
  ],
  [
    'a channel of another kind',
    [{ id: 'a1', when: { channel: ['hotline'], channelKind: ['web'] } }],
    'unreachable',
    '/rules/0/when/channel',
  ],
  [
    'a unit reported, but nobody above it',
    [{ id: 'a1', when: { reported: ['traffic-police'], not: { reported: ['police'] } } }],
    'unreachable',
    '/rules/0/when/reported',
  ],
  ['all and none', [{ id: 'a1', when: { words: { all: ['夜间施工'], none: ['施工'] } } }], 'unreachable', '/rules/0/when/words'],
  [
    'in the title, and nowhere',
    [{ id: 'a1', when: { title: { any: ['ＫＴＶ'] }, words: { none: ['ktv'] } } }],
    'unreachable',
    '/rules/0/when/title',
  ],
  [
    'a phrase in any and none',
    [{ id: 'a1', when: { words: { any: ['停水', '停电'], none: ['停电'] } } }],
    'dead-phrase',
    '/rules/0/when/words/any/1',
  ],
  [
    'an hour that is excepted',
    [{ id: 'a1', when: { time: [{ from: '22:00', to: '06:00' }], not: { time: [{ from: '20:00', to: '08:00' }] } } }],
    'unreachable',
    '/rules/0/when/time',
  ],
  [
    'a rule that its exception keeps out',
    [
      { id: 'a1', priority: 1, when: words(['施工']) },
      { id: 'b2', unless: ['a1'], when: words(['夜间施工']), then: { lead: 'police' } },
    ],
    'unreachable',
    '/rules/1/unless',
  ],
  [
    'a narrower rule after a wider one',
    [
      { id: 'a1', priority: 1, when: words(['施工']) },
      { id: 'b2', when: words(['夜间施工'], { area: ['990102'] }), then: { lead: 'police' } },
    ],
    'shadowed',
    '/rules/1',
  ],
  [
    'a rule after one that stops',
    [
      { id: 'a1', priority: 1, stop: true },
      { id: 'b2', then: { hold: { zh: '敏感', en: 'sensitive' } } },
    ],
    'shadowed',
    '/rules/1',
  ],
  [
    'two leads of one priority',
    [{ id: 'a1' }, { id: 'b2', when: words(['停水']), then: { lead: 'police' } }],
    'contradiction',
    '/rules/1/then/lead',
  ],
  [
    'two leads for an appeal about two units',
    [
      { id: 'a1', when: { reported: ['police'] } },
      { id: 'b2', when: { reported: ['education'] }, then: { lead: 'housing' } },
    ],
    'contradiction',
    '/rules/1/then/lead',
  ],
  [
    'two matters of one priority',
    [
      { id: 'a1', then: { matter: '0101' } },
      { id: 'b2', when: words(['停水']), then: { matter: '0301' } },
    ],
    'contradiction',
    '/rules/1/then/matter',
  ],
];

describe('a set of rules with a mistake', () => {
  it.each(CASES)('is told: %s', (_what, rules, code, pointer) => {
    expect(given(...rules).whenChecked()).toContainEqual([code, pointer]);
  });

  it('is told every mistake at once, in both languages, in the order of the document', () => {
    const { problems } = checkRules(
      ruleSet({ id: 'b2', then: { lead: 'old-bureau' } }, { id: 'a1', when: { area: ['110000'] }, then: { lead: 'nobody' } }),
      WORLD,
      NOW,
    );
    expect(problems.map(({ rule, code }) => [rule, code])).toEqual([
      ['b2', 'unit-inactive'],
      ['a1', 'unknown-area'],
      ['a1', 'unknown-unit'],
      ['a1', 'contradiction'],
    ]);
    expect(problems[0]).toMatchObject({
      detail: '示例市园林局 (old-bureau) is no longer active',
      detailZh: '示例市园林局（old-bureau）已停用',
    });
  });

  it.each<[string, unknown, string, string | undefined]>([
    ['nothing', null, 'is-object', undefined],
    ['no rules', { name: 'x', rules: [] }, 'array-min-size', undefined],
    ['an unknown field', { name: 'x', rules: [{ ...ruleSet({ id: 'a1' }).rules[0], regex: '.*' }] }, 'unknown-field', 'a1'],
    ['an empty list', ruleSet({ id: 'a1', when: { channel: [] } }), 'some-channels', 'a1'],
    ['a blank phrase', ruleSet({ id: 'a1', when: words(['\u200b ']) }), 'some-phrases', 'a1'],
    ['a number for a code', { name: 'x', rules: [{ ...ruleSet({ id: 'a1' }).rules[0], when: { matter: [702] } }] }, 'some-matters', 'a1'],
  ])('is told of its shape: %s', (_what, json, code, rule) => {
    expect(checkRules(json, WORLD, NOW).problems).toContainEqual(
      expect.objectContaining({ code, ...(rule === undefined ? {} : { rule }) }),
    );
  });

  it('may not be endless', () => {
    const phrases = Array.from({ length: 100 }, (_, at) => `词${at}`);
    const rules = Array.from({ length: MAX_PHRASES / 100 + 1 }, (_, at) => ({ id: `r${at}`, when: words(phrases) }));
    expect(checkRules(ruleSet(...rules), WORLD, NOW).problems.map(({ code }) => code)).toEqual(['too-many-phrases']);
    const odd = (at: number): string =>
      Array.from({ length: 20 }, (_, n) => String.fromCharCode(0x3400 + ((at * 20 + n) % 0x6000))).join('');
    const wide = Array.from({ length: 80 }, (_, at) => ({ id: `w${at}`, when: words(phrases.map((_one, n) => odd(at * 100 + n))) }));
    expect(checkRules(ruleSet(...wide), WORLD, NOW).problems.map(({ code }) => code)).toEqual(['too-many-phrases']);
    expect(checkRules(ruleSet(...Array.from({ length: 2_001 }, (_, at) => ({ id: `r${at}` }))), WORLD, NOW).problems).toMatchObject([
      { code: 'array-max-size' },
    ]);
  });

  it('has a test for each kind of mistake', () => {
    expect(new Set([...CASES.map(([, , code]) => code), 'too-many-phrases'])).toEqual(new Set(RULE_PROBLEMS));
  });
});

describe('a set of rules without one', () => {
  it.each<[string, readonly RuleGiven[]]>([
    [
      'a wider rule after a narrower one',
      [
        { id: 'a1', priority: 1, when: words(['夜间施工']) },
        { id: 'b2', when: words(['施工']) },
      ],
    ],
    [
      'a later rule that adds a copy',
      [
        { id: 'a1', priority: 1 },
        { id: 'b2', when: words(['施工']), then: { lead: 'urban', copies: ['east'] } },
      ],
    ],
    [
      'a rule of which the earlier one’s @street may be nobody',
      [
        { id: 'a1', priority: 1, then: { lead: '@street' } },
        { id: 'b2', when: words(['施工']), then: { lead: 'urban' } },
      ],
    ],
    [
      'a covered rule that another one excepts',
      [
        { id: 'a1', priority: 1 },
        { id: 'b2', priority: 2, when: words(['施工'], { appealType: ['help'] }) },
        { id: 'c3', when: words(['施工']), unless: ['b2'], then: { lead: 'police' } },
      ],
    ],
    [
      'two leads of one priority that never meet',
      [
        { id: 'a1', when: { area: ['990102'] } },
        { id: 'b2', when: { area: ['990103'] }, then: { lead: 'river' } },
      ],
    ],
    [
      'two leads of one priority at different hours',
      [
        { id: 'a1', when: { time: [{ from: '22:00', to: '06:00' }] } },
        { id: 'b2', when: { time: [{ from: '06:00', to: '22:00' }] }, then: { lead: 'police' } },
      ],
    ],
    [
      'a rule about one unit, for the appeal may be about the other as well',
      [
        { id: 'a1', priority: 1, when: { appealType: ['help'], not: { reported: ['east'] } } },
        { id: 'b2', when: { appealType: ['help'], reported: ['police'] } },
      ],
    ],
    ['exempted by a rule without effects', [{ id: 'a1', priority: 1, when: words(['演练']), then: {}, stop: true }, { id: 'b2' }]],
  ])('%s', (_what, rules) => {
    expect(given(...rules).whenChecked()).toEqual([]);
  });

  it('has one when the directory closes a unit', () => {
    const closed = indexDirectory({
      ...SMALL_CITY,
      units: SMALL_CITY.units.map((unit) => (unit.code === 'urban' ? { ...unit, active: false } : unit)),
    });
    expect(checkRules(ruleSet({ id: 'a1' }), { ...WORLD, directory: closed }, NOW).problems).toMatchObject([
      { code: 'unit-inactive', rule: 'a1' },
    ]);
  });
});
