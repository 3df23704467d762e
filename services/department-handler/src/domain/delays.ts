import type { Span } from '@paidan/contracts';
import type { Context, Decision } from '@paidan/runtime';
import { accepted, heading, refused, wordsOn, type Answered, type Theirs } from './answers.js';
import type { WorkCommandOf } from './commands.js';
import type { Facts, WorkPolicy } from './facts.js';
import { extensionDecided } from './notices.js';
import { SUSPENSION, type Holding, type Signed, type Suspended, type WorkItem } from './work-item.js';

/* What keeps the answer waiting: 挂起 and 延期. How the deadline moves by it is sla-monitor's to say. */

/** Each day that a timer is armed for is a partition of its own; what takes longer is resumed by whoever suspended it. */
const LONGEST_SUSPENSION = 366 * 86_400_000;

export function suspend(item: Theirs, command: WorkCommandOf<'suspend'>, { now, facts }: Context<Facts>): Answered {
  if (item.status !== 'signed') return refused(item, 'wrong-state');
  const { reason, grounds, until, approvedBy } = command.payload;
  const end = until === undefined ? undefined : Date.parse(until);
  if (end !== undefined && (end <= now || end > now + LONGEST_SUSPENSION)) return refused(item, 'time-not-possible');
  const suspended = { reason, by: command.actor.subject, ...(end === undefined ? {} : { until: end }) };
  return {
    ...accepted(
      { ...item, status: 'suspended', since: now, suspended },
      {
        name: 'work.suspended',
        payload: {
          ...heading(item, command),
          reason,
          grounds: wordsOn(item.ticket, grounds, command.ticketId, facts),
          ...(end === undefined ? {} : { until: new Date(end).toISOString() }),
          ...(approvedBy === undefined ? {} : { approvedBy }),
        },
      },
    ),
    timers: [{ name: SUSPENSION, at: end ?? null }],
  };
}

export function resume(item: Theirs, command: WorkCommandOf<'resume'>, { now }: Context<Facts>): Answered {
  if (item.status !== 'suspended') return refused(item, 'wrong-state');
  return {
    ...accepted(workedOn(item, now), { name: 'work.resumed', payload: heading(item, command) }),
    timers: [{ name: SUSPENSION, at: null }],
  };
}

/** The end that was named at suspension has come. */
export function resumedByItself(item: Suspended, { now }: Context<Facts>): Decision<WorkItem> {
  const { assignment, unit } = item.holding;
  return { record: workedOn(item, now), events: [{ name: 'work.resumed', payload: { assignment, unit } }] };
}

const workedOn = ({ ticket, rounds, holding, signed }: Suspended, now: number): Signed => ({
  status: 'signed',
  since: now,
  ticket,
  rounds,
  holding,
  signed,
});

const BY_RULE = { kind: 'rule', rule: 'first-extension' } as const;

const isGrantedByRule = (number: number, { count, unit }: Span, { extensionByRule }: WorkPolicy): boolean =>
  number === 1 && unit === 'WD' && count <= extensionByRule;

export function requestExtension(item: Theirs, command: WorkCommandOf<'request-extension'>, { now, facts }: Context<Facts>): Answered {
  if (item.status !== 'signed') return refused(item, 'wrong-state');
  const { ticket, holding } = item;
  const { asked, waiting } = holding.extensions ?? { asked: 0, waiting: undefined };
  if (waiting !== undefined) return refused(item, 'extension-waiting');
  const dueAt = holding.deadlines?.finish?.dueAt ?? undefined;
  // Beijing 条例 §15: before it passes.
  if (dueAt !== undefined && now > dueAt) return refused(item, 'deadline-passed');
  const { grounds } = command.payload;
  const span: Span = { count: command.payload.span.count, unit: command.payload.span.unit };
  const extension = asked + 1;
  const requested = {
    name: 'extension.requested',
    payload: { ...heading(item, command), extension, span, grounds: wordsOn(ticket, grounds, command.ticketId, facts) },
  } as const;
  if (!isGrantedByRule(extension, span, facts.policy))
    return accepted(
      { ...item, holding: { ...holding, extensions: { asked: extension, waiting: { span, by: command.actor.subject, at: now } } } },
      requested,
    );
  const { assignment, unit } = holding;
  return {
    ...accepted({ ...item, holding: { ...holding, extensions: { asked: extension } } }, requested, {
      name: 'extension.granted',
      payload: { assignment, unit, extension, span, by: BY_RULE },
    }),
    notices: extensionDecided(ticket, holding, command.ticketId, { extension, granted: true, span }, facts.directory),
  };
}

/** 延期审批: by a person at the desk. */
export function decideExtension(item: Theirs, command: WorkCommandOf<'decide-extension'>, { facts }: Context<Facts>): Answered {
  if (item.status !== 'signed' && item.status !== 'suspended' && item.status !== 'replied') return refused(item, 'wrong-state');
  const { ticket } = item;
  const { assignment, unit, extensions } = item.holding;
  const { extension, granted, reason } = command.payload;
  if (extensions?.waiting === undefined || extensions.asked !== extension) return refused(item, 'stale-extension');
  const { span } = extensions.waiting;
  const holding: Holding = { ...item.holding, extensions: { asked: extension } };
  const by = { kind: 'person', subject: command.actor.subject } as const;
  const words = wordsOn(ticket, reason, command.ticketId, facts);
  const about = { assignment, unit, extension, by };
  const decided = { extension, granted, span, ...(words.kind === 'open' ? { note: words.text } : {}) };
  return {
    ...accepted(
      { ...item, holding },
      granted
        ? { name: 'extension.granted', payload: { ...about, span, note: words } }
        : { name: 'extension.refused', payload: { ...about, reason: words } },
    ),
    notices: extensionDecided(ticket, holding, command.ticketId, decided, facts.directory),
  };
}
