import type { AppealType, Confidentiality, ReturnReason, Urgency } from '@paidan/contracts';
import { eventOf } from '@paidan/contracts/happenings';
import { runs } from '@paidan/testing/runs';
import fc from 'fast-check';
import {
  acceptReturn,
  approved,
  assign,
  facts,
  NOW,
  POLICY,
  reassign,
  refuseReturn,
  registered,
  released,
  releaseRefused,
  reopened,
  returned,
  step,
  TICKET,
  undo,
  type Next,
} from './dispatch.kit.js';
import type { Facts } from './placements.js';
import { indexDirectory, type DirectoryData, type Unit } from './routing/directory.js';
import { SMALL_CITY } from './routing/small-city.kit.js';
import { compileRules } from './rules/compile.js';
import { ruleSet, type RuleGiven } from './rules/rules.kit.js';
import { decisionVersion, type Taken, type Ticket } from './ticket.js';

const UNITS = SMALL_CITY.units.map(({ code }) => code);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Sets of rules that name whoever there is, whatever speaks against it. */
const RULE_SETS: readonly (readonly RuleGiven[])[] = [
  [],
  [
    { id: 'urgent', when: {}, then: { urgency: 'urgent', copies: ['police', 'west', 'peach'] } },
    { id: 'noise', priority: 20, when: { words: { any: ['施工噪音'] } }, then: { lead: 'police', coHandlers: ['urban', '@street'] } },
  ],
  [
    { id: 'water', when: { words: { any: ['停水'] } }, then: { lead: 'housing', coHandlers: ['traffic-police'], matter: '0102' } },
    { id: 'all', priority: 20, when: {}, then: { lead: 'urban', coHandlers: ['environment', '@district'], copies: UNITS.slice(0, 5) } },
  ],
  [{ id: 'street', when: {}, then: { lead: '@street', coHandlers: ['east'], copies: ['old-bureau', 'prices'], urgency: 'critical' } }],
  [{ id: 'look', when: {}, then: { copies: ['urban'], hold: { zh: '先看', en: 'look first' } } }],
];

interface Appeal {
  readonly appealType: AppealType;
  readonly urgency: Urgency;
  readonly confidentiality: Confidentiality;
  readonly words: readonly string[];
  readonly accused: string | undefined;
  /** Which set of rules is in force when it comes. */
  readonly rules: number;
  readonly addressee: string | undefined;
  readonly area: string | undefined;
}

type Act =
  | { readonly act: 'return'; readonly reason: ReturnReason }
  | { readonly act: 'accept' | 'refuse' | 'release' | 'keep' | 'approve' | 'reopen' | 'undo' | 'supplement' }
  | {
      readonly act: 'order';
      readonly unit: string;
      readonly coHandlers: readonly string[];
      readonly copies: readonly string[];
      readonly designated: boolean;
      readonly role: 'dispatcher' | 'supervisor';
    }
  | { readonly act: 'rules'; readonly set: number }
  | { readonly act: 'unit'; readonly unit: string; readonly change: Pick<Partial<Unit>, 'active' | 'from' | 'until'> }
  | { readonly act: 'parent'; readonly unit: string; readonly parent: string | undefined }
  | { readonly act: 'wait'; readonly for: number };

const unit = fc.constantFrom(...UNITS);
const few = fc.uniqueArray(unit, { maxLength: 3 });
const said = fc.constantFrom(...SMALL_CITY.matters.flatMap(({ strong }) => strong));
const appeals: fc.Arbitrary<Appeal> = fc.record({
  appealType: fc.constantFrom<AppealType[]>('help', 'complaint', 'report'),
  urgency: fc.constantFrom<Urgency[]>('normal', 'urgent'),
  confidentiality: fc.constantFrom<Confidentiality[]>('open', 'open', 'confidential'),
  // Half of them are sure: of one matter only.
  words: fc.oneof(
    said.map((word) => [word]),
    fc.array(said, { minLength: 1, maxLength: 3 }),
  ),
  accused: fc.option(unit, { nil: undefined, freq: 1 }),
  rules: fc.nat(RULE_SETS.length - 1),
  addressee: fc.option(unit, { nil: undefined, freq: 2 }),
  area: fc.option(fc.constantFrom(...SMALL_CITY.areas.map(({ code }) => code)), { nil: undefined }),
});
const acts: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      act: fc.constant('return' as const),
      reason: fc.constantFrom<ReturnReason[]>('not-our-duty', 'not-our-area', 'duplicate'),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constantFrom(
        ...(['accept', 'accept', 'refuse', 'release', 'release', 'keep', 'approve', 'reopen', 'undo', 'supplement'] as const),
      ),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      ...{ act: fc.constant('order' as const), unit, coHandlers: few, copies: few, designated: fc.boolean() },
      role: fc.constantFrom(...(['dispatcher', 'supervisor'] as const)),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('rules' as const), set: fc.nat(RULE_SETS.length - 1) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      ...{ act: fc.constant('unit' as const), unit },
      change: fc.constantFrom<Pick<Partial<Unit>, 'active' | 'from' | 'until'>[]>(
        { active: false },
        { active: true },
        { from: NOW + DAY },
        { until: NOW },
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('parent' as const), unit, parent: fc.option(unit, { nil: undefined, freq: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('wait' as const), for: fc.constantFrom(MINUTE, DAY) }) },
);

/** The city as the last version of its directory has it. */
interface City {
  readonly units: readonly Unit[];
  readonly version: number;
  readonly rules: number;
}

const dataOf = ({ units, version }: City): DirectoryData => ({
  ...SMALL_CITY,
  ...{ version, units },
  systems: [
    {
      ...{ code: 'management', name: '城市管理', english: 'City management', bureau: 'urban', matters: ['01'] },
      frontLine: [{ by: 'street' }, { by: 'district' }],
    },
  ],
});
const publishedOf = (city: City): Pick<Facts, 'directory' | 'rules' | 'rulesVersion'> => {
  const directory = indexDirectory(dataOf(city));
  const given = RULE_SETS[city.rules] ?? [];
  return {
    directory,
    rulesVersion: city.rules + 1,
    rules: given.length === 0 ? undefined : compileRules(ruleSet(...given), { directory }),
  };
};

const above = (units: readonly Unit[], code: string): readonly string[] => {
  const line: string[] = [];
  for (let at: string | undefined = code; at !== undefined && !line.includes(at); at = units.find((one) => one.code === at)?.parent)
    line.push(at);
  return line;
};
/** A tree stays one: what would be above itself is refused when a directory is loaded. */
const changed = (city: City, act: Act): City => {
  const replace = (code: string, change: (unit: Unit) => Unit): City => ({
    ...city,
    version: city.version + 1,
    units: city.units.map((one) => (one.code === code ? change(one) : one)),
  });
  if (act.act === 'rules') return { ...city, rules: act.set };
  if (act.act === 'unit') return replace(act.unit, ({ from: _from, until: _until, ...one }) => ({ ...one, active: true, ...act.change }));
  if (act.act !== 'parent' || (act.parent !== undefined && above(city.units, act.parent).includes(act.unit))) return city;
  const { parent } = act;
  return replace(act.unit, ({ parent: _before, ...one }) => ({ ...one, ...(parent === undefined ? {} : { parent }) }));
};

const supplemented: Next = {
  kind: 'event',
  event: eventOf(
    'ticket.supplemented',
    { supplement: 1, suppliedAt: new Date(NOW).toISOString(), words: { kind: 'open', text: '夜间施工，停水' } },
    {
      ...{ ticketId: TICKET, time: new Date(NOW).toISOString(), sequence: 9 },
    },
  ),
};

/** What the act is, on a ticket in this state. */
const messageOf = (act: Act, ticket: Ticket): Next | undefined => {
  const { assignment, lead } = 'holding' in ticket ? ticket.holding : { assignment: 1, lead: 'urban' };
  switch (act.act) {
    case 'return':
      return returned(assignment, lead, act.reason, NOW);
    case 'accept':
      return acceptReturn();
    case 'refuse':
      return refuseReturn();
    case 'release':
      return released(assignment, lead);
    case 'keep':
      return releaseRefused(assignment, lead);
    case 'approve':
      return approved(assignment, lead);
    case 'reopen':
      return reopened('unsatisfied', lead);
    case 'undo':
      return undo({ role: 'supervisor' });
    case 'supplement':
      return supplemented;
    case 'order': {
      const { act: _act, ...order } = act;
      return ticket.status === 'held' ? assign(order) : reassign(order);
    }
    default:
      return undefined;
  }
};

type Placed = Extract<Taken, { did: 'assigned' }>;

/** What is wrong with an assignment, told without a look at how routing decides: from the tables of the day and the ticket's history alone. */
const faultsOf = (taken: Placed, before: readonly Taken[], appeal: Appeal, { units }: City, now: number, role: string): string[] => {
  const { lead, coHandlers, copies, by, designated } = taken;
  const chosen = [lead, ...coHandlers, ...copies];
  const faults: string[] = [];
  if (new Set(chosen).size !== chosen.length) faults.push('not exactly one part each');
  const reported = new Set(appeal.accused === undefined ? [] : [appeal.accused]);
  const isRedo = by.kind === 'rule' && by.rule === 'redo';
  const returnedBy = before.flatMap((one) => (one.did === 'return-accepted' ? [one.unit] : []));
  const answeredBefore = before.findLast((one): one is Placed => one.did === 'assigned');
  for (const code of chosen) {
    const one = units.find((other) => other.code === code);
    const { active = false, from = -Infinity, until = Infinity } = one ?? {};
    if (!active || now < from || now >= until) faults.push(`${code} is not there`);
    const mayMeet =
      code === lead && designated && role === 'supervisor' && appeal.appealType !== 'report' && appeal.confidentiality === 'open';
    if (!mayMeet && above(units, code).some((line) => reported.has(line))) faults.push(`${code} is reported, or under one that is`);
    if (!returnedBy.includes(code)) continue;
    // By hand it may work along; to lead it must be designated. A redo goes to whoever answered.
    const byHand = by.kind === 'person' && (code !== lead || designated);
    const again =
      isRedo &&
      answeredBefore !== undefined &&
      [answeredBefore.lead, ...answeredBefore.coHandlers, ...answeredBefore.copies].includes(code);
    if (!byHand && !again) faults.push(`${code} returned it`);
  }
  return faults;
};

const live = (appeal: Appeal, story: readonly Act[], returnReview: 'rule' | 'person', seen: Map<string, number>): Ticket | undefined => {
  const { appealType, urgency, confidentiality, words, accused, addressee, area } = appeal;
  const name = SMALL_CITY.units.find(({ code }) => code === accused)?.name;
  const title = name === undefined ? words.join('，') : `举报${name}${words.join('，')}`;
  let city: City = { units: SMALL_CITY.units, version: 7, rules: appeal.rules };
  let published = publishedOf(city);
  let now = NOW;
  let role = 'rule';
  const first = registered({
    ...{ appealType, urgency, confidentiality, title, text: words.join('，') },
    ...(addressee === undefined ? {} : { addressee }),
    ...(area === undefined ? {} : { place: { adminCode: area } }),
  });
  const content =
    typeof first !== 'function' && first.kind === 'event' && first.event.name === 'ticket.registered'
      ? first.event.payload.content
      : undefined;
  const contents = new Map(content === undefined ? [] : [[TICKET, content]]);
  const base = facts({ policy: { ...POLICY, returnReview }, contents });
  const under = (): Facts => ({ ...base, ...published });
  let ticket: Ticket | undefined;
  const go = (message: Next): void => {
    const before = ticket;
    const result = step(before, message, under(), now);
    ticket = result.ticket;
    if (ticket === undefined) throw new Error('nothing was registered');
    if (
      before !== undefined &&
      'holding' in before &&
      before.holding.designated &&
      typeof message !== 'function' &&
      message.kind === 'event'
    ) {
      if (message.event.name === 'assignment.returned' && before.status === 'assigned' && result.concerned) {
        expect(result.events).toMatchObject([{ name: 'return.refused', payload: { reason: 'designated' } }]);
        expect(ticket).toMatchObject({ status: 'assigned', holding: { lead: before.holding.lead } });
        seen.set('designation kept', (seen.get('designation kept') ?? 0) + 1);
      }
    }
    const known = before === undefined ? 0 : decisionVersion(before);
    ticket.decisions.slice(known).forEach((taken, index, fresh) => {
      if (taken.did !== 'assigned') return;
      const past = [...(before?.decisions ?? []), ...fresh.slice(0, index)];
      expect({ taken, faults: faultsOf(taken, past, appeal, city, now, role) }).toEqual({ taken, faults: [] });
      const how = taken.by.kind === 'person' ? 'by hand' : taken.by.rule;
      seen.set(how, (seen.get(how) ?? 0) + 1);
    });
  };
  go(first);
  for (const act of story) {
    if (act.act === 'wait') now += act.for;
    const next = changed(city, act);
    if (next !== city) published = publishedOf(next);
    city = next;
    const message = ticket === undefined ? undefined : messageOf(act, ticket);
    // Who ordered last: a reassignment is carried out when its holder lets go.
    if (act.act === 'order' && ticket !== undefined && (ticket.status === 'held' || ticket.status === 'assigned')) role = act.role;
    if (message !== undefined) go(message);
  }
  return ticket;
};

describe('whatever happens to a ticket and around it', () => {
  it('nobody who is ruled out leads, works along or is told; one leads; and a designation is final', () => {
    const seen = new Map<string, number>();
    const stories = fc.array(acts, { minLength: 5, maxLength: 25 });
    fc.assert(
      fc.property(appeals, stories, fc.constantFrom(...(['rule', 'person'] as const)), (appeal, story, review) => {
        live(appeal, story, review, seen);
      }),
      runs(300),
    );
    // The stories must come far enough.
    for (const way of ['by hand', 'redo', 'matter', 'rule-set', 'front-line', 'addressee', 'designation kept'])
      expect({ way, often: (seen.get(way) ?? 0) >= 5 }).toEqual({ way, often: true });
  });

  it('nor does one that came under the reported party after a person had chosen it, while its holder was asked to let go', () => {
    const appeal: Appeal = {
      ...{ appealType: 'help', urgency: 'normal', confidentiality: 'open', words: ['停水', '停水'] },
      ...{ accused: 'police', rules: 0, addressee: undefined, area: undefined },
    };
    const order: Act = { act: 'order', unit: 'housing', coHandlers: ['prices'], copies: ['urban'], designated: false, role: 'dispatcher' };
    const under = (unit: string): Act => ({ act: 'parent', unit, parent: 'police' });
    const released: Act = { act: 'release' };
    expect(live(appeal, [order, under('housing'), released], 'rule', new Map())).toMatchObject({
      ...{ status: 'held', reason: 'conflict-of-interest' },
    });
    const others = live(appeal, [order, under('prices'), under('urban'), released], 'rule', new Map());
    expect(others).toMatchObject({ status: 'assigned', holding: { lead: 'housing' } });
    expect(others?.decisions.at(-1)).toMatchObject({ coHandlers: [], copies: [] });
  });
});
