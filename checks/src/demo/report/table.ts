import { STAGES } from './stages.js';
import type { Summary } from './summary.js';

const AT_MOST = 20;

type Line = readonly [en: string, zh: string, value: number, more?: string];

const only = (wanted: boolean, line: Line): readonly Line[] => (wanted ? [line] : []);

/** The table for people, in both languages. */
export function renderTable(summary: Summary): string {
  const { stages, seconds, accepted, lost, missingEvents } = summary;
  const refusals = Object.entries(summary.commandsRefused).map(([what, times]) => `${times} × ${what}`);
  const refusedCommands = refusals.length === 0 ? 'accepted, none refused' : `accepted; refused ${refusals.join('; ')}`;
  const counts: readonly Line[] = [
    ['rows', '来件', summary.rows],
    ...only(summary.broken > 0, ['broken rows', '损坏的行', summary.broken]),
    ['refused', '拒收', summary.refused],
    ...only(summary.unanswered > 0, ['without an answer', '未获答复', summary.unanswered]),
    ['accepted', '受理', accepted, `${summary.acceptedOverHttp} over HTTP, ${summary.acceptedOverKafka} over Kafka`],
    ['assigned', '派单', summary.assigned],
    ['  routed by rule', '按规则', summary.byRule, share(summary.byRule, summary.assigned)],
    ['  routed by person', '人工', summary.byPerson, share(summary.byPerson, summary.assigned)],
    ['returned', '退单', summary.returned, `${summary.returns} returns; ${summary.routedAgain} tickets routed again`],
    ['replied', '答复', summary.replied, `${summary.sentBack} of them sent back once by the approver`],
    ['approved', '审核通过', summary.approved],
    ['lost', '丢失', lost, lost === 0 ? 'by the log of tickets, read independently' : 'MUST BE 0'],
    ...only(missingEvents > 0, ['events missing', '缺失事件', missingEvents, 'MUST BE 0']),
    ...only(summary.wrongReplies > 0, ['replies changed', '答复有误', summary.wrongReplies, 'MUST BE 0']),
    ['commands', '部门指令', summary.commandsAccepted, refusedCommands],
  ];
  const label = labels(counts);
  const lines = counts.map(
    ([en, zh, value, more]) => `  ${label(en, zh)}${String(value).padStart(8)}${more === undefined ? '' : `  ${more}`}`,
  );
  const timed = STAGES.flatMap(({ id, en, zh }) => {
    const times = stages[id];
    return times === undefined ? [] : [[en, zh, times] as const];
  });
  const heading = ['time per stage, ms', '各环节用时'] as const;
  const stageLabel = labels([heading, ...timed]);
  const rate = seconds > 0 ? `, ${(accepted / seconds).toFixed(1)} tickets/s from the first message to the last approval` : '';
  return [
    `${accepted} tickets in ${seconds} s${rate}${summary.interrupted ? ' – interrupted' : ''}`,
    '',
    ...lines,
    '',
    ...(timed.length === 0 ? [] : [`  ${stageLabel(...heading)}${'p50'.padStart(8)}${'p95'.padStart(8)}${'count'.padStart(8)}`]),
    ...timed.map(
      ([en, zh, { p50, p95, count }]) => `  ${stageLabel(en, zh)}${[p50, p95, count].map((value) => String(value).padStart(8)).join('')}`,
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
      lost,
    ),
    ...section('what else went wrong', summary.complaints, summary.complaints.length),
  ].join('\n');
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
