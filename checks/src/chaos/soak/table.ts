import { SERVICES } from '@paidan/contracts';
import { columns } from '../columns.js';
import { kilobytesPerTicket } from './growth.js';
import type { Sample } from './sample.js';

/** So many lines at most, evenly from the run, its end the last. */
const LINES = 10;

/** A long run for people: what each process held, and what each schema took. */
export function soakTable(samples: readonly Sample[]): readonly string[] {
  const every = Math.max(1, Math.ceil(samples.length / LINES));
  const shown = samples.filter((_, index) => (samples.length - 1 - index) % every === 0);
  const names = Object.keys(shown[0]?.processes ?? {});
  return [
    '  memory in MB / open handles, and accepted→assigned in ms, by minute',
    ...columns([
      ['minute', 'tickets', 'p50', 'p99', ...names],
      ...shown.map(({ minute, registered, acceptedToAssignedMs, processes }) => [
        ...[minute, registered, acceptedToAssignedMs?.p50 ?? '–', acceptedToAssignedMs?.p99 ?? '–'].map(String),
        ...names.map((name) => `${processes[name]?.mb ?? 0}/${processes[name]?.handles ?? 0}`),
      ]),
    ]),
    '',
    '  tables + indexes in MB, kB for each ticket, dead rows, number of tables, rows waiting to be sent',
    ...columns([
      ['minute', ...SERVICES],
      ...shown.map((sample) => [
        String(sample.minute),
        ...SERVICES.map((service) => {
          const { tablesMb, indexesMb, deadRows, tables } = sample.schemas[service];
          return `${tablesMb}+${indexesMb} ${kilobytesPerTicket(sample, service).toFixed(1)} ${deadRows} ${tables} ${sample.waiting[service]}`;
        }),
      ]),
    ]),
  ];
}
