import { DEPARTMENT_COMMANDS, type DepartmentCommandName } from '@paidan/contracts';
import { memberOf } from '@paidan/kernel';
import { type Books, type Commanded, EVENT_OF, type Logged } from '../books/books.js';
import { ACCEPTED } from '../load/witness.js';
import { type Finding, finding, onceEach } from './finding.js';

const isDepartments = memberOf(DEPARTMENT_COMMANDS);

/** What a caller is told when the command could not be decided: it says it again. */
const NO_ANSWER = 'ticket-parked';

/** Every command got one answer, however often it was said, and that is kept; what was accepted had its effect once: no more events than commands, and no fewer. */
export function checkCommands({
  commands,
  schemas,
  stories,
  strays,
}: Pick<Books, 'commands' | 'schemas' | 'stories' | 'strays'>): readonly Finding[] {
  const findings = commands.flatMap(({ commandId, service, name, ticketId, answers }): Finding[] => {
    const what = `${name} ${commandId}`;
    const told = new Set(answers.filter((answer) => answer !== NO_ANSWER));
    const kept = schemas[service].commands.get(commandId);
    // What a restored schema answered since its back-up it has forgotten, and says so.
    const isForgotten = schemas[service].epoch > 1;
    const isKept = kept?.ticketId === ticketId && told.has(kept.answer);
    return [
      ...(answers.length === 0 ? [finding('command-unanswered', ticketId, what)] : []),
      ...(told.size > 1 && !isForgotten ? [finding('command-answers-differ', ticketId, `${what}: ${answers.join(', ')}`)] : []),
      ...(told.size === 1 && !isKept && !(isForgotten && kept === undefined)
        ? [
            finding(
              'command-lost',
              ticketId,
              `${what} was answered ${[...told].join()}, and ${service} keeps ${kept === undefined ? 'nothing of it' : `${kept.answer} for ${kept.ticketId}`}`,
            ),
          ]
        : []),
    ];
  });
  for (const commandId of strays) findings.push(finding('command-unasked', undefined, `an answer to ${commandId}, which nobody gave`));
  const known = new Set(commands.map(({ commandId }) => commandId));
  for (const service of ['dispatch', 'department-handler'] as const)
    for (const [commandId, { ticketId }] of schemas[service].commands)
      if (!known.has(commandId)) findings.push(finding('command-unasked', ticketId, `${service} keeps ${commandId}, which nobody gave`));
  return [...findings, ...checkCounts(commands, schemas, stories)];
}

/** Commands that are kept as accepted, against events that people's commands lead to, by ticket, assignment and kind. */
function checkCounts(commands: readonly Commanded[], schemas: Books['schemas'], stories: Books['stories']): Finding[] {
  const given = new Map<string, number>();
  const add = (key: string): void => void given.set(key, (given.get(key) ?? 0) + 1);
  for (const { commandId, service, name, ticketId, assignment, answers } of commands) {
    const { commands: kept, epoch } = schemas[service];
    const answer = kept.get(commandId)?.answer ?? (epoch > 1 && answers.includes(ACCEPTED) ? ACCEPTED : undefined);
    if (answer !== ACCEPTED) continue;
    if (isDepartments(name)) add(`${ticketId} ${name} ${assignment ?? 0}`);
    else add(`${ticketId} ${name} ${service === 'dispatch' ? '' : (assignment ?? 0)}`);
  }
  const said = new Map<string, number>();
  for (const [ticketId, story] of stories)
    for (const event of withoutAwaited(onceEach(story))) {
      const kind = kindOf(event);
      if (kind !== undefined) said.set(`${ticketId} ${kind}`, (said.get(`${ticketId} ${kind}`) ?? 0) + 1);
    }
  return [...new Set([...given.keys(), ...said.keys()])].flatMap((key) => {
    const [ticketId = '', ...what] = key.split(' ');
    // An order to take back is followed by an assignment by a person as well: how many there are follows from what the holder said.
    const [commanded, events] = [given.get(key) ?? 0, said.get(key) ?? 0];
    if (what[0] === 'assign') {
      const most = commanded + (given.get(`${ticketId} reassign `) ?? 0);
      return events >= commanded && events <= most
        ? []
        : [finding('command-effects', ticketId, `${events} assignments by a person, ${commanded} to ${most} were ordered`)];
    }
    return commanded === events ? [] : [finding('command-effects', ticketId, `${what.join(' ')}: ${commanded} commands, ${events} events`)];
  });
}

/** Leaves out the links that had waited for the holder to let go: the order was told when that was asked for. */
function withoutAwaited(story: readonly Logged[]): readonly Logged[] {
  let awaited = false;
  return story.filter((event) => {
    const wasAwaited = awaited;
    if (event.name === 'release.requested') awaited = event.payload.reason === 'linked';
    else if (ENDS_WAITING.has(event.name)) awaited = false;
    return event.name !== 'ticket.linked' || !wasAwaited;
  });
}
const ENDS_WAITING: ReadonlySet<string> = new Set(['ticket.assigned', 'ticket.held', 'ticket.linked', 'release.refused']);

const BY_EVENT = new Map(Object.entries(EVENT_OF).map(([command, event]) => [event, command as DepartmentCommandName]));

const ORDERED_RELEASES: Readonly<Record<string, string>> = { reassigned: 'reassign ', linked: 'link ' };

/** The command that an event is the effect of; nothing for what comes of itself, by a rule or a window that passed. */
function kindOf(event: Logged): string | undefined {
  switch (event.name) {
    case 'ticket.assigned':
      return event.payload.by.kind === 'person' ? 'assign ' : undefined;
    case 'release.requested':
      return ORDERED_RELEASES[event.payload.reason];
    case 'ticket.linked':
      return event.payload.by.kind === 'person' ? 'link ' : undefined;
    case 'ticket.unlinked':
      return event.payload.by.kind === 'person' ? 'unlink ' : undefined;
    case 'return.accepted':
      return event.payload.by.kind === 'person' ? 'accept-return ' : undefined;
    case 'return.refused':
      return event.payload.by.kind === 'person' ? 'refuse-return ' : undefined;
    case 'extension.granted':
      return event.payload.by.kind === 'person' ? `decide-extension ${event.payload.assignment}` : undefined;
    case 'extension.refused':
      return `decide-extension ${event.payload.assignment}`;
    case 'assignment.signed':
    case 'work.resumed':
      return event.payload.officer === undefined ? undefined : `${BY_EVENT.get(event.name) ?? ''} ${event.payload.assignment}`;
    default: {
      const command = BY_EVENT.get(event.name);
      return command === undefined ? undefined : `${command} ${(event.payload as { readonly assignment?: number }).assignment ?? 0}`;
    }
  }
}
