import { MATTER_CODE } from '@paidan/contracts';
import { standingOf } from '../routing/directory.js';
import { forceOf, type Rule, type RuleExceptions, type RuleWorld } from './document.js';
import type { Placed, Report } from './problems.js';

/** Names what the rules refer to and the world doesn't have: also what a set in force is told of when the directory changes. */
export const checkReferences = (placed: readonly Placed[], world: RuleWorld, now: number, report: Report): void => {
  const { directory, channels, mailboxes } = world;
  const byId = new Map<string, Placed>();
  for (const each of placed) {
    const first = byId.get(each.rule.id);
    if (first === undefined) byId.set(each.rule.id, each);
    else
      report(
        each,
        '/id',
        'duplicate-id',
        `rule ${first.at + 1} has the id ${each.rule.id} already`,
        `第 ${first.at + 1} 条规则已用编号 ${each.rule.id}`,
      );
  }

  /** What a condition speaks of: a unit that is closed may still be reported, and an old appeal addressed to it. */
  const conditions = (each: Placed, path: string, asked: RuleExceptions): void => {
    const unknown = (
      field: keyof RuleExceptions,
      values: readonly string[] | undefined,
      has: (value: string) => boolean,
      code: 'unknown-channel' | 'unknown-mailbox' | 'unknown-unit' | 'unknown-matter' | 'unknown-area',
      what: string,
      zh: string,
    ): void =>
      values?.forEach((value, at) => {
        if (!has(value)) report(each, `${path}/${field}/${at}`, code, `there is no ${what} ${value}`, `没有${zh} ${value}`);
      });
    const hasUnit = (code: string): boolean => directory.units.has(code);
    const hasMatter = (code: string): boolean =>
      MATTER_CODE.test(code) ? directory.matterByCode.has(code) : directory.topics.some((topic) => topic.code === code);
    if (channels !== undefined) unknown('channel', asked.channel, (id) => channels.has(id), 'unknown-channel', 'channel', '渠道');
    if (mailboxes !== undefined) unknown('mailbox', asked.mailbox, (id) => mailboxes.has(id), 'unknown-mailbox', 'mailbox', '信箱');
    unknown('addressee', asked.addressee, hasUnit, 'unknown-unit', 'unit', '单位');
    unknown('reported', asked.reported, hasUnit, 'unknown-unit', 'unit', '单位');
    unknown('matter', asked.matter, hasMatter, 'unknown-matter', 'matter or topic', '事项或大类');
    unknown('area', asked.area, (code) => directory.areas.has(code), 'unknown-area', 'area', '区划');
  };

  const unit = (each: Placed, path: string, code: string): void => {
    if (code.startsWith('@')) return;
    const known = directory.units.get(code);
    if (known === undefined) report(each, path, 'unknown-unit', `there is no unit ${code}`, `没有单位 ${code}`);
    else if (standingOf(known, now) === 'inactive')
      report(each, path, 'unit-inactive', `${known.name} (${code}) is no longer active`, `${known.name}（${code}）已停用`);
  };

  for (const each of placed) {
    const { when, then, unless } = each.rule;
    conditions(each, '/when', when);
    if (when.not !== undefined) conditions(each, '/when/not', when.not);
    if (then.lead !== undefined) unit(each, '/then/lead', then.lead);
    then.coHandlers?.forEach((code, at) => unit(each, `/then/coHandlers/${at}`, code));
    then.copies?.forEach((code, at) => unit(each, `/then/copies/${at}`, code));
    if (then.matter !== undefined && !directory.matterByCode.has(then.matter))
      report(each, '/then/matter', 'unknown-matter', `there is no matter ${then.matter}`, `没有事项 ${then.matter}`);
    unless?.forEach((id, at) => rule(each, `/unless/${at}`, byId.get(id), id));
    const ended = endOf(each.rule, now);
    if (ended !== undefined) report(each, '/until', 'ended', `ended with ${ended}`, `已于 ${ended} 期满`);
  }

  function rule(each: Placed, path: string, other: Placed | undefined, id: string): void {
    if (other === undefined) return report(each, path, 'unknown-rule', `there is no rule ${id}`, `没有规则 ${id}`);
    if (other.rule.priority >= each.rule.priority)
      report(
        each,
        path,
        'not-before',
        `${id} has priority ${other.rule.priority}: it isn't asked before this rule (${each.rule.priority})`,
        `${id} 的优先级为 ${other.rule.priority}，并不先于本规则（${each.rule.priority}）`,
      );
    const ended = endOf(other.rule, now);
    if (ended !== undefined) report(each, path, 'refers-to-ended', `${id} ended with ${ended}`, `${id} 已于 ${ended} 期满`);
  }
};

/** Its last day, where that has passed. */
const endOf = (rule: Rule, now: number): string | undefined => (forceOf(rule)[1] <= now ? rule.until : undefined);
