import type { Report } from './measure.js';

/** The figures as a person reads them. */
export function print(report: Report, say: (line: string) => void): void {
  const { limits, tutorial, idle, fullSpeed, steady, timesTutorial } = report;
  say('');
  say('raw limits, same run');
  say(`  kafkajs            ${limits.kafkaProduced}/s produced, ${limits.kafkaConsumed}/s consumed (600 bytes)`);
  say(`  Postgres           ${limits.rowsInBatches} rows/s in batches, ${limits.rowsOneByOne}/s one by one`);
  say(`  disk               a flush takes p50 ${limits.flushMs.p50} ms, p99 ${limits.flushMs.p99} ms`);
  if (tutorial) {
    say(
      `the tutorial build   ${tutorial.accepted}/s accepted, ${tutorial.assigned}/s assigned, ${tutorial.lagSeconds} s of input behind at the end`,
    );
    say(`  ${machine(tutorial.machine)}`);
  }
  if (idle) {
    say('idle');
    processes(idle, say);
  }
  say('full speed');
  say(`  accepted           ${fullSpeed.acceptedPerSecond}/s${timesTutorial ? `   ${timesTutorial.accepted} × the tutorial build` : ''}`);
  say(`  in sixths          ${fullSpeed.acceptedInSixths.join(', ')}`);
  say(`  assigned           ${fullSpeed.assignedPerSecond}/s${timesTutorial ? `   ${timesTutorial.assigned} × the tutorial build` : ''}`);
  say(`  answered in        p50 ${fullSpeed.answerMs.p50} ms, p99 ${fullSpeed.answerMs.p99} ms; ${fullSpeed.refused} refused or failed`);
  const lags = Object.entries(fullSpeed.lagSeconds).map(([name, seconds]) => `${name} ${seconds}`);
  say(`  events             ${fullSpeed.eventsPerSecond}/s on the log; behind at the end, in seconds of input: ${lags.join(', ')}`);
  processes(fullSpeed.processes, say);
  say(`  ${machine(fullSpeed.machine)}`);
  say(`at ${steady.rate}/s`);
  const { p50, p99, max } = steady.acceptedToAssignedMs;
  say(`  accepted→assigned  p50 ${p50} ms, p99 ${p99} ms, max ${max} ms (${steady.assigned} assigned)`);
  processes(steady.processes, say);
  say(`  ${machine(steady.machine)}; a flush of the disk took p50 ${steady.flushMs.p50} ms, p99 ${steady.flushMs.p99} ms just before`);
}

const machine = ({ used, stolen, coreSpeed }: Report['fullSpeed']['machine']): string =>
  `machine            ${Math.round(100 * used)} % used, ${Math.round(100 * stolen)} % taken by others, a core does ${coreSpeed} M steps/s`;

function processes(all: Report['fullSpeed']['processes'], say: (line: string) => void): void {
  for (const [name, { cores, rssMb }] of Object.entries(all)) say(`  ${name.padEnd(19)}${cores.toFixed(3)} cores, ${rssMb} MB`);
}
