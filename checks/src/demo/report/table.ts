import { shownSpan } from '../../cast/city/time.js';
import { type By, STAGES, type StageTimes } from './stages.js';
import { MUST_BE_NONE, type Summary } from './summary.js';

const AT_MOST = 20;

type Line = readonly [en: string, zh: string, value: number | string, more?: string];

const only = (wanted: boolean, line: Line): readonly Line[] => (wanted ? [line] : []);

/** The table for people, in both languages. */
export function renderTable(summary: Summary): string {
  const { seconds, days, factor, accepted, interrupted } = summary;
  const lines = countsOf(summary);
  const label = labels(lines);
  const time = factor === 1 ? '' : `, ${days} days of the city, whose time runs ${factor} times as fast`;
  return [
    `${accepted} tickets in ${seconds} s${time}${interrupted ? ' – interrupted' : ''}`,
    '',
    ...lines.map(([en, zh, value, more]) => `  ${label(en, zh)}${String(value).padStart(8)}${more === undefined ? '' : `  ${more}`}`),
    ...timesTable(summary, 'machine', ['services, ms of real time', '系统用时（毫秒）'], String),
    ...timesTable(
      summary,
      'people',
      factor === 1 ? ['people, ms', '人员用时（毫秒）'] : ['people, time of the city', '人员用时'],
      (time) => (factor === 1 ? String(time) : shownSpan(time)),
    ),
    ...section(
      'refused',
      summary.refusals.map(({ row, line, reason, detail }) => `row ${row} (line ${line}): ${reason}${detail === '' ? '' : ` – ${detail}`}`),
      summary.refused,
    ),
    ...section(
      'broken rows',
      summary.brokenRows.map(({ row, line, reason }) => `row ${row} (line ${line}): ${reason}`),
      summary.broken,
    ),
    ...section(
      'lost',
      summary.lostTickets.map(({ row, ticketId, lastHeard }) => `row ${row}, ticket ${ticketId}: last heard ${lastHeard}`),
      summary.lost,
    ),
    ...section('what else went wrong', summary.complaints, summary.complaints.length),
  ].join('\n');
}

function countsOf(summary: Summary): readonly Line[] {
  const { accepted, rated, finishedInTime, finishedLate } = summary;
  const refusals = Object.entries(summary.commandsRefused).map(([what, times]) => `${times} × ${what}`);
  const refusedCommands = refusals.length === 0 ? 'accepted, none refused' : `accepted; refused ${refusals.join('; ')}`;
  const closed = Object.entries(summary.closedBecause).map(([because, times]) => `${times} ${because}`);
  const finished = finishedInTime + finishedLate;
  return [
    ['rows', '来件', summary.rows],
    ...only(summary.broken > 0, ['broken rows', '损坏的行', summary.broken]),
    ['refused', '拒收', summary.refused],
    ['accepted', '受理', accepted, `${summary.acceptedOverHttp} over HTTP, ${summary.acceptedOverKafka} over Kafka`],
    ['assigned', '派单', summary.assigned],
    ['  routed by rule', '按规则', summary.byRule, share(summary.byRule, summary.assigned)],
    ['  routed by person', '人工', summary.byPerson, share(summary.byPerson, summary.assigned)],
    ['returned', '退单', summary.returned, `${summary.returns} returns; ${summary.routedAgain} tickets routed again`],
    ['replied', '答复', summary.replied, `${summary.sentBack} of them sent back by the approver`],
    ['approved', '审核通过', summary.approved],
    ['clocks started', '开始计时', summary.clocksStarted, `${summary.suspended} suspensions, ${summary.extended} extensions`],
    ['warned', '预警', summary.warned],
    ['yellow cards', '黄牌', summary.yellowCards],
    ['red cards', '红牌', summary.redCards],
    ['cards withdrawn', '撤牌', summary.cardsWithdrawn],
    ['on time', '按时办结', share(finishedInTime, finished) || '–', `${finishedInTime} of ${finished} assignments finished in time`],
    ['delivered', '送达', summary.delivered, `replies: ${summary.pushed} pushed, ${summary.fetched} fetched`],
    ['rated', '评价', rated],
    ['satisfied', '满意', share(summary.satisfied, rated) || '–', `${summary.satisfied} ratings`],
    ['reopened', '重办', summary.reopened],
    ['closed', '办结', summary.closed, closed.join(', ')],
    ...MUST_BE_NONE.flatMap((count) => only(count in NONE || summary[count] !== 0, noneOf(summary, count))),
    ['commands', '部门指令', summary.commandsAccepted, refusedCommands],
  ];
}

/** Those of the counts that must be 0 which are shown even so. */
const NONE: Readonly<Record<string, string>> = {
  lost: 'by the log of tickets, read independently',
  trailGaps: 'numbers missing in the trail that feedback keeps',
  auditDifferences: 'tickets of which feedback has not heard all that a service has said',
};
const NAMES: Readonly<Record<(typeof MUST_BE_NONE)[number], readonly [en: string, zh: string]>> = {
  unanswered: ['without an answer', '未获答复'],
  lost: ['lost', '丢失'],
  missingEvents: ['events missing', '缺失事件'],
  trailGaps: ['trail gaps', '轨迹缺口'],
  auditDifferences: ['audit differences', '核对差异'],
  wrongReplies: ['replies changed', '答复有误'],
  wrongCallbacks: ['call-backs not signed', '回调签名有误'],
};

function noneOf(summary: Summary, count: (typeof MUST_BE_NONE)[number]): Line {
  const value = summary[count];
  const more = value === null ? 'COULD NOT BE CHECKED' : value === 0 ? NONE[count] : 'MUST BE 0';
  return more === undefined ? [...NAMES[count], value ?? '?'] : [...NAMES[count], value ?? '?', more];
}

function timesTable({ stages }: Summary, by: By, heading: readonly [string, string], shown: (time: number) => string): readonly string[] {
  const timed = STAGES.flatMap(({ id, en, zh }): readonly (readonly [string, string, StageTimes])[] => {
    const times = stages[id];
    return times?.by === by ? [[en, zh, times]] : [];
  });
  if (timed.length === 0) return [];
  const label = labels([heading, ...timed]);
  const row = (cells: readonly string[]): string => cells.map((cell) => cell.padStart(11)).join('');
  return [
    '',
    `  ${label(...heading)}${row(['p50', 'p95', 'count'])}`,
    ...timed.map(([en, zh, { p50, p95, count }]) => `  ${label(en, zh)}${row([shown(p50), shown(p95), String(count)])}`),
  ];
}

const share = (part: number, whole: number): string => (whole === 0 ? '' : `${Math.round((100 * part) / whole)} %`);

function section(title: string, lines: readonly string[], count: number): readonly string[] {
  if (count === 0) return [];
  const shown = lines.slice(0, AT_MOST);
  return [
    '',
    `  ${title}:`,
    ...shown.map((line) => `    ${line}`),
    ...(count > shown.length ? [`    … and ${count - shown.length} more`] : []),
  ];
}

/** Columns of a terminal: a Chinese character takes two, an arrow one. */
export const columns = (text: string): number =>
  [...text].reduce(
    (width, character) =>
      width + (/[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/u.test(character) ? 2 : 1),
    0,
  );

const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - columns(text)));

/** Lays both languages out in columns. */
function labels(lines: readonly (readonly [en: string, zh: string, ...unknown[]])[]): (en: string, zh: string) => string {
  const [enWidth, zhWidth] = [0, 1].map((at) => Math.max(0, ...lines.map((line) => columns(String(line[at])))));
  return (en, zh) => `${padded(en, enWidth ?? 0)}  ${padded(zh, zhWidth ?? 0)}`;
}
