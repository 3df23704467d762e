import { sharedInfra, until } from '@paidan/testing';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { registration } from '@paidan/contracts/happenings';
import { DispatchBench, newTicket } from './dispatch.kit.js';
import { someMessages } from './domain/classifier/messages.kit.js';
import { encodeModel } from './model-file.js';
import { readLabelledRows } from './train/labelled-rows.js';
import { train } from './train/run.js';

const trained = (seed: number): Uint8Array => {
  const rows = someMessages(240, seed).map(({ label, text }, at) => ({ label, text, line: at + 2 }));
  return encodeModel(train({ data: { name: 'data.csv', rows }, seed: 1 }).stored);
};
const modelIn = (folder: string): string => join(folder, 'topics.model');

let bench: DispatchBench;
beforeAll(async () => {
  bench = await DispatchBench.open(
    sharedInfra().brokers,
    (folder) => {
      writeFileSync(modelIn(folder), trained(1));
      appendFileSync(join(folder, 'city', 'labels.csv'), '公交,06\n污染,07\n学校,11\n');
    },
    (folder) => ({ PAIDAN_TOPIC_MODEL_FILE: modelIn(folder) }),
  );
}, 120_000);
afterAll(async () => {
  await bench.close();
}, 60_000);

interface Shown {
  readonly did: string;
  readonly lead?: string;
  readonly reason?: string;
  readonly by?: { readonly rule: string };
  readonly urgency?: string;
  readonly matter: string | null;
  readonly rulesVersion?: number;
  readonly candidates?: readonly { readonly unit: string }[];
  readonly reasons: readonly {
    readonly code: string;
    readonly rule?: string;
    readonly words?: readonly string[];
    readonly zh: string;
    readonly en: string;
  }[];
  readonly explanation: { readonly zh: readonly string[]; readonly en: readonly string[] };
}
const explain = (appeal: object) =>
  bench.call('POST', '/v1/routing/explanations', ['dispatcher'], {
    appealType: 'complaint',
    title: '反映情况',
    text: '说不清楚',
    ...appeal,
  });
const explained = async (appeal: object): Promise<Shown> => (await explain(appeal)).body['decision'] as Shown;
const codes = ({ reasons }: Shown): string[] => reasons.map(({ code }) => code);
/** What a ticket with these words gets, as the dispatcher reads it. */
const routed = async (appeal: { title: string; text: string; mailbox?: string }): Promise<Shown> => {
  const { mailbox, ...content } = appeal;
  const ticketId = newTicket();
  const more = mailbox === undefined ? {} : { mailbox };
  await bench.happens(
    ticketId,
    'ticket.registered',
    registration({ channel: 'web-portal', channelKind: 'web', ...more, content: { kind: 'open', ...content } }),
  );
  return until('routed', async () => {
    const { status, body } = await bench.call('GET', `/v1/tickets/${ticketId}/routing`, ['dispatcher']);
    return status === 200 ? (body['decisions'] as Shown[])[0] : undefined;
  });
};

describe('an appeal that is not submitted', () => {
  it('is told what a ticket with its words gets: by a rule, by a mailbox, by the words', async () => {
    const manhole = { title: '井盖缺失', text: '人行道上井盖丢失，有人掉进井里' };
    const [asked, given] = [
      await explained({ ...manhole, appealType: 'help', channel: 'web-portal', channelKind: 'web' }),
      await routed(manhole),
    ];
    expect(asked).toMatchObject({ did: 'assigned', matter: '0202', urgency: 'urgent', rulesVersion: 1 });
    expect({ lead: asked.lead, reasons: asked.reasons }).toEqual({ lead: given.lead, reasons: given.reasons });
    expect(given).toMatchObject({ urgency: 'urgent', rulesVersion: 1 });
    const rule = asked.reasons.find(({ code }) => code === 'rule');
    expect(rule).toMatchObject({ rule: 'missing-manhole-cover', zh: expect.stringContaining('井盖缺失按紧急件办理') as unknown });
    expect(rule?.en).toContain('Missing manhole covers are urgent');

    const letter = { title: '反映情况', text: '说不清楚', mailbox: 'mayor-deputy-education' };
    expect(await routed(letter)).toMatchObject({ lead: 'city-education', by: { rule: 'mailbox' } });
    expect(await explained(letter)).toMatchObject({ lead: 'city-education', by: { rule: 'mailbox' } });
  });

  it('is told which phrases the model went by, and whom to begin with where no word of the catalogue is in it', async () => {
    const bus = await explained({ text: '公交车半小时才来一班，司机到站不停，早高峰挤不上车' });
    const classifier = bus.reasons.find(({ code }) => code === 'classifier');
    expect(classifier?.zh).toContain('公交');
    expect(classifier?.words?.length).toBeGreaterThan(0);
    const strange = await explained({ text: '鱼塘里的鱼死了，鱼塘里的鱼死了' });
    expect(strange.did).toBe('held');
    expect(codes(strange)).toContain('classifier');
    expect(strange.candidates?.length).toBeGreaterThan(0);
  });

  it('is looked at by a person where a rule wants it', async () => {
    expect(await explained({ text: '再不解决我就跳楼' })).toMatchObject({ did: 'held', reason: 'by-rule', urgency: 'critical' });
  });

  it('must have a shape', async () => {
    for (const [wrong, pointer] of [
      [{ title: '' }, '/title'],
      [{ text: '长'.repeat(20_001) }, '/text'],
      [{ mailbox: 'No Mailbox' }, '/mailbox'],
      [{ appealType: 'rant' }, '/appealType'],
    ] as const)
      expect(await explain(wrong)).toMatchObject({
        status: 422,
        body: { code: 'validation-failed', errors: expect.arrayContaining([expect.objectContaining({ pointer })]) as unknown },
      });
    expect((await explain({ text: '长'.repeat(400_000) })).status).toBe(413);
  });
});

describe('what a dispatcher takes for another matter', () => {
  it('is handed out as rows to learn from, of open tickets alone', async () => {
    const correct = async (confidentiality: 'open' | 'anonymous', text: string, matter: string) => {
      const ticketId = newTicket();
      const content = { title: '反映“情况”', text };
      await bench.happens(
        ticketId,
        'ticket.registered',
        registration({
          channel: 'web-portal',
          channelKind: 'web',
          confidentiality,
          content: confidentiality === 'open' ? { kind: 'open', ...content } : bench.sealed(ticketId, content),
        }),
      );
      await bench.heard('ticket.held', ticketId);
      const body = { commandId: newTicket(), decisionVersion: 1, unit: 'city-education', matter, reason: '更正事项' };
      expect(await bench.call('POST', `/v1/tickets/${ticketId}/assignment`, ['dispatcher'], body)).toMatchObject({ status: 200 });
    };
    const before = new Date().toISOString();
    await correct('open', '教室没有空调', '1101');
    await correct('anonymous', '教室没有空调，不要说是我说的', '1101');
    await correct('open', '刷卡机坏了', '0601');
    const csv = await bench.text(`/v1/routing/corrections?since=${before}`, ['supervisor']);
    expect(csv.split('\r\n').map((line) => line.replace(/,[^,]*$/, ''))).toEqual([
      'label,text',
      '"教育文体","反映“情况”\n教室没有空调"',
      '"城乡建设","反映“情况”\n刷卡机坏了"',
      '',
    ]);
    const [row] = readLabelledRows(Buffer.from(csv), 'corrections.csv');
    expect(row).toMatchObject({ label: '教育文体', text: '反映“情况”\n教室没有空调' });
    expect(await bench.call('GET', '/v1/routing/corrections', ['dispatcher'])).toMatchObject({ status: 403 });
    expect(await bench.call('GET', '/v1/routing/corrections?since=yesterday', ['supervisor'])).toMatchObject({ status: 400 });
  });
});

describe('a model that was replaced', () => {
  const health = async () => {
    const response = await fetch(`${bench.services[0]?.url}/health/ready`);
    return JSON.stringify(await response.json());
  };
  const takes = (appeal: object) => async () => (codes(await explained(appeal)).includes('classifier') ? true : undefined);

  it('by half a file stays in force, and the service says which file and why; a whole one is taken over', async () => {
    const file = modelIn(bench.folder);
    const whole = readFileSync(file);
    writeFileSync(file, whole.subarray(0, whole.length / 2));
    await until('it is named', async () => ((await health()).includes('topics.model ends after') ? true : undefined));
    expect(await takes({ text: '公交车半小时才来一班' })()).toBe(true);
    writeFileSync(file, trained(2));
    await until('it is well again', async () => ((await health()).includes('topics.model') ? undefined : true));
    expect(await takes({ text: '公交车半小时才来一班' })()).toBe(true);
  });

  it('by one with a label that the city’s table doesn’t know stays in force, too', async () => {
    const file = modelIn(bench.folder);
    const rows = someMessages(240, 3).map(({ label, text }, at) => ({ label: label === '学校' ? '外星人' : label, text, line: at + 2 }));
    writeFileSync(file, encodeModel(train({ data: { name: 'data.csv', rows }, seed: 1 }).stored));
    await until('the label is named', async () => ((await health()).includes('外星人') ? true : undefined));
    expect(await takes({ text: '公交车半小时才来一班' })()).toBe(true);
  });
});
