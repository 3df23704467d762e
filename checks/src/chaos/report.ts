import { FAULT_KINDS, FAULT_PAIRS, TARGETS } from './faults/plan.js';
import { lossTable } from './lose/table.js';
import { filledTable } from './restore/make-anew.js';
import { restoreTable } from './restore/restore.js';
import type { Report } from './run.js';
import { scaleTable } from './scale/table.js';
import { soakTable } from './soak/table.js';

/** So many are named one by one; the counts are of all. */
const NAMED = 50;

/** Pairs that were to be hit and were not; and where all were to be, what a whole run must have seen happen. */
export const missed = ({ faults, counts }: Pick<Report, 'faults'> & { readonly counts: Pick<Report['counts'], 'linked'> }): string[] => [
  ...faults
    .filter(({ hit }) => !hit)
    .map(({ kind, target, failure }) => `${kind}:${target}${failure === undefined ? '' : ` (${failure})`}`),
  ...(faults.length >= FAULT_PAIRS.length && counts.linked === 0 ? ['tickets under a master'] : []),
];

export const isClean = (report: Report): boolean => report.violations.length === 0 && missed(report).length === 0;

/** The report for people. */
export function render(report: Report): string {
  const { seed, tickets, counts, seconds, violations, stories, complaints, dataDir } = report;
  const whole = Object.values(seconds).reduce((sum, part) => sum + part, 0);
  const refused = Object.entries(counts.commandsRefused).map(([what, times]) => `${times} × ${what}`);
  const byRule = new Map<string, number>();
  for (const { rule } of violations) byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
  return [
    `seed ${seed}: ${tickets} tickets in ${Math.round(whole)} s (${Object.entries(seconds)
      .map(([part, span]) => `${part} ${Math.round(span)}`)
      .join(', ')}), ${counts.days} days of the city`,
    '',
    `  accepted       ${counts.accepted}; ${counts.repeated} handed in again, ${counts.conflicting} under a used id with another text; ${counts.refused} refused`,
    `  events         ${counts.events} of ${counts.stories} tickets; ${counts.repeats} exact repeats in the log`,
    `  commands       ${counts.commands}; refused to departments: ${refused.length === 0 ? 'none' : refused.join('; ')}`,
    `  approved       ${counts.approved}; closed ${counts.closed}; ratings ${counts.ratings}; call-backs ${counts.callbacks}`,
    `  cards          ${counts.cards}, of which ${counts.withdrawn} withdrawn`,
    `  members        ${counts.linked} tickets came under a master, ${counts.unlinked} were taken out again; ${counts.shared} got a master's reply`,
    '',
    ...workTable(report),
    ...(missed(report).length > 0 ? ['', `  NOT HIT: ${missed(report).join(', ')}`] : []),
    ...(Object.keys(complaints).length > 0 ? ['', '  what people complained of:', ...complaintLines(complaints)] : []),
    ...(dataDir === undefined ? [] : ['', `  the data stays in ${dataDir}`]),
    '',
    violations.length === 0
      ? 'No violation.'
      : `${violations.length} VIOLATIONS: ${[...byRule].map(([rule, times]) => `${times} ${rule}`).join(', ')}`,
    ...named(
      violations.map(({ rule, ticketId, evidence }) => `${rule}${ticketId === undefined ? '' : ` ticket ${ticketId}`}: ${evidence}`),
    ),
    ...stories.flatMap(({ ticketId, lines }) => ['', `  the story of ${ticketId}:`, ...lines.map((line) => `    ${line}`)]),
    '',
  ].join('\n');
}

/** What was done to the city. */
function workTable({ faults, scale, restored, anew, lost, soaked }: Report): readonly string[] {
  if (lost !== undefined) return lossTable(lost);
  if (restored !== undefined) return [...restoreTable(restored), ...(anew === undefined ? [] : filledTable(anew))];
  if (scale !== undefined) return scaleTable(scale);
  return soaked === undefined ? faultTable(faults) : soakTable(soaked);
}

const complaintLines = (complaints: Report['complaints']): readonly string[] =>
  named(
    Object.entries(complaints)
      .sort(([, a], [, b]) => b - a)
      .map(([what, times]) => `${times} × ${what}`),
  );

/** How often each kind hit each target. */
function faultTable(faults: Report['faults']): readonly string[] {
  if (faults.length === 0) return ['  no faults'];
  const all = FAULT_KINDS.flatMap((kind) => TARGETS[kind]).length;
  const times = (kind: string, target: string): number =>
    faults.filter((one) => one.hit && one.kind === kind && one.target === target).length;
  const lines = FAULT_KINDS.map((kind) => {
    const hits = TARGETS[kind].filter((target) => faults.some((one) => one.kind === kind && one.target === target));
    return `  ${kind.padEnd(14)} ${hits.map((target) => `${target} ${times(kind, target)}`).join(', ') || '–'}`;
  });
  return [`  faults: ${faults.length}${faults.length < all ? ` – a part of the ${all} that a full run has` : ''}`, ...lines];
}

const named = (lines: readonly string[]): readonly string[] => [
  ...lines.slice(0, NAMED).map((line) => `    ${line}`),
  ...(lines.length > NAMED ? [`    … and ${lines.length - NAMED} more`] : []),
];
