import { eventOf, registration } from '@paidan/contracts/happenings';
import type { Message } from '@paidan/runtime';
import { runs } from '@paidan/testing/runs';
import fc from 'fast-check';
import { decide } from './decisions.js';
import { facts, NOW, type Said } from './dispatch.kit.js';
import { answers, masterOf, type Master } from './linking.js';
import type { DispatchCommand } from './orders.js';
import { decisionVersion, type Ticket } from './ticket.js';

/* Several tickets that are linked to each other, in whatever order, with the looks that see to their members anywhere in between. */

const idOf = (n: number): string => `019aa8c5-6400-7a11-8c00-00000000000${n}`;
const TICKETS = 5;
const which = fc.integer({ min: 0, max: TICKETS - 1 });
type Deed =
  | { readonly deed: 'link'; readonly ticket: number; readonly master: number }
  | { readonly deed: 'unlink' | 'released' | 'withdrawn' | 'approved' | 'reopened'; readonly ticket: number }
  | { readonly deed: 'look' };
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ deed: fc.constant('link' as const), ticket: which, master: which }) },
  { weight: 5, arbitrary: fc.record({ deed: fc.constantFrom('unlink', 'released', 'withdrawn', 'approved', 'reopened'), ticket: which }) },
  { weight: 1, arbitrary: fc.constant({ deed: 'look' } as const) },
);

const world = () => {
  const tickets = new Map<string, Ticket>();
  const content = { kind: 'open', title: '夜间施工噪音扰民', text: '夜间施工，施工噪音很大，夜间施工到两点' } as const;
  const mastersNow = (): ReadonlyMap<string, Master> => new Map([...tickets].map(([id, ticket]) => [id, masterOf(id, ticket)]));
  const tell = (ticketId: string, message: Message<DispatchCommand>): void => {
    const base = facts({ contents: new Map([[ticketId, content]]), masters: mastersNow() });
    const decision = decide(tickets.get(ticketId), message, { now: NOW, facts: base, newId: () => ticketId });
    if (decision !== undefined && decision.outcome?.accepted !== false) tickets.set(ticketId, decision.record);
  };
  const hears = (ticketId: string, name: 'assignment.released' | 'ticket.withdrawn' | 'reply.approved' | 'ticket.reopened'): void => {
    const ticket = tickets.get(ticketId);
    const { assignment, lead: unit } = ticket !== undefined && 'holding' in ticket ? ticket.holding : { assignment: 1, lead: 'urban' };
    const payload = { assignment, unit, because: 'unsatisfied', reopening: 1, round: 1 };
    const event = eventOf(name, payload as never, { ticketId, time: new Date(NOW).toISOString(), sequence: 1 });
    tell(ticketId, { kind: 'event', event } as Said);
  };
  const order = (ticketId: string, name: 'link' | 'unlink' | 'follow', payload: object, kind: 'person' | 'system' = 'person'): void => {
    const ticket = tickets.get(ticketId);
    const actor = { kind, subject: 'someone', roles: ['dispatcher'] };
    const command = {
      commandId: ticketId,
      name,
      ticketId,
      actor,
      payload: { decisionVersion: ticket && decisionVersion(ticket), ...payload },
    };
    tell(ticketId, { kind: 'command', command } as unknown as Said);
  };
  for (let n = 0; n < TICKETS; n++) {
    const payload = registration({ number: `20261122-00000${n}`, receivedAt: new Date(NOW).toISOString(), content });
    tell(idOf(n), {
      kind: 'event',
      event: eventOf('ticket.registered', payload, { ticketId: idOf(n), time: payload.receivedAt, sequence: 1 }),
    });
  }
  /** As the statement finds them, and as they are seen to. */
  const look = (): number => {
    const seen = mastersNow();
    const strays = [...seen.values()].filter(({ status, master }) => {
      if (status !== 'linked') return false;
      const above = master === undefined ? undefined : seen.get(master);
      return above !== undefined && (above.status === 'linked' || !answers(above));
    });
    for (const { ticketId, master = '' } of strays) {
      const next = seen.get(seen.get(master)?.master ?? '');
      if (next === undefined || next.ticketId === ticketId) order(ticketId, 'unlink', { reason: 'master-ended' }, 'system');
      else order(ticketId, 'follow', { master: next.ticketId, masterNumber: next.number }, 'system');
    }
    return strays.length;
  };
  return { tickets, hears, order, look };
};

const play = (deeds: readonly Deed[]) => {
  const city = world();
  for (const one of deeds) {
    if (one.deed === 'look') city.look();
    else if (one.deed === 'link') city.order(idOf(one.ticket), 'link', { master: idOf(one.master) });
    else if (one.deed === 'unlink') city.order(idOf(one.ticket), 'unlink', { reason: 'another-matter' });
    else {
      const names = {
        released: 'assignment.released',
        withdrawn: 'ticket.withdrawn',
        approved: 'reply.approved',
        reopened: 'ticket.reopened',
      } as const;
      city.hears(idOf(one.ticket), names[one.deed]);
    }
  }
  return city;
};

describe('tickets that are linked to each other', () => {
  it('come to rest with no member as a master, none under one that has no answer, and nobody lost', () => {
    let members = 0;
    fc.assert(
      fc.property(fc.array(deed, { minLength: 5, maxLength: 40 }), (deeds) => {
        const { tickets, look } = play(deeds);
        let looks = 0;
        while (look() > 0) expect((looks += 1)).toBeLessThan(3 * TICKETS);
        for (const [ticketId, ticket] of tickets) {
          if (ticket.status !== 'linked') continue;
          members += 1;
          const { master, masterNumber } = ticket.under;
          const above = tickets.get(master);
          expect([master === ticketId, above?.status === 'linked', above?.status === 'withdrawn']).toEqual([false, false, false]);
          expect(masterNumber).toBe(above?.number);
        }
      }),
      runs(400),
    );
    // The deeds must come far enough.
    expect(members).toBeGreaterThan(50);
  });
});
