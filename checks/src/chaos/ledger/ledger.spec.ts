import fc from 'fast-check';
import type { Logged } from '../books/books.js';
import { ACCEPTED } from '../load/witness.js';
import { onceEach, type Rule } from './finding.js';
import { ANSWERED, cleanBooks, type Draft, FORGIVEN, NEGLECTED, on, UNIT } from './history.kit.js';
import { judged, rulesOf, storyOf, eventOf, change, unsay, resay, say, forget, swap, swapped } from './spoil.kit.js';

/** The neglected ticket's work was suspended an hour before its red card, and the monitor heard of it afterwards. */
function suspendedUnheard(): Draft {
  const books = cleanBooks();
  const about = { assignment: 2, unit: UNIT };
  const suspend = { commandId: 'c-suspend', service: 'department-handler', name: 'suspend', ticketId: NEGLECTED, assignment: 2 } as const;
  books.commands.push({ ...suspend, answers: [ACCEPTED] });
  books.schemas['department-handler'].commands.set('c-suspend', { ticketId: NEGLECTED, answer: ACCEPTED });
  say(books, NEGLECTED, 'work.suspended', '06 17:00', { ...about, officer: 'o-1' });
  say(books, NEGLECTED, 'deadline.moved', '06 18:02', {
    ...{ ...about, clock: 'finish', because: 'suspended', from: new Date(on('05 18:00')).toISOString() },
  });
  return books;
}

const first = <T>(list: readonly T[]): T => list[0] as T;
const last = <T>(list: readonly T[]): T => list.at(-1) as T;

describe('the ledger', () => {
  it('finds nothing in a history in which all is well', () => {
    expect(judged(cleanBooks())).toEqual([]);
  });

  it('takes exact repeats for what they are, wherever they come', () => {
    fc.assert(
      fc.property(fc.constantFrom(ANSWERED, NEGLECTED, FORGIVEN), fc.nat(), fc.nat(), (ticketId, which, after) => {
        const books = cleanBooks();
        const story = storyOf(books, ticketId);
        const index = which % story.length;
        const repeat = structuredClone(story[index]) as Logged;
        story.splice(index + 1 + (after % (story.length - index)), 0, repeat);
        expect(judged(books)).toEqual([]);
        expect(onceEach(story)).toHaveLength(story.length - 1);
      }),
    );
  });

  it('misses no event that the log has lost, whichever it is', () => {
    fc.assert(
      fc.property(fc.constantFrom(ANSWERED, NEGLECTED, FORGIVEN), fc.nat(), (ticketId, which) => {
        const books = cleanBooks();
        const story = storyOf(books, ticketId);
        story.splice(which % story.length, 1);
        // The last of a service leaves no gap, but its row and the trail know of it.
        const rules = rulesOf(books);
        expect(rules).toContain('trail-differs');
        expect(rules.includes('sequence-gap') || rules.includes('row-differs')).toBe(true);
      }),
    );
  });

  const corruptions: readonly (readonly [what: string, spoil: (books: Draft) => void, rules: readonly Rule[]])[] = [
    [
      'an accepted submission without a story',
      (books) => void (books.stories.delete(FORGIVEN), books.trail.delete(FORGIVEN), forget(books, FORGIVEN)),
      ['story-missing'],
    ],
    [
      'two tickets for one submission',
      (books) => void Object.assign(first(first(books.submissions).own), { ticketId: FORGIVEN }),
      ['answers-differ', 'story-missing'],
    ],
    [
      'an answer with another number',
      (books) => first(books.submissions).own.forEach((receipt) => Object.assign(receipt, { number: '20260302-000009' })),
      ['answers-differ'],
    ],
    [
      'a refusal of what was right',
      (books) => void first(books.submissions).own.push({ kind: 'refused', reason: 'validation-failed' }),
      ['submission-refused'],
    ],
    [
      'a used id taken with another text',
      (books) => void Object.assign(first(books.submissions), { other: [first(first(books.submissions).own)] }),
      ['conflict-taken'],
    ],
    [
      'a conflict where there was one text',
      (books) => void Object.assign(books.submissions[1] as object, { conflicting: false }),
      ['submission-refused'],
    ],
    ['a ticket nobody handed in', (books) => void books.submissions.pop(), ['story-unasked']],
    ['a ticket registered twice', (books) => void resay(books, FORGIVEN, 'ticket.registered'), ['number-doubled', 'story-doubled']],
    [
      'a number borne by two tickets',
      (books) => change(books, FORGIVEN, 'ticket.registered', { number: '20260302-000002' }),
      ['number-doubled'],
    ],
    [
      'two events of one number',
      (books) => void storyOf(books, ANSWERED).push({ ...eventOf(books, ANSWERED, 'work.progressed'), digest: 'other' }),
      ['sequence-clash'],
    ],
    [
      'events of a service out of their order',
      (books) => swap(storyOf(books, ANSWERED), 'citizen.contacted', 'work.progressed'),
      ['sequence-order'],
    ],
    [
      'an event the trail lacks',
      (books) => void (first(first([...books.trail.values()])).sequences.pop(), first(first([...books.trail.values()])).kept.pop()),
      ['trail-differs'],
    ],
    ['an event the trail has otherwise', (books) => void first(first([...books.trail.values()])).kept.fill('other'), ['trail-differs']],
    [
      'an event the trail has twice',
      (books) =>
        void (
          first(first([...books.trail.values()])).sequences.push(1),
          first(first([...books.trail.values()])).kept.push('kept intake 1 ticket.registered')
        ),
      ['trail-differs'],
    ],
    ['a gap that feedback noted', (books) => void books.gaps.push({ ticketId: ANSWERED, what: 'dispatch 1: 1 to 1' }), ['trail-gap']],
    [
      'a row that counts more than was said',
      (books) => void Object.assign(books.schemas.dispatch.rows.get(ANSWERED) ?? {}, { sequence: 2 }),
      ['row-differs'],
    ],
    [
      'a mark ahead of the log',
      (books) => void Object.assign(books.schemas.feedback.rows.get(ANSWERED)?.handled ?? {}, { intake: [1, 2] }),
      ['row-differs'],
    ],
    [
      'an assignment signed twice',
      (books) => void resay(books, FORGIVEN, 'assignment.signed'),
      ['command-effects', 'effect-doubled', 'order-wrong'],
    ],
    ['a rating taken twice', (books) => void resay(books, ANSWERED, 'rating.received'), ['effect-doubled']],
    ['a reply delivered twice', (books) => void resay(books, ANSWERED, 'reply.delivered'), ['effect-doubled']],
    ['a command applied twice', (books) => void resay(books, ANSWERED, 'work.progressed'), ['command-effects']],
    ['a command without its effect', (books) => unsay(books, ANSWERED, 'work.progressed'), ['command-effects']],
    ['a command without an answer', (books) => void Object.assign(first(books.commands), { answers: [] }), ['command-unanswered']],
    ['a command answered yes and no', (books) => void first(books.commands).answers.push('wrong-state'), ['command-answers-differ']],
    ['a command refused for two reasons', (books) => void last(books.commands).answers.push('not-yours'), ['command-answers-differ']],
    ['a refusal that is not kept', (books) => void books.schemas['department-handler'].commands.delete('c-refused'), ['command-lost']],
    [
      'a refusal that is kept as another',
      (books) => void Object.assign(books.schemas['department-handler'].commands.get('c-refused') ?? {}, { answer: 'not-yours' }),
      ['command-lost'],
    ],
    [
      'a refused command with an effect',
      (books) => void Object.assign(books.schemas['department-handler'].commands.get('c-progress') ?? {}, { answer: 'wrong-state' }),
      ['command-effects', 'command-lost'],
    ],
    [
      'an accepted command that is not kept',
      (books) =>
        void (
          books.schemas.dispatch.commands.delete('c-assign'),
          change(books, NEGLECTED, 'ticket.assigned', { by: { kind: 'rule', rule: 'r' } }, 1)
        ),
      ['command-lost'],
    ],
    [
      'a command that nobody gave',
      (books) => void books.schemas.dispatch.commands.set('c-other', { ticketId: ANSWERED, answer: ACCEPTED }),
      ['command-unasked'],
    ],
    ['an answer to nobody', (books) => void books.strays.push('c-stray'), ['command-unasked']],
    ['a reply before the signature', (books) => swap(storyOf(books, ANSWERED), 'ticket.assigned', 'assignment.signed'), ['order-wrong']],
    ['a second holder while the first still holds', (books) => unsay(books, NEGLECTED, 'return.accepted'), ['clock-wrong', 'order-wrong']],
    [
      'a word after the ticket was closed',
      (books) => void storyOf(books, ANSWERED).splice(-2, 2, ...swapped(books, ANSWERED)),
      ['order-wrong'],
    ],
    ['a unit that was never offered its assignment', (books) => void books.offers.delete(`${ANSWERED}/1`), ['offer-missing']],
    ['an offer under two ids', (books) => void books.offers.get(`${ANSWERED}/1`)?.push({ id: 'n-9', unit: UNIT }), ['offer-doubled']],
    [
      'a delivery that the listener never answered',
      (books) => void Object.assign(books, { attempts: books.attempts.slice(0, 1) }),
      ['callback-lost'],
    ],
    [
      'a reply that was never brought',
      (books) =>
        void (
          unsay(books, ANSWERED, 'ticket.closed'),
          unsay(books, ANSWERED, 'rating.received'),
          unsay(books, ANSWERED, 'reply.delivered'),
          books.ratings.splice(0)
        ),
      ['callback-lost'],
    ],
    ['a call-back under another id', (books) => void Object.assign(first(books.attempts), { id: 'other' }), ['callback-changed']],
    ['a call-back with another body', (books) => void Object.assign(first(books.attempts), { digest: 'other' }), ['callback-changed']],
    [
      'a call-back of a reply that nobody approved',
      (books) => void books.attempts.push({ ...first(books.attempts), id: `${ANSWERED}.2`, round: 2 }),
      ['callback-unasked'],
    ],
    [
      'a rating that was lost',
      (books) => void books.ratings.push({ ticket: '20260302-000003', round: 1, answer: 'accepted' }),
      ['rating-lost'],
    ],
    ['a clock that never began', (books) => unsay(books, ANSWERED, 'clock.started'), ['clock-missing']],
    ['a clock that still runs', (books) => unsay(books, ANSWERED, 'clock.stopped', 2), ['clock-wrong']],
    [
      'limits of registration where dispatch found it urgent',
      (books) => change(books, ANSWERED, 'ticket.assigned', { urgency: 'urgent' }),
      ['clock-wrong'],
    ],
    [
      'a clock with the wrong verdict',
      (books) =>
        void Object.assign(first((eventOf(books, ANSWERED, 'clock.stopped').payload as { clocks: object[] }).clocks), {
          because: 'missed',
        }),
      ['clock-wrong'],
    ],
    ['a missing yellow card', (books) => unsay(books, NEGLECTED, 'card.issued'), ['card-missing']],
    ['a missing red card', (books) => unsay(books, NEGLECTED, 'card.issued', 2), ['card-missing']],
    [
      'a card before its time',
      (books) => change(books, NEGLECTED, 'card.issued', { issuedAt: new Date(on('05 17:59')).toISOString() }, 1),
      ['card-without-cause'],
    ],
    [
      'a red card a day too early',
      (books) => change(books, NEGLECTED, 'card.issued', { issuedAt: new Date(on('06 17:59')).toISOString() }, 2),
      ['card-without-cause'],
    ],
    [
      'a card for another deadline',
      (books) => change(books, NEGLECTED, 'card.issued', { dueAt: new Date(on('04 18:00')).toISOString() }, 1),
      ['card-without-cause'],
    ],
    ['a card that stands though the work was done in time', (books) => unsay(books, FORGIVEN, 'card.withdrawn'), ['card-without-cause']],
    [
      'a card withdrawn for nothing',
      (books) =>
        void (
          Object.assign(eventOf(books, FORGIVEN, 'assignment.signed'), { time: new Date(on('03 18:05')).toISOString() }),
          Object.assign(first((eventOf(books, FORGIVEN, 'clock.stopped').payload as { clocks: object[] }).clocks), {
            because: 'missed',
            stoppedAt: new Date(on('03 18:05')).toISOString(),
          })
        ),
      ['card-missing', 'card-without-cause'],
    ],
    [
      'two cards for one deadline',
      (books) => void Object.assign(resay(books, NEGLECTED, 'card.issued').payload, { card: 'y-again' }),
      ['card-doubled'],
    ],
    ['a parked ticket', (books) => void Object.assign(books.schemas.feedback.rows.get(ANSWERED) ?? {}, { parked: true }), ['left-behind']],
    ['a row in an outbox', (books) => void Object.assign(books.schemas.intake.left, { outbox: 1 }), ['left-behind']],
    ['a message set aside', (books) => void Object.assign(books.schemas.dispatch.left, { set_aside: 1 }), ['left-behind']],
    ['a quarantined record', (books) => void Object.assign(books.schemas['sla-monitor'].left, { quarantine: 1 }), ['left-behind']],
    ['a reply still on its way', (books) => void books.deliveries.push({ ticketId: FORGIVEN, round: 1, state: 'queued' }), ['left-behind']],
    ['a reader that is behind', (books) => void books.schemas.dispatch.positions.set('paidan.tickets/3', 6), ['position-behind']],
    ['a topic that nobody read', (books) => void books.schemas.intake.positions.clear(), ['position-behind']],
    [
      'a timer that never fired',
      (books) => void Object.assign(books.schemas['sla-monitor'].rows.get(NEGLECTED)?.timers ?? {}, { stage: on('09 10:00') }),
      ['timer-overdue'],
    ],
    [
      'a record that can not be read',
      (books) => void books.unreadable.push({ topic: 'paidan.tickets', partition: 0, offset: 1, reason: 'bad-json' }),
      ['unreadable'],
    ],
    [
      'contact data in a topic',
      (books) => void books.leaks.push({ topic: 'paidan.tickets', offset: 1, what: 'a phone of the town' }),
      ['contact-leaked'],
    ],
  ];

  it.each(corruptions)('finds %s, and that alone', (_what, spoil, rules) => {
    const books = cleanBooks();
    spoil(books);
    expect(rulesOf(books)).toEqual(rules);
  });

  it('asks nobody to act on an assignment that crossed with the end of its ticket', () => {
    const books = cleanBooks();
    say(books, ANSWERED, 'ticket.assigned', '03 12:00', { assignment: 2, lead: UNIT, by: { kind: 'rule', rule: 'matter' } });
    expect(judged(books)).toEqual([]);
    say(books, FORGIVEN, 'ticket.assigned', '03 19:00', { assignment: 2, lead: UNIT, by: { kind: 'rule', rule: 'matter' } });
    expect(rulesOf(books)).toEqual(expect.arrayContaining(['offer-missing', 'clock-missing']));
  });

  it('lets a red card be taken back when a suspension is heard of after it, and asks for that', () => {
    const books = suspendedUnheard();
    say(books, NEGLECTED, 'card.withdrawn', '06 18:02', { card: 'r-finish', colour: 'red', unit: UNIT, assignment: 2 });
    expect(rulesOf(books)).toEqual([]);
    expect(rulesOf(suspendedUnheard())).toEqual(['card-without-cause']);
  });

  it('misses the card of what was done late, though the end was heard before the monitor had looked', () => {
    const books = cleanBooks();
    unsay(books, FORGIVEN, 'card.withdrawn');
    unsay(books, FORGIVEN, 'card.issued');
    const late = new Date(on('03 18:05')).toISOString();
    Object.assign(eventOf(books, FORGIVEN, 'assignment.signed'), { time: late });
    Object.assign(first((eventOf(books, FORGIVEN, 'clock.stopped').payload as { clocks: object[] }).clocks), {
      because: 'missed',
      stoppedAt: late,
    });
    expect(rulesOf(books)).toEqual(['card-missing']);
  });

  it('asks for no card while a return waits for its decision, and for one when it was refused', () => {
    const returnedLong = (): Draft => {
      const books = cleanBooks();
      const decided = new Date(on('04 10:00')).toISOString();
      Object.assign(eventOf(books, NEGLECTED, 'return.accepted'), { time: decided });
      Object.assign(eventOf(books, NEGLECTED, 'ticket.assigned', 1), { time: new Date(on('04 10:30')).toISOString() });
      const { clocks } = eventOf(books, NEGLECTED, 'clock.stopped', 1).payload as { clocks: object[] };
      for (const clock of clocks) Object.assign(clock, { stoppedAt: decided });
      return books;
    };
    expect(rulesOf(returnedLong())).toEqual([]);
    const refused = returnedLong();
    say(refused, NEGLECTED, 'return.refused', '03 19:00', {
      assignment: 1,
      unit: 'city-water',
      reason: 'is-their-duty',
      by: { kind: 'rule', rule: 'window-passed' },
    });
    expect(rulesOf(refused)).toContain('card-missing');
  });
});
