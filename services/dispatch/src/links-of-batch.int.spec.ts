import type { EventPayload } from '@paidan/contracts';
import { registration as registrationOf } from '@paidan/contracts/happenings';
import { sharedInfra } from '@paidan/testing';
import { dice } from './adapters/postgres/duplicates.kit.js';
import { DispatchBench, newTicket } from './dispatch.kit.js';

let bench: DispatchBench;
beforeAll(async () => {
  bench = await DispatchBench.open(sharedInfra().brokers);
}, 90_000);
afterAll(async () => {
  await bench.close();
}, 60_000);

type Registered = readonly [ticketId: string, payload: EventPayload<'ticket.registered'>];

interface Said {
  readonly text: string;
  readonly citizen: string;
  readonly place: object;
}

const about = (block: string): string =>
  `${block}三号楼地下车库从上个月起一直渗水，物业说归开发商，开发商说已经过保，业主们不知道该找谁，请协调${block}物业尽快处理。`;
const at = (block: string) => ({ address: `${block}三号楼`, adminCode: '990102' });

let numbered = 0;
/**
 * What becomes of what is said in this order, in one transaction or each in one of its own; which of them lies first in the log is no matter within one.
 * @returns of each under which of them it is, and as what
 */
async function fate(said: readonly Said[], how: 'one by one' | 'together' | 'together, the last first'): Promise<unknown[]> {
  const began = Date.now();
  const registrations = said.map(({ text, citizen, place }, n) => {
    const content = { kind: 'open', title: '地库渗水', text, place } as const;
    const number = `20261123-7${String((numbered += 1)).padStart(5, '0')}`;
    const told = { number, receivedAt: new Date(began + n).toISOString(), channel: 'web-portal', citizen: citizen.repeat(43).slice(0, 43) };
    return [newTicket(), registrationOf({ ...told, content })] as const;
  });
  if (how === 'one by one') for (const one of registrations) await bench.together([one]);
  else await bench.together(how === 'together' ? registrations : registrations.toReversed());
  const ids = registrations.map(([ticketId]) => ticketId);
  const rows = await Promise.all(ids.map((ticketId) => bench.runtime.reactor.read(ticketId)));
  return rows.map((row) => (row?.record?.status === 'linked' ? [ids.indexOf(row.record.under.master), row.record.under.link] : 'its own'));
}

describe('tickets that come in one batch', () => {
  // Each told of a block of its own: what is said of another block is another matter.
  const blocks = ['香樟苑', '木莲居', '枫林里', '银杏坊', '海棠湾', '玉兰巷', '紫藤园', '梧桐里', '丹桂坊', '石榴苑', '芙蓉居', '翠竹湾'];

  it.each<[string, readonly unknown[], (block: string) => readonly Said[]]>([
    [
      'once more by the same citizen, and once more',
      ['its own', [0, 'same-citizen'], [0, 'same-citizen']],
      (block) => ['k', 'k', 'k'].map((citizen) => ({ text: about(block), citizen, place: at(block) })),
    ],
    [
      'with something new',
      ['its own', 'its own'],
      (block) => ['', '昨晚又淹了两辆车，已报警。'].map((more) => ({ text: about(block) + more, citizen: 'k', place: at(block) })),
    ],
    [
      'by others about one place',
      ['its own', [0, 'same-matter']],
      (block) => ['k', 'l'].map((citizen) => ({ text: about(block), citizen, place: at(block) })),
    ],
    [
      'by others about no place',
      ['its own', 'its own'],
      (block) => ['k', 'l'].map((citizen) => ({ text: about(block), citizen, place: {} })),
    ],
  ])('%s become what they become in batches of their own', async (_, expected, say) => {
    const [one, two, three] = blocks.splice(0, 3) as [string, string, string];
    expect(await fate(say(one), 'one by one')).toEqual(expected);
    expect(await fate(say(two), 'together')).toEqual(expected);
    expect(await fate(say(three), 'together, the last first')).toEqual(expected);
  });

  it('are compared with each other also beyond those that are looked for in the table', async () => {
    const roll = dice(5);
    const words = (): string => Array.from({ length: 60 }, () => String.fromCharCode(0x4e00 + Math.floor(roll() * 0x3000))).join('');
    const said = Array.from({ length: 60 }, () => ({ text: words(), citizen: 'm', place: {} }));
    const last = said.at(-1) as Said;
    expect((await fate([...said, last], 'together')).slice(-2)).toEqual(['its own', [59, 'same-citizen']]);
  });

  it('find the citizen’s own letter among those of thirty others, who name no place', async () => {
    const letter = (citizen: string, block: string): Said => ({ text: about(block), citizen, place: {} });
    // Thirty digests that are somebody else's.
    const others = Array.from({ length: 30 }, (_, n) => String.fromCharCode(65 + (n % 26)) + (n < 26 ? '' : '1'));
    for (const [how, block] of [
      ['one by one', '合欢苑'],
      ['together', '连翘居'],
    ] as const) {
      const said = [...others.map((other) => letter(other, block)), letter('z', block), letter('z', block)];
      expect((await fate(said, how)).slice(-2)).toEqual(['its own', [30, 'same-citizen']]);
    }
  });

  it('come under the earlier ticket that the first of them is once more, and no member has members', async () => {
    const content = { kind: 'open', title: '地库渗水', text: about('紫荆园'), place: at('紫荆园') } as const;
    const received = Date.now();
    const [first, second, third] = [1, 2, 3].map((n) => {
      const receivedAt = new Date(received + n).toISOString();
      return [newTicket(), registrationOf({ channel: 'web-portal', citizen: 'n'.repeat(43), content, receivedAt })] as const;
    }) as [Registered, Registered, Registered];
    await bench.together([first]);
    await bench.together([third, second]);
    for (const [ticketId] of [second, third]) expect(await bench.heard('ticket.linked', ticketId)).toMatchObject({ master: first[0] });
  });
});
