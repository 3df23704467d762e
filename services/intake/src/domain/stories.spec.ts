import { shapeSchema, SubmissionV1, validateShape } from '@paidan/contracts';
import { live } from '@paidan/runtime/stories/live';
import { instants, stories, STORY_START } from '@paidan/runtime/stories/story';
import { type Told, waysOf } from '@paidan/runtime/stories/told';
import { runs } from '@paidan/testing/runs';
import fc from 'fast-check';
import { decide, type IntakeCommand } from './decisions.js';
import { contentOf, factsOf } from './submission.js';
import { ticketNumber, TRANSITIONS, type IntakeRecord } from './ticket.js';

const TICKET = '0193a3c2-5c00-7000-8000-000000000001';

/** What intake makes of a submission, all but the keys: those are the vault's. */
const registration = (payload: object): IntakeCommand['payload'] => {
  const shaped = validateShape(SubmissionV1, payload);
  if (!shaped.ok) throw new Error(`allowed by the published schema, and refused: ${JSON.stringify(shaped.errors)}`);
  const facts = factsOf(shaped.value, { id: 'web-portal', kind: 'web' }, STORY_START);
  return {
    number: ticketNumber(STORY_START, 1),
    ...facts,
    queryCodeHmac: 'x'.repeat(43),
    content: { kind: 'open', ...contentOf(shaped.value) },
  };
};

const told: Told<IntakeRecord, null, IntakeCommand> = {
  service: 'intake',
  ticketId: TICKET,
  decide,
  factsAt: () => null,
  command: ({ commandId, payload, by }) => ({
    name: 'register',
    commandId,
    ticketId: TICKET,
    actor: { kind: 'channel', subject: by, roles: [] },
    payload: registration(payload),
  }),
  aim: (_name, payload) => payload,
  transitions: TRANSITIONS,
  unheard: 'none',
  timers: {},
  checkRow: (row, said) => {
    expect(said.length).toBeLessThanOrEqual(1);
    // The record is in every update of the row: what the citizen wrote, and whatever guards it, lies elsewhere.
    expect(Object.keys(row.record ?? {})).not.toEqual(expect.arrayContaining(['content']));
    expect(Object.keys(row.record ?? {})).not.toEqual(expect.arrayContaining(['queryCodeHmac']));
  },
};

describe('in whatever order they come', () => {
  const cast = stories(
    {
      events: ['ticket.assigned', 'reply.approved', 'ticket.closed'],
      commands: { register: shapeSchema(SubmissionV1) },
      by: ['web-portal', 'phone-1'],
      names: { occurredAt: instants },
      openings: [[]],
      commandsInTen: 5,
    },
    6,
  );

  it('a submission is registered once, as its event’s schema wants it', () => {
    const walked = new Set<string>();
    fc.assert(
      fc.property(cast, (story) => live(told, story).ways.forEach((way) => walked.add(way))),
      runs(300),
    );
    expect([...walked]).toEqual(waysOf(TRANSITIONS));
  });
});
