import type { EventName } from '@paidan/contracts';
import type { Logged } from '../books/books.js';
import type { Rule } from './finding.js';
import { UNIT, Writing } from './history.kit.js';
import { deedsOn } from './clocks.js';
import { checkMembers } from './members.js';

const MASTER = '019cb000-0000-7000-8000-0000000000a1';
const MEMBER = '019cb000-0000-7000-8000-0000000000a2';
const OTHER = '019cb000-0000-7000-8000-0000000000a3';
const about = { assignment: 1, unit: UNIT };
const of = { service: 'department-handler', epoch: 1, sequence: 2 } as const;

/** What can be said of three tickets, an instant after another. */
class Town {
  private readonly writing = new Writing();
  private minute = 0;

  constructor() {
    for (const ticketId of [MASTER, MEMBER, OTHER]) this.say(ticketId, 'ticket.registered', {});
  }

  readonly say = (ticketId: string, name: EventName, payload: object): this => {
    this.minute += 1;
    this.writing.say(ticketId, name, `02 10:${String(this.minute).padStart(2, '0')}`, payload);
    return this;
  };

  readonly assign = (ticketId: string) => this.say(ticketId, 'ticket.assigned', { assignment: 1, lead: UNIT });
  readonly link = (ticketId: string, master: string) =>
    this.say(ticketId, 'ticket.linked', { master, by: { kind: 'person', subject: 'd-1' } });
  readonly unlink = (ticketId: string) => this.say(ticketId, 'ticket.unlinked', { reason: 'another-matter' });
  readonly hold = (ticketId: string) => this.say(ticketId, 'ticket.held', {});
  readonly answer = (ticketId: string) =>
    this.say(ticketId, 'reply.submitted', { ...about, round: 1 }).say(ticketId, 'reply.approved', { ...about, round: 1 });
  readonly share = (ticketId: string, master: string, more = {}) => this.say(ticketId, 'reply.shared', { round: 1, master, of, ...more });
  readonly reopen = (ticketId: string) => this.say(ticketId, 'ticket.reopened', { because: 'unsatisfied' });
  readonly close = (ticketId: string, because = 'satisfied') => this.say(ticketId, 'ticket.closed', { because });

  storyOf(ticketId: string): readonly Logged[] {
    return this.writing.stories.get(ticketId) ?? [];
  }

  found(): readonly (readonly [rule: Rule, ticketId: string | undefined])[] {
    return checkMembers({ stories: this.writing.stories }).map(({ rule, ticketId }) => [rule, ticketId]);
  }
}

const town = (): Town => new Town();
const linked = (): Town => town().assign(MASTER).hold(MEMBER).link(MEMBER, MASTER);

const WELL: readonly (readonly [what: string, story: Town])[] = [
  ['waits with its master', linked()],
  ['was let go by its holder', town().assign(MEMBER).say(MEMBER, 'assignment.released', about).link(MEMBER, MASTER)],
  ['was being returned anyway', town().assign(MEMBER).say(MEMBER, 'return.accepted', about).link(MEMBER, MASTER)],
  ['is answered with its master', linked().answer(MASTER).share(MEMBER, MASTER)],
  ['is answered, and its master’s citizen was not content', linked().answer(MASTER).share(MEMBER, MASTER).reopen(MASTER)],
  ['waits while its master is done over', linked().answer(MASTER).reopen(MASTER)],
  ['is answered, and its master closed', linked().answer(MASTER).share(MEMBER, MASTER).close(MASTER)],
  ['was taken out before the answer', linked().unlink(MEMBER).hold(MEMBER).answer(MASTER)],
  ['was taken out while the answer was on its way', linked().answer(MASTER).unlink(MEMBER).assign(MEMBER).share(MEMBER, MASTER)],
  ['is not content', linked().answer(MASTER).share(MEMBER, MASTER).reopen(MEMBER).unlink(MEMBER).assign(MEMBER)],
  [
    'is put back under the master that it was taken out from',
    linked().answer(MASTER).share(MEMBER, MASTER).unlink(MEMBER).hold(MEMBER).link(MEMBER, MASTER).share(MEMBER, MASTER, { round: 2 }),
  ],
  [
    'is put back before feedback has heard that it was taken out, and gets the reply for both times',
    linked().answer(MASTER).unlink(MEMBER).hold(MEMBER).link(MEMBER, MASTER).share(MEMBER, MASTER).share(MEMBER, MASTER, { round: 2 }),
  ],
  ['goes along with its master', linked().say(MASTER, 'assignment.released', about).link(MASTER, OTHER).link(MEMBER, OTHER)],
  [
    'goes its own way when its master is taken back',
    linked().say(MASTER, 'ticket.withdrawn', {}).close(MASTER, 'withdrawn').unlink(MEMBER).hold(MEMBER),
  ],
  ['is taken back itself', linked().close(MEMBER, 'withdrawn').answer(MASTER).close(MASTER)],
];

const BROKEN: readonly (readonly [what: string, story: Town, found: readonly Rule[]])[] = [
  ['still has a holder', town().assign(MEMBER).link(MEMBER, MASTER), ['member-assigned']],
  ['is taken out and sent nowhere', linked().unlink(MEMBER), ['member-hanging']],
  ['is taken out and put under another without being routed', linked().unlink(MEMBER).link(MEMBER, OTHER), ['member-hanging']],
  ['is forgotten when its master is answered', linked().answer(MASTER), ['member-unanswered']],
  ['is forgotten when its master is closed', linked().answer(MASTER).close(MASTER, 'no-rating'), ['member-unanswered']],
  [
    'is linked to one that was answered and gets nothing',
    town().assign(MASTER).answer(MASTER).hold(MEMBER).link(MEMBER, MASTER),
    ['member-unanswered'],
  ],
  [
    'gets nothing after it was put back',
    linked().answer(MASTER).share(MEMBER, MASTER).unlink(MEMBER).hold(MEMBER).link(MEMBER, MASTER),
    ['member-unanswered'],
  ],
  ['gets one reply twice', linked().answer(MASTER).share(MEMBER, MASTER).share(MEMBER, MASTER, { round: 2 }), ['member-answered-twice']],
  [
    'gets what is no reply',
    linked()
      .answer(MASTER)
      .share(MEMBER, MASTER, { of: { ...of, sequence: 1 } }),
    ['reply-misplaced'],
  ],
  ['gets the reply to somebody else', linked().assign(OTHER).answer(OTHER).share(MEMBER, OTHER), ['reply-misplaced']],
  ['is under a member', linked().say(MASTER, 'assignment.released', about).link(MASTER, OTHER), ['member-of-member']],
  ['is under its own member', town().link(MASTER, MEMBER).link(MEMBER, MASTER), ['member-of-member', 'member-of-member']],
  ['is its own master', town().link(MEMBER, MEMBER), ['member-of-member', 'member-of-member']],
  [
    'is left behind when its master is taken back',
    linked().say(MASTER, 'ticket.withdrawn', {}).close(MASTER, 'withdrawn'),
    ['member-hanging'],
  ],
  ['is left behind when its master is declined', linked().close(MASTER, 'declined'), ['member-hanging']],
  [
    'is left behind by a master that was answered with its own',
    linked().say(MASTER, 'assignment.released', about).link(MASTER, OTHER).assign(OTHER).answer(OTHER).share(MASTER, OTHER).close(MASTER),
    ['member-unanswered'],
  ],
];

describe('what the ledger says of a member', () => {
  it.each(WELL)('that %s: nothing', (_what, story) => expect(story.found()).toEqual([]));

  it.each(BROKEN)('that %s: it is found', (_what, story, rules) => {
    expect(story.found().map(([rule]) => rule)).toEqual(rules);
    expect(story.found().some(([, ticketId]) => ticketId === MEMBER)).toBe(true);
  });
});

it('ends the clocks of an assignment when its ticket comes under a master, and not those of the next', () => {
  const story = linked().unlink(MEMBER).assign(MEMBER).storyOf(MEMBER);
  expect(deedsOn(story, 1).stops.finish).toEqual([]);
  const letGo = town().assign(MEMBER).link(MEMBER, MASTER).storyOf(MEMBER);
  expect(deedsOn(letGo, 1).stops.finish).toHaveLength(1);
});
