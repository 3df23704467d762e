import {
  CHANNEL_KIND_WORDS,
  CLOSE_REASON_WORDS,
  CONTACT_OUTCOME_WORDS,
  DECLINE_REASON_WORDS,
  DELIVERY_WAY_WORDS,
  EVENT_WORDS,
  FOLLOW_UP_WAY_WORDS,
  HOLD_REASON_WORDS,
  LAWFUL_ROUTE_WORDS,
  LINK_KIND_WORDS,
  OUTCOME_WORDS,
  RELEASE_REASON_WORDS,
  RELEASE_REFUSAL_WORDS,
  REOPEN_REASON_WORDS,
  RETURN_REASON_WORDS,
  RETURN_REFUSAL_WORDS,
  SUSPENSION_REASON_WORDS,
  UNLINK_REASON_WORDS,
  WITHDRAW_REASON_WORDS,
  wordsFor,
  type Actor,
  type EventName,
  type EventPayload,
  type TicketEvent,
} from '@paidan/contracts';
import { clockTime, list, quoted, span, told, when, type Names, type Told } from './phrases.js';
import { TELL_CLOCKS } from './tell-clocks.js';

/** Tells one kind of event in a sentence. */
export type Teller<N extends EventName> = (payload: EventPayload<N>, names: Names) => Told;

const by = (actor: Actor): Told =>
  actor.kind === 'person' ? told(`by ${actor.subject}`, `${actor.subject}`) : told(`by rule ${actor.rule}`, `按规则 ${actor.rule}`);

const yesNo = (value: boolean | undefined, yes: Told, no: Told): Told => when(value, (is) => (is ? yes : no));

/** The parts that say something, after one another. */
const parts = (...items: readonly Told[]): Told => list(items.filter(({ en }) => en !== ''));

const TELL: { readonly [N in EventName]: Teller<N> } = {
  'ticket.registered': ({ number, channelKind }) => {
    const kind = wordsFor(CHANNEL_KIND_WORDS, channelKind);
    return told(`received by ${kind.en} as ticket ${number}`, `${kind.zh}受理，工单编号 ${number}`);
  },
  'ticket.supplemented': ({ words }) => told(`the citizen adds ${quoted(words).en}`, `诉求人补充${quoted(words).zh}`),
  'ticket.withdrawn': ({ reason }) => {
    const why = wordsFor(WITHDRAW_REASON_WORDS, reason);
    return told(`taken back by the citizen: ${why.en}`, `诉求人撤回：${why.zh}`);
  },
  'ticket.declined': ({ reason, lawfulRoute }) => {
    const [why, route] = [wordsFor(DECLINE_REASON_WORDS, reason), wordsFor(LAWFUL_ROUTE_WORDS, lawfulRoute)];
    return told(`declined: ${why.en}; it goes to ${route.en}`, `不予受理：${why.zh}；请通过${route.zh}`);
  },

  'ticket.assigned': ({ lead, coHandlers, matter, designated, by: who }, { unit, matter: matterName }) => {
    const more = parts(
      when(matter, (code) => told(`as ${matterName(code)}`, `事项“${matterName(code)}”`)),
      coHandlers.length === 0
        ? told('', '')
        : told(`together with ${coHandlers.map(unit).join(', ')}`, `协办${coHandlers.map(unit).join('、')}`),
      designated ? told('designated', '直接指定') : told('', ''),
      by(who),
    );
    return told(`dispatched to ${unit(lead)} (${more.en})`, `派单至${unit(lead)}（${more.zh}）`);
  },
  'ticket.held': ({ reason }) => {
    const why = wordsFor(HOLD_REASON_WORDS, reason);
    return told(`waits for a dispatcher: ${why.en}`, `待人工派单：${why.zh}`);
  },
  'release.requested': ({ unit: code, reason }, { unit }) => {
    const why = wordsFor(RELEASE_REASON_WORDS, reason);
    return told(`asked back from ${unit(code)}: ${why.en}`, `请求从${unit(code)}收回：${why.zh}`);
  },
  'return.accepted': ({ unit: code, by: who }, { unit }) =>
    told(`the return by ${unit(code)} is accepted ${by(who).en}`, `同意${unit(code)}退单（${by(who).zh}）`),
  'return.refused': ({ unit: code, reason, note, windowEnded }, { unit }) => {
    const why = wordsFor(RETURN_REFUSAL_WORDS, reason);
    const ended = when(windowEnded, (at) => told(` (it ended ${clockTime(at)})`, `（截至${clockTime(at)}）`));
    return told(
      `the return by ${unit(code)} is refused: ${why.en}${ended.en} ${quoted(note).en}`.trim(),
      `不同意${unit(code)}退单：${why.zh}${ended.zh}${quoted(note).zh}`,
    );
  },
  'ticket.linked': ({ masterNumber, link }) => {
    const kind = wordsFor(LINK_KIND_WORDS, link);
    return told(`linked to ticket ${masterNumber}: ${kind.en}`, `并入主单 ${masterNumber}：${kind.zh}`);
  },
  'ticket.unlinked': ({ masterNumber, reason, note }) => {
    const why = wordsFor(UNLINK_REASON_WORDS, reason);
    return told(
      `no longer linked to ticket ${masterNumber}: ${why.en} ${quoted(note).en}`.trim(),
      `解除与主单 ${masterNumber} 的并入：${why.zh}${quoted(note).zh}`,
    );
  },
  'ticket.answered': ({ answer }) => told(`answered by the desk: ${quoted(answer).en}`, `热线直接答复${quoted(answer).zh}`),

  'assignment.signed': ({ unit: code, officer }, { unit }) =>
    officer === undefined
      ? told(`${unit(code)} let the time for returning pass and holds it`, `${unit(code)}逾期未退，视为签收`)
      : told(`signed by ${unit(code)}`, `${unit(code)}签收`),
  'assignment.returned': ({ unit: code, reason, grounds, legalBasis }, { unit }) => {
    const why = wordsFor(RETURN_REASON_WORDS, reason);
    const law = when(legalBasis, (basis) => told(`; ${basis}`, `；依据${basis}`));
    return told(
      `returned by ${unit(code)}: ${why.en}, ${quoted(grounds).en}${law.en}`,
      `${unit(code)}退单：${why.zh}，${quoted(grounds).zh}${law.zh}`,
    );
  },
  'assignment.released': ({ unit: code }, { unit }) => told(`${unit(code)} has let go of it`, `已从${unit(code)}收回`),
  'release.refused': ({ unit: code, because }, { unit }) => {
    const why = wordsFor(RELEASE_REFUSAL_WORDS, because);
    return told(`${unit(code)} can't let go of it: ${why.en}`, `${unit(code)}不能交回：${why.zh}`);
  },
  'assignment.delegated': ({ unit: code, to }, { unit }) =>
    told(`handed down by ${unit(code)} to ${unit(to)}`, `${unit(code)}转办至${unit(to)}`),
  'citizen.contacted': ({ unit: code, outcome }, { unit }) => {
    const how = wordsFor(CONTACT_OUTCOME_WORDS, outcome);
    return told(`${unit(code)} called the citizen: ${how.en}`, `${unit(code)}联系诉求人：${how.zh}`);
  },
  'work.progressed': ({ unit: code, note }, { unit }) =>
    told(`${unit(code)} notes ${quoted(note).en}`, `${unit(code)}办理记录${quoted(note).zh}`),
  'work.suspended': ({ unit: code, reason, grounds, until }, { unit }) => {
    const why = wordsFor(SUSPENSION_REASON_WORDS, reason);
    const end = when(until, (at) => told(` until ${clockTime(at)}`, `，至 ${clockTime(at)}`));
    return told(
      `suspended by ${unit(code)}${end.en}: ${why.en}, ${quoted(grounds).en}`,
      `${unit(code)}挂起${end.zh}：${why.zh}，${quoted(grounds).zh}`,
    );
  },
  'work.resumed': ({ unit: code }, { unit }) => told(`${unit(code)} resumes the work`, `${unit(code)}恢复办理`),
  'extension.requested': ({ unit: code, span: length, grounds }, { unit }) =>
    told(
      `${unit(code)} asks for ${span(length).en} more: ${quoted(grounds).en}`,
      `${unit(code)}申请延期${span(length).zh}：${quoted(grounds).zh}`,
    ),
  'extension.granted': ({ span: length, by: who }) =>
    told(`${span(length).en} more are granted ${by(who).en}`, `同意延期${span(length).zh}（${by(who).zh}）`),
  'extension.refused': ({ by: who, reason }) =>
    told(`more time is refused ${by(who).en}: ${quoted(reason).en}`, `不同意延期（${by(who).zh}）：${quoted(reason).zh}`),
  'reply.submitted': ({ unit: code, round, outcome, reply }, { unit }) => {
    const how = wordsFor(OUTCOME_WORDS, outcome);
    return told(
      `${unit(code)} submits reply ${round} (${how.en}): ${quoted(reply).en}`,
      `${unit(code)}提交第 ${round} 次答复（${how.zh}）：${quoted(reply).zh}`,
    );
  },
  'reply.approved': ({ unit: code, round, outcome }, { unit }) => {
    const how = wordsFor(OUTCOME_WORDS, outcome);
    return told(`reply ${round} of ${unit(code)} approved: ${how.en}`, `${unit(code)}第 ${round} 次答复审核通过：${how.zh}`);
  },
  'reply.sent-back': ({ unit: code, round, reason }, { unit }) =>
    told(
      `reply ${round} sent back to ${unit(code)}: ${quoted(reason).en}`,
      `第 ${round} 次答复审核退回${unit(code)}：${quoted(reason).zh}`,
    ),

  ...TELL_CLOCKS,

  'reply.delivered': ({ round, way, attempts }) => {
    const how = wordsFor(DELIVERY_WAY_WORDS, way);
    const tries = attempts > 1 ? told(` at attempt ${attempts}`, `（第 ${attempts} 次）`) : told('', '');
    return told(`reply ${round} delivered: ${how.en}${tries.en}`, `第 ${round} 次答复送达：${how.zh}${tries.zh}`);
  },
  'reply.shared': ({ masterNumber, unit: code }, { unit }) => {
    const by = when(code, (given) => told(` by ${unit(given)}`, unit(given)));
    return told(`answered${by.en} with the reply to its master ${masterNumber}`, `按主单 ${masterNumber} ${by.zh}的答复答复`);
  },
  'follow-up.completed': ({ way, reached, resolved, stars }) => {
    const how = wordsFor(FOLLOW_UP_WAY_WORDS, way);
    if (!reached) return told(`follow-up ${how.en}: not reached`, `${how.zh}回访：未接通`);
    const found = parts(
      yesNo(resolved, told('solved', '已解决'), told('not solved', '未解决')),
      when(stars, (count) => told(`${count} stars`, `${count} 星`)),
    );
    return told(`follow-up ${how.en}: ${found.en || 'reached'}`, `${how.zh}回访：${found.zh || '已接通'}`);
  },
  'rating.received': ({ round, stars, resolved, satisfied, onTime, comment }) => {
    const said = parts(
      told(`${stars} stars`, `${stars} 星`),
      yesNo(resolved, told('solved', '已解决'), told('not solved', '未解决')),
      yesNo(satisfied, told('satisfied', '满意'), told('unsatisfied', '不满意')),
      yesNo(onTime, told('in time', '及时'), told('not in time', '不及时')),
      quoted(comment),
    );
    return told(`the citizen judges reply ${round}: ${said.en}`, `诉求人评价第 ${round} 次答复：${said.zh}`);
  },
  'ticket.reopened': ({ because }) => {
    const why = wordsFor(REOPEN_REASON_WORDS, because);
    return told(`reopened: ${why.en}`, `重办：${why.zh}`);
  },
  'ticket.closed': ({ because }) => {
    const why = wordsFor(CLOSE_REASON_WORDS, because);
    return told(`closed: ${why.en}`, `办结：${why.zh}`);
  },

  'ticket.snapshot': ({ of }) => told(`${of} says anew all that it knows`, `${of} 重发快照`),
};

/** What an event says, in a sentence of each language. */
export const tellEvent = (event: TicketEvent, names: Names): Told => {
  // The map is typed by name; only the compiler can't follow that name and payload are of one event.
  const tell = TELL[event.name] as (payload: TicketEvent['payload'], names: Names) => Told;
  return tell(event.payload, names);
};

/** Of an event whose payload can't be read by this release. */
export const tellName = (name: string): Told => wordsFor(EVENT_WORDS, name);
