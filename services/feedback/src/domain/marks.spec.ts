import type { TicketEvent } from '@paidan/contracts';
import { runs } from '@paidan/testing/runs';
import fc from 'fast-check';
import { gapBefore, gapsIn, marked, type Marks } from './marks.js';

type Numbered = Pick<TicketEvent, 'name' | 'service' | 'epoch' | 'sequence'>;
const event = (service: Numbered['service'], sequence: number, epoch = 1, name: Numbered['name'] = 'work.progressed'): Numbered => ({
  name,
  service,
  epoch,
  sequence,
});

describe('missing numbers', () => {
  it('are seen between two events of one service, and before its first', () => {
    const gaps = gapsIn({}, [event('intake', 1), event('dispatch', 3), event('intake', 2), event('intake', 5), event('dispatch', 4)]);
    expect(gaps).toEqual([
      { service: 'dispatch', epoch: 1, first: 1, last: 2 },
      { service: 'intake', epoch: 1, first: 3, last: 4 },
    ]);
  });

  it('are none where a restored service counts on from what it remembers, but one where it jumps', () => {
    const known: Marks = { intake: [1, 9] };
    expect(gapBefore(known, event('intake', 6, 2))).toBeUndefined();
    expect(gapBefore(known, event('intake', 10, 2))).toBeUndefined();
    expect(gapBefore(known, event('intake', 12, 2))).toEqual({ service: 'intake', epoch: 2, first: 10, last: 11 });
  });

  it('are none before a snapshot, which stands for them', () => {
    expect(gapsIn({}, [event('intake', 7, 1, 'ticket.snapshot'), event('intake', 8)])).toEqual([]);
  });

  it('are found exactly, whichever are lost', () => {
    const story = fc.array(fc.tuple(fc.constantFrom('intake' as const, 'dispatch' as const), fc.boolean()), { maxLength: 40 });
    fc.assert(
      fc.property(story, (words) => {
        const counted: Record<string, number> = {};
        const all = words.map(([service, arrives]) => ({
          event: event(service, (counted[service] = (counted[service] ?? 0) + 1)),
          arrives,
        }));
        const heard = all.filter(({ arrives }) => arrives).map((one) => one.event);
        const last = heard.reduce<Marks>(marked, {});
        // What was lost at the end shows only when the next comes: that is the audit's to find.
        const lost = all.filter(({ event: { service, sequence }, arrives }) => !arrives && sequence < (last[service]?.[1] ?? 0));
        const missing = gapsIn({}, heard).flatMap(({ service, first, last: to }) =>
          Array.from({ length: to - first + 1 }, (_, i) => `${service} ${first + i}`),
        );
        expect(missing.sort()).toEqual(lost.map((one) => `${one.event.service} ${one.event.sequence}`).sort());
      }),
      runs(100),
    );
  });
});
