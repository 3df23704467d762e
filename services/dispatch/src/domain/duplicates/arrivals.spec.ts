import { eventOf, registration } from '@paidan/contracts/happenings';
import { decide } from '../decisions.js';
import { facts, foundEarlier, MASTER, NOW, TICKET } from '../dispatch.kit.js';
import type { Ticket } from '../ticket.js';
import { withArrivals, type Arrival, type Registration } from './arrivals.js';
import { duplicatesAmong } from './find.js';
import { fingerprintOf } from './fingerprint.js';
import type { Found } from './same.js';

const TEXT = '建设路十八号至四十号的路灯从上周四起一直不亮，晚上放学的孩子看不清台阶，已经有老人摔倒，希望尽快派人修复，谢谢。';
const [ONE, TWO, THREE] = ['1', '2', '3'].map((n) => `019aa8c5-6400-7a11-8c00-00000000010${n}`) as [string, string, string];

/** @param minute of the hour at which it was received */
const arrival = (ticketId: string, minute: number, text = TEXT, citizen = 'c'): Arrival => {
  const title = '建设路路灯不亮';
  const at = NOW + minute * 60_000;
  const fingerprint = fingerprintOf(title, text);
  if (fingerprint === undefined) throw new Error('says too little');
  const payload = registration({
    ...{ number: `20261122-00010${minute}`, citizen: citizen.repeat(43), channel: 'web', channelKind: 'web', urgency: 'normal' },
    ...{ receivedAt: new Date(at).toISOString(), appealType: 'help', content: { kind: 'open', title, text } },
  });
  const event = eventOf('ticket.registered', payload, { ticketId, time: payload.receivedAt, sequence: 1 }) as Registration;
  return { asked: { ticketId, fingerprint, at }, event };
};

const decided = ({ event }: Arrival, found: ReadonlyMap<string, readonly Found[]>): Ticket => {
  const decision = decide(undefined, { kind: 'event', event }, { now: NOW, facts: facts({ found }), newId: () => TICKET });
  if (decision === undefined) throw new Error('not decided');
  return decision.record;
};
/** What becomes of each, decided in the order given with what they found of each other and of earlier ones. */
const outcome = (arrivals: readonly Arrival[], before = new Map<string, readonly Found[]>()) => {
  const asked = arrivals.map((one) => one.asked);
  const found = new Map([...duplicatesAmong(asked, { withinMs: 86_400_000, most: 5 }), ...before]);
  let settled = 0;
  const whole = withArrivals(arrivals, found, (event, finds) => {
    settled += 1;
    return decided({ event } as Arrival, finds);
  });
  const tickets = arrivals.map((one) => decided(one, whole));
  return { settled, under: tickets.map((ticket) => (ticket.status === 'linked' ? ticket.under.master : undefined)) };
};

describe('tickets that are registered together', () => {
  it('are linked to the one received first, whatever the order in which they come, and to no member', () => {
    const [one, two, three] = [arrival(ONE, 1), arrival(TWO, 2), arrival(THREE, 3)];
    expect(outcome([one, two, three]).under).toEqual([undefined, ONE, ONE]);
    expect(outcome([three, two, one]).under).toEqual([ONE, ONE, undefined]);
  });

  it('come under what the first of them comes under', () => {
    const earlier = foundEarlier().get(TICKET) ?? [];
    expect(outcome([arrival(ONE, 1), arrival(TWO, 2)], new Map([[ONE, earlier]])).under).toEqual([MASTER, MASTER]);
  });

  it('are dispatched where one says more, or somebody else says it of no place', () => {
    expect(outcome([arrival(ONE, 1), arrival(TWO, 2, `${TEXT}今天又有人摔倒，已经送医院。`)]).under).toEqual([undefined, undefined]);
    expect(outcome([arrival(ONE, 1), arrival(TWO, 2, TEXT, 'd')]).under).toEqual([undefined, undefined]);
  });

  it('are decided beforehand once at most, and only where another is nearly the same', () => {
    const many = Array.from({ length: 60 }, (_, n) => arrival(`019aa8c5-6400-7a11-8c00-0000000002${String(n).padStart(2, '0')}`, n));
    expect(outcome(many)).toEqual({ settled: 5, under: many.map((_, n) => (n === 0 ? undefined : many[0]?.event.ticketId)) });
    expect(
      outcome([arrival(ONE, 1), arrival(TWO, 2, '地下车库进水已经一个多月，物业说是开发商的责任，业主们不知道该找谁。')]).settled,
    ).toBe(0);
  });

  it('have no master in one that can’t be decided', () => {
    const arrivals = [arrival(ONE, 1), arrival(TWO, 2)];
    const found = duplicatesAmong(
      arrivals.map(({ asked }) => asked),
      { withinMs: 86_400_000, most: 5 },
    );
    const whole = withArrivals(arrivals, found, () => {
      throw new Error('no rule has thought of this');
    });
    expect(whole.get(TWO)).toEqual(found.get(TWO));
  });
});
