import type { AppealType, ChannelKind, RuleSetV1, Urgency } from '@paidan/contracts';
import fc from 'fast-check';
import { indexDirectory, withSubordinates, contains, type Directory } from '../routing/directory.js';
import { spelled } from '../routing/phrases.js';
import { SMALL_CITY } from '../routing/small-city.kit.js';
import type { Rule, RuleExceptions, RuleTime, RuleWords, RuleWorld } from './document.js';
import type { RuleFacts } from './facts.js';

export const DIRECTORY: Directory = indexDirectory(SMALL_CITY);
const CHANNELS = new Map<string, ChannelKind>([
  ['web-portal', 'web'],
  ['web-forum', 'web'],
  ['hotline', 'phone'],
]);
export const WORLD: RuleWorld = { directory: DIRECTORY, channels: CHANNELS, mailboxes: new Set(['mayor', 'governor']) };
/** Monday 2026-11-23, 10:00 in Shanghai. */
export const NOW = Date.parse('2026-11-23T10:00:00+08:00');

export type RuleGiven = Partial<Rule> & { readonly id: string };
export const rule = ({ id, ...more }: RuleGiven): Rule => ({
  id,
  title: { zh: `规则${id}`, en: `Rule ${id}` },
  priority: 10,
  when: { appealType: ['help'] },
  then: { lead: 'urban' },
  ...more,
});
export const ruleSet = (...rules: readonly RuleGiven[]): RuleSetV1 => ({ name: '测试', rules: rules.map(rule) });

export const FACTS: RuleFacts = {
  channel: 'web-portal',
  channelKind: 'web',
  appealType: 'help',
  urgency: 'normal',
  confidentiality: 'open',
  receivedAt: NOW,
  now: NOW,
  title: '',
  text: '',
};

/* What random rules and appeals are made of: few values, so that they meet. */

const PHRASES = ['施工', '夜间施工', '夜间', '燃气', '燃气泄漏', 'KTV', 'ktv', '施 工噪音', '工'];
const AREAS = ['990100', '990102', '990103', '990102001', '990102002', '990103001'];
const UNITS = ['urban', 'environment', 'police', 'traffic-police', 'old-bureau', 'east', 'peach'];

const some = <T>(arbitrary: fc.Arbitrary<T>, maxLength = 3) => fc.uniqueArray(arbitrary, { minLength: 1, maxLength });
/** There once in so many times. */
const maybe = <T>(arbitrary: fc.Arbitrary<T>, oneIn = 4): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: oneIn - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const defined = <T extends object>(record: T): T => JSON.parse(JSON.stringify(record)) as T;

const time: fc.Arbitrary<RuleTime> = fc
  .record({
    days: maybe(some(fc.constantFrom('mon', 'tue', 'sat', 'sun'))),
    from: fc.constantFrom('00:00', '06:00', '22:00', '24:00'),
    to: fc.constantFrom('00:00', '06:00', '10:01', '22:00', '24:00'),
  })
  .map(defined) as fc.Arbitrary<RuleTime>;
const words: fc.Arbitrary<RuleWords> = fc
  .record({
    any: maybe(some(fc.constantFrom(...PHRASES)), 2),
    all: maybe(some(fc.constantFrom(...PHRASES), 2)),
    none: maybe(some(fc.constantFrom(...PHRASES), 2)),
  })
  .map(defined) as fc.Arbitrary<RuleWords>;
const exceptions = (oneIn: number): fc.Arbitrary<RuleExceptions> =>
  fc
    .record({
      channel: maybe(some(fc.constantFrom(...CHANNELS.keys())), oneIn),
      channelKind: maybe(some(fc.constantFrom('web', 'phone')), oneIn),
      mailbox: maybe(some(fc.constantFrom('mayor', 'governor')), oneIn * 2),
      addressee: maybe(some(fc.constantFrom('urban', 'police')), oneIn * 2),
      appealType: maybe(some(fc.constantFrom('help', 'report', 'complaint')), oneIn),
      matter: maybe(some(fc.constantFrom('01', '0101', '0102', '03')), oneIn),
      area: maybe(some(fc.constantFrom(...AREAS)), oneIn),
      reported: maybe(some(fc.constantFrom('police', 'traffic-police', 'east', 'peach')), oneIn),
      urgency: maybe(some(fc.constantFrom('normal', 'urgent', 'critical')), oneIn),
      confidentiality: maybe(some(fc.constantFrom('open', 'confidential')), oneIn * 2),
      time: maybe(some(time, 2), oneIn),
    })
    .map(defined) as fc.Arbitrary<RuleExceptions>;
const handlers = some(fc.constantFrom('@street', '@district', ...UNITS), 2);
const effects = fc
  .record({
    lead: maybe(fc.constantFrom('@street', '@district', ...UNITS), 2),
    coHandlers: maybe(handlers),
    copies: maybe(handlers),
    matter: maybe(fc.constantFrom('0101', '0102', '9999')),
    urgency: maybe(fc.constantFrom('urgent', 'critical')),
    hold: maybe(fc.constantFrom({ zh: '扬言', en: 'a threat' }, { zh: '群体', en: 'a crowd' })),
  })
  .map(defined) as fc.Arbitrary<Rule['then']>;

const IDS = ['r1', 'r2', 'r3', 'r4', 'r5', 'r6'];
const date = fc.constantFrom('2026-11-01', '2026-11-22', '2026-11-23', '2026-12-31');

/** Mostly few conditions: rules with many never meet. */
const arbitraryRule = (id: string): fc.Arbitrary<Rule> =>
  fc
    .record({
      id: fc.constant(id),
      title: fc.constant({ zh: id, en: id }),
      priority: fc.integer({ min: 1, max: 4 }),
      from: maybe(date, 8),
      until: maybe(date, 8),
      unless: maybe(some(fc.constantFrom(...IDS), 2), 5),
      when: fc
        .tuple(
          fc.constantFrom(4, 8, 20).chain(exceptions),
          fc.record({ words: maybe(words, 2), title: maybe(words, 8), not: maybe(exceptions(8), 6) }),
        )
        .map(([asked, more]) => ({ ...asked, ...more })),
      then: effects,
      stop: maybe(fc.boolean(), 5),
    })
    .map(defined) as fc.Arbitrary<Rule>;
export const ruleSets: fc.Arbitrary<RuleSetV1> = fc
  .integer({ min: 1, max: IDS.length })
  .chain((count) => fc.tuple(...IDS.slice(0, count).map(arbitraryRule)))
  .map((rules) => ({ name: 'random', rules }));

const text = fc.array(fc.constantFrom(...PHRASES, '，', 'ＫＴＶ', ' '), { maxLength: 4 }).map((parts) => parts.join(''));
export const appeals: fc.Arbitrary<RuleFacts> = fc
  .record({
    channel: fc.constantFrom(...CHANNELS.keys()),
    mailbox: maybe(fc.constantFrom('mayor', 'governor'), 2),
    addressee: maybe(fc.constantFrom('urban', 'police'), 2),
    appealType: fc.constantFrom<AppealType[]>('help', 'report', 'complaint'),
    urgency: fc.constantFrom<Urgency[]>('normal', 'urgent', 'critical'),
    confidentiality: fc.constantFrom('open' as const, 'confidential' as const),
    matter: maybe(fc.constantFrom('0101', '0102', '0301'), 2),
    area: maybe(fc.constantFrom(...AREAS), 2),
    reported: fc.uniqueArray(fc.constantFrom('police', 'traffic-police', 'east', 'peach'), { maxLength: 2 }),
    receivedAt: fc.integer({ min: 0, max: 7 * 24 * 12 }).map((steps) => NOW - steps * 300_000),
    now: fc.constantFrom(NOW, NOW - 86_400_000, NOW + 3 * 86_400_000),
    title: text,
    text,
  })
  .map(({ area, ...facts }) => ({
    ...facts,
    channelKind: CHANNELS.get(facts.channel),
    area: area === undefined ? undefined : DIRECTORY.areas.get(area),
  }));

/* The rules once more as the document says them, without index, matcher or clauses. */

const SHANGHAI_MS = 8 * 3_600_000;
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

const isAt = ({ days, from, to }: RuleTime, at: number): boolean => {
  const local = new Date(at + SHANGHAI_MS);
  const clock = local.toISOString().slice(11, 16);
  const on = (offset: number): boolean => days === undefined || days.includes(WEEKDAYS[(local.getUTCDay() + offset + 7) % 7] as 'mon');
  return from <= to ? on(0) && from <= clock && clock < to : (on(0) && from <= clock) || (on(-1) && clock < to);
};

const isAsked = (asked: RuleExceptions, facts: RuleFacts): { readonly [Field in keyof RuleExceptions]: boolean } =>
  ({
    channel: asked.channel?.includes(facts.channel),
    channelKind: asked.channelKind?.some((kind) => kind === facts.channelKind),
    mailbox: asked.mailbox?.some((code) => code === facts.mailbox),
    addressee: asked.addressee?.some((code) => code === facts.addressee),
    appealType: asked.appealType?.includes(facts.appealType),
    matter: asked.matter?.some((code) => facts.matter?.startsWith(code) === true),
    area: asked.area?.some((code) => facts.area !== undefined && contains(code, facts.area.code)),
    reported: asked.reported?.some((unit) => facts.reported?.some((one) => withSubordinates(DIRECTORY, unit).includes(one)) === true),
    urgency: asked.urgency?.includes(facts.urgency),
    confidentiality: asked.confidentiality?.includes(facts.confidentiality),
    time: asked.time?.some((window) => isAt(window, facts.receivedAt)),
  }) as { readonly [Field in keyof RuleExceptions]: boolean };

const hasWords = (asked: RuleWords | undefined, texts: readonly string[]): boolean => {
  const occurs = (phrase: string): boolean => texts.some((one) => spelled(one).includes(spelled(phrase)));
  return (asked?.any === undefined || asked.any.some(occurs)) && (asked?.all ?? []).every(occurs) && !(asked?.none ?? []).some(occurs);
};

/** Ids of the rules that apply, in order. */
export const appliedBy = ({ rules }: RuleSetV1, facts: RuleFacts): readonly string[] => {
  const today = new Date(facts.now + SHANGHAI_MS).toISOString().slice(0, 10);
  const applied: Rule[] = [];
  const byPriority = rules.map((one, at) => ({ one, at })).sort((a, b) => a.one.priority - b.one.priority || a.at - b.at);
  for (const { one } of byPriority) {
    if (applied.some(({ stop, priority }) => stop === true && priority < one.priority)) continue;
    const { words: anywhere, title, not, ...asked } = one.when;
    const holds =
      (one.from ?? '') <= today &&
      today <= (one.until ?? '9999') &&
      Object.values(isAsked(asked, facts)).every((is) => is !== false) &&
      !Object.values(isAsked(not ?? {}, facts)).some((is) => is) &&
      hasWords(anywhere, [facts.title, facts.text]) &&
      hasWords(title, [facts.title]) &&
      !(one.unless ?? []).some((id) => applied.some((other) => other.id === id));
    if (holds) applied.push(one);
  }
  return applied.map(({ id }) => id);
};
