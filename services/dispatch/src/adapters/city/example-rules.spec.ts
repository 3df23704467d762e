import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { indexDirectory } from '../../domain/routing/directory.js';
import { compileRules, type CompiledRules } from '../../domain/rules/compile.js';
import type { RuleWorld } from '../../domain/rules/document.js';
import { evaluateRules } from '../../domain/rules/evaluate.js';
import type { RuleFacts } from '../../domain/rules/facts.js';
import { loadCity } from './load-city.js';
import { loadRules, type LoadedRules } from './load-rules.js';

const EXAMPLE = fileURLToPath(new URL('../../../../../deploy/city', import.meta.url));
/** A Monday morning in winter. */
const NOW = Date.parse('2026-12-21T10:00:00+08:00');

let world: RuleWorld;
let rules: CompiledRules;
beforeAll(async () => {
  const loaded = await loadCity(EXAMPLE);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { channels, ...city } = loaded.city;
  world = { directory: indexDirectory({ ...city, version: 1 }), channels: new Map(channels.map(({ id, kind }) => [id, kind])) };
  const found = await loadRules(EXAMPLE, world, NOW);
  if (found?.ok !== true) throw new Error(JSON.stringify(found));
  rules = compileRules(found.document, world);
});

const asked = (text: string, more: Partial<RuleFacts> = {}) =>
  evaluateRules(rules, {
    channel: 'web-portal',
    channelKind: 'web',
    appealType: 'complaint',
    urgency: 'normal',
    confidentiality: 'open',
    receivedAt: NOW,
    now: NOW,
    title: '',
    text,
    ...more,
  });
const at = (code: string) => ({ area: world.directory.areas.get(code) });

describe('the rules of the example city', () => {
  it('are some twenty, without a problem', () => {
    expect(rules.rules.length).toBeGreaterThanOrEqual(15);
    expect(rules.rules.length).toBeLessThanOrEqual(30);
  });

  it('send a gas leak to the gas company at once, with copies', () => {
    expect(asked('楼下燃气泄漏，闻到燃气味').effects).toMatchObject({
      lead: { unit: 'utility-gas' },
      urgency: { to: 'critical' },
      matter: { code: '0304' },
      copies: [{ unit: 'city-emergency' }, { unit: 'city-fire-rescue' }],
    });
  });

  it('hold a threat, and not a sale', () => {
    expect(asked('再不解决就去跳楼').effects).toMatchObject({ urgency: { to: 'critical' }, holds: [{ rule: 'threat' }] });
    expect(asked('商家打出跳楼价，质量很差').effects.holds).toEqual([]);
  });

  it('take building at night for building noise, whose lead the table of responsibilities says', () => {
    const { effects } = asked('工地半夜施工，施工噪音很大', {
      ...at('990102001'),
      channelKind: 'phone',
      receivedAt: Date.parse('2026-12-21T23:30:00+08:00'),
    });
    expect(effects).toMatchObject({ urgency: { to: 'urgent' }, matter: { code: '0702' } });
    expect(effects).not.toHaveProperty('lead');
    expect(effects.coHandlers.map(({ unit }) => unit)).toEqual(['street-lanqiao']);
  });

  it('give migrant workers’ wages to human resources with housing, urgently before the Spring Festival', () => {
    const wages = '工地拖欠农民工工资';
    expect(asked(wages).effects).toMatchObject({
      lead: { unit: 'city-human-resources' },
      coHandlers: [{ unit: 'city-housing' }],
      urgency: { to: 'urgent' },
    });
    expect(asked(wages, { now: Date.parse('2027-03-01T10:00:00+08:00') }).effects.urgency).toBeUndefined();
  });

  it('never give a report about the police to the police, and ask nothing after that', () => {
    const { effects, stoppedBy } = asked('举报民警在处理农民工工资时吃拿卡要', { appealType: 'report', reported: ['city-traffic-police'] });
    expect(effects.lead?.unit).toBe('city-discipline');
    expect(effects.matter?.code).toBe('1407');
    expect(stoppedBy).toEqual(['report-of-officials', 'report-of-police']);
  });

  it('send clutter straight to the street with its district in copy, but a blocked exit to the fire brigade', () => {
    expect(asked('请清理', { title: '楼道堆物', ...at('990102001') }).effects).toMatchObject({
      lead: { unit: 'street-lanqiao', direct: true },
      copies: [{ unit: 'district-jinlan' }],
    });
    const blocked = asked('请清理', { title: '楼道堆物，堵了消防通道', ...at('990102001') });
    expect(blocked.effects.lead?.unit).toBe('city-fire-rescue');
    expect(blocked.applied.map(({ id }) => id)).toEqual(['blocked-fire-exit', 'blocked-fire-exit-in-text']);
  });

  it.each([
    ['菜市场脏乱差', '菜市场门口污水横流，垃圾一直堆到消防通道旁边'],
    ['小区噪声扰民', '楼下健身房很吵，我办了健身卡也没法去'],
    ['路灯不亮', '路灯不亮，旁边有人飞线充电，楼道杂物也没人管'],
  ])('name no lead for a phrase that is only mentioned: %s', (title, text) => {
    expect(asked(text, { title, ...at('990102001') }).effects.lead).toBeUndefined();
  });

  it('make food poisoning urgent wherever it is told, and give it to market regulation where the appeal is about it', () => {
    const told = asked('吃了以后食物中毒');
    expect(told.effects).toMatchObject({ urgency: { to: 'urgent' }, copies: [{ unit: 'city-health' }] });
    expect(told.effects.lead).toBeUndefined();
    expect(asked('十几人腹泻', { title: '酒席食物中毒' }).effects).toMatchObject({
      ...{ lead: { unit: 'city-market-regulation' }, coHandlers: [{ unit: 'city-health' }], urgency: { to: 'urgent' } },
    });
  });

  it('give a blocked exit to the fire brigade where only the text says that it is blocked', () => {
    expect(asked('小区的消防通道被占，车辆长期停放', { title: '停车问题' }).effects.lead?.unit).toBe('city-fire-rescue');
  });

  it('copy the mayor’s mailbox', () => {
    expect(asked('路灯不亮', { channel: 'mail-mayor', channelKind: 'mail' }).effects.copies).toEqual([
      { unit: 'city-government-services', rule: 'mayors-mailbox' },
    ]);
  });
});

describe('rules with mistakes', () => {
  const changed = async (change: (text: string) => string | Uint8Array, file = 'rules.yaml'): Promise<LoadedRules | undefined> => {
    const folder = await mkdtemp(join(tmpdir(), 'rules-'));
    try {
      await writeFile(join(folder, file), change(await readFile(join(EXAMPLE, 'rules.yaml'), 'utf8')));
      return await loadRules(folder, world, NOW);
    } finally {
      await rm(folder, { recursive: true });
    }
  };
  const lineOf = async (start: string): Promise<number> =>
    (await readFile(join(EXAMPLE, 'rules.yaml'), 'utf8')).split('\n').findIndex((line) => line.includes(start)) + 1;

  it('are told by file and line', async () => {
    const loaded = await changed((text) =>
      text.replace('lead: utility-gas', 'lead: utility-gaz').replace("matter: '0901'", 'matter: 0901'),
    );
    expect(loaded).toEqual({
      ok: false,
      problems: [
        {
          file: 'rules.yaml',
          line: await lineOf("matter: '0901'"),
          problem: 'rule migrant-workers-wages: /then/matter: matter must be a matter code of the catalogue',
          problemZh: '规则 migrant-workers-wages：/then/matter：必须是事项代码',
        },
      ],
    });
    expect(await changed((text) => text.replace('lead: utility-gas', 'lead: utility-gaz'))).toEqual({
      ok: false,
      problems: [
        {
          file: 'rules.yaml',
          line: await lineOf('lead: utility-gas'),
          problem: 'rule gas-leak: /then/lead: there is no unit utility-gaz',
          problemZh: '规则 gas-leak：/then/lead：没有单位 utility-gaz',
        },
      ],
    });
  });

  it.each<[string, (text: string) => string | Uint8Array, string]>([
    ['not YAML', (text) => `${text}\n  - [`, 'rules.yaml'],
    ['not UTF-8', () => Uint8Array.from([0xca, 0xbe, 0xc0, 0xfd]), 'is not UTF-8'],
    ['a key twice', (text) => text.replace('name: ', 'name: 另一个\nname: '), 'Map keys must be unique'],
    [
      'aliases of aliases',
      () =>
        `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]`,
      'alias',
    ],
    ['empty', () => '', 'must be an object'],
  ])('are refused: %s', async (_what, change, problem) => {
    const loaded = await changed(change);
    expect(loaded?.ok === false ? loaded.problems.map((one) => `${one.file}: ${one.problem}`).join('\n') : '').toContain(problem);
  });

  it('are none for having ended', async () => {
    expect(await loadRules(EXAMPLE, world, Date.parse('2036-01-01T00:00:00+08:00'))).toMatchObject({ ok: true });
  });

  it('may be JSON as well, or not there at all', async () => {
    expect(
      await changed(
        () =>
          JSON.stringify({
            name: 'x',
            rules: [{ id: 'a1', title: { zh: '甲', en: 'a' }, priority: 1, when: { matter: ['0702'] }, then: { lead: 'city-police' } }],
          }),
        'rules.json',
      ),
    ).toMatchObject({ ok: true });
    const folder = await mkdtemp(join(tmpdir(), 'rules-'));
    await cp(join(EXAMPLE, 'units.csv'), join(folder, 'units.csv'));
    expect(await loadRules(folder, world, NOW)).toBeUndefined();
    await rm(folder, { recursive: true });
  });
});
