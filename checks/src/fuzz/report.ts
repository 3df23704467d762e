import type { Called, Outcome } from './run.js';

interface Excuse {
  readonly operation: string;
  readonly because: string;
}

/** Operations that can't succeed on a system on which each is called at random, and why. */
const NEVER: readonly Excuse[] = [
  { operation: 'POST /v1/operations/restoration/history', because: 'it fills an empty schema, and these have tickets' },
  {
    operation: 'POST /v1/operations/log/take',
    because: 'what is said has to be held for six seconds before, and a republish in between ends that',
  },
];
const NEVER_OF: Readonly<Record<string, readonly Excuse[]>> = {
  intake: [
    'GET /v1/operations/parked/{ticketId}',
    'POST /v1/operations/parked/{ticketId}/discard',
    'POST /v1/operations/parked/{ticketId}/replay',
  ].map((operation) => ({ operation, because: 'intake hears no event, so none of its tickets is ever parked' })),
  feedback: [
    {
      operation: 'POST /v1/operations/retellings',
      because: 'no story is told while tickets are parked, and half of those stay so; it was asked for before there were any',
    },
  ],
};
const excusesOf = (service: string): readonly Excuse[] => [...NEVER, ...(NEVER_OF[service] ?? [])];

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((all, count) => all + count, 0);
const succeeded = ({ answers }: Called): boolean => Object.keys(answers).some((status) => status.startsWith('2'));
const excused = (service: string, operation: string): boolean => excusesOf(service).some((one) => one.operation === operation);

/** Operations of which no request ever succeeded, though one could have. */
export const unreached = ({ service, operations }: Outcome): readonly string[] =>
  operations.filter((one) => !succeeded(one) && !excused(service, one.operation)).map(({ operation }) => operation);

/** Everything for which the run fails. */
export const failures = (outcome: Outcome): number =>
  outcome.operations.reduce((all, { findings }) => all + sum(findings), 0) + unreached(outcome).length + outcome.errors.length;

/** The outcomes as a person reads them. */
export function print(outcomes: readonly Outcome[], say: (line: string) => void): void {
  say('');
  say(
    `${'service'.padEnd(20)}${'operations'.padStart(11)}${'calls'.padStart(9)}${'2xx'.padStart(9)}${'4xx'.padStart(9)}${'5xx'.padStart(6)}  findings`,
  );
  for (const { service, operations } of outcomes) {
    const calls = (from: string): number =>
      operations.reduce(
        (all, { answers }) => all + sum(Object.fromEntries(Object.entries(answers).filter(([status]) => status.startsWith(from)))),
        0,
      );
    const [count, all] = [String(operations.length), String(calls(''))];
    const found = new Map<string, number>();
    for (const { findings } of operations)
      for (const [check, times] of Object.entries(findings)) found.set(check, (found.get(check) ?? 0) + times);
    const findings = found.size === 0 ? 'none' : [...found].map(([check, times]) => `${check} ${times}`).join(', ');
    const columns = [calls('2'), calls('4')].map((number) => String(number).padStart(9)).join('');
    say(`${service.padEnd(20)}${count.padStart(11)}${all.padStart(9)}${columns}${String(calls('5')).padStart(6)}  ${findings}`);
  }
  for (const outcome of outcomes) {
    for (const example of outcome.examples) say(`\n${outcome.service}: ${example}`);
    for (const error of outcome.errors) say(`\n${outcome.service}: could not be tried: ${error}`);
    for (const operation of unreached(outcome)) say(`\n${outcome.service}: ${operation} never succeeded`);
    for (const { operation, because } of excusesOf(outcome.service)) say(`\n${outcome.service}: ${operation} can't succeed: ${because}`);
  }
}
