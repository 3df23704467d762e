import type { Books, Logged } from '../books/books.js';
import { type Finding, finding, onceEach, shown } from './finding.js';

type Linked = Extract<Logged, { name: 'ticket.linked' }>;
type Story = readonly Logged[];
type Stories = ReadonlyMap<string, Story>;

/** Where a master ends for these, there is no answer for its members. */
const WITHOUT_ANSWER: ReadonlySet<string> = new Set(['withdrawn', 'declined', 'linked']);

/** What ends an assignment, so that its ticket can come under a master: its holder let go, its return was accepted, or its answer did not hold. */
const LETS_GO: ReadonlySet<string> = new Set(['assignment.released', 'return.accepted', 'ticket.reopened']);

/**
 * 并入主单: a member is nobody's work, gets its master's reply once and under its own number, and never hangs: when it is taken out, when its master ends without
 * an answer, or when that comes under a master itself, it goes on.
 */
export function checkMembers({ stories }: Pick<Books, 'stories'>): readonly Finding[] {
  const once = new Map([...stories].map(([ticketId, story]) => [ticketId, onceEach(story)]));
  return [...once].flatMap(([ticketId, story]) => {
    if (!story.some(({ name }) => name === 'ticket.linked' || name === 'ticket.unlinked' || name === 'reply.shared')) return [];
    return [
      ...checkLinks(ticketId, story),
      ...checkOwnWay(ticketId, story),
      ...checkShared(ticketId, story, once),
      ...checkAtRest(ticketId, story, once),
    ];
  });
}

/** Who comes under a master has been let go by whoever held it. */
function checkLinks(ticketId: string, story: Story): Finding[] {
  const findings: Finding[] = [];
  let held: number | undefined;
  for (const event of story) {
    if (event.name === 'ticket.assigned') held = event.payload.assignment;
    if (LETS_GO.has(event.name)) held = undefined;
    if (event.name !== 'ticket.linked') continue;
    if (event.payload.master === ticketId) findings.push(finding('member-of-member', ticketId, `${shown(event)} names itself`));
    if (held !== undefined) findings.push(finding('member-assigned', ticketId, `${shown(event)} comes while it is in assignment ${held}`));
  }
  return findings;
}

/** Who is taken out from under a master is routed in the same breath: dispatch's next word says where to. */
function checkOwnWay(ticketId: string, story: Story): Finding[] {
  const own = story.filter(({ service }) => service === 'dispatch');
  return own.flatMap((event, index) => {
    const next = own[index + 1]?.name;
    if (event.name !== 'ticket.unlinked' || next === 'ticket.assigned' || next === 'ticket.held') return [];
    return [finding('member-hanging', ticketId, `${shown(event)} is followed by ${next ?? 'nothing'} of dispatch`)];
  });
}

/** A shared reply is a reply that its master has, and is shared once as long as it is the member's. */
function checkShared(ticketId: string, story: Story, stories: Stories): Finding[] {
  const findings: Finding[] = [];
  const masters = new Set<string>();
  let isUnder = false;
  /** How often it came under a master, and got a reply for it: one that is meant for the last time may come in the next. */
  let [times, replies] = [0, 0];
  for (const event of story) {
    if (event.name === 'ticket.linked') {
      masters.add(event.payload.master);
      if (!isUnder) times += 1;
      isUnder = true;
    }
    if (event.name === 'ticket.unlinked') isUnder = false;
    if (event.name !== 'reply.shared') continue;
    const { master, of } = event.payload;
    const source = stories.get(master)?.find(({ service, epoch, sequence }) => {
      return service === of.service && epoch === of.epoch && sequence === of.sequence;
    });
    // Dispatch may have taken it out before feedback heard of it; but a master it must have been.
    if (!masters.has(master)) findings.push(finding('reply-misplaced', ticketId, `${shown(event)}: ${master} was no master of it`));
    else if (source?.name !== 'reply.approved' && source?.name !== 'ticket.answered')
      findings.push(
        finding('reply-misplaced', ticketId, `${shown(event)}: its master's ${of.service}/${of.epoch}/${of.sequence} is no reply`),
      );
    replies += 1;
    if (replies > times) findings.push(finding('member-answered-twice', ticketId, shown(event)));
  }
  return findings;
}

/** When all is still, nobody waits for what will not come. */
function checkAtRest(ticketId: string, story: Story, stories: Stories): Finding[] {
  const link = masterOf(story);
  if (link === undefined) return [];
  const { master } = link.payload;
  const theirs = stories.get(master) ?? [];
  const above = masterOf(theirs);
  if (above !== undefined)
    return [finding('member-of-member', ticketId, `${shown(link)}: its master ${master} is under ${above.payload.master}`)];
  const since = story.slice(startOf(story, link));
  // Answered, it is its citizen's turn.
  if (since.some(({ name }) => name === 'reply.shared')) return [];
  const ended = theirs.find(({ name, payload }) => name === 'ticket.withdrawn' || (name === 'ticket.closed' && endsForAll(payload)));
  if (ended !== undefined) return [finding('member-hanging', ticketId, `${shown(link)}: its master ${master} ended, ${shown(ended)}`)];
  const reply = standingReply(theirs);
  return reply === undefined
    ? []
    : [finding('member-unanswered', ticketId, `${shown(link)}: its master ${master} was answered, ${shown(reply)}`)];
}

const endsForAll = (payload: object): boolean => WITHOUT_ANSWER.has((payload as { readonly because?: string }).because ?? '');

/** The link that a ticket is under, as long as neither dispatch nor its citizen has ended that. */
function masterOf(story: Story): Linked | undefined {
  let link: Linked | undefined;
  for (const event of story) {
    if (event.name === 'ticket.linked') link = event;
    else if (event.name === 'ticket.unlinked' || event.name === 'ticket.closed' || event.name === 'ticket.withdrawn') link = undefined;
  }
  return link;
}

/** Where its time under masters began: taken along by its master it stays a member. */
function startOf(story: Story, link: Linked): number {
  const before = story.slice(0, story.indexOf(link) + 1);
  const out = before.findLastIndex(({ name }) => name === 'ticket.unlinked');
  return before.findIndex(({ name }, index) => index > out && name === 'ticket.linked');
}

/** What its citizen was answered, where that was not found wanting. One that came from a master of its own went with that. */
function standingReply(story: Story): Logged | undefined {
  const last = story.findLast(
    ({ name }) => name === 'reply.approved' || name === 'ticket.answered' || name === 'reply.shared' || name === 'ticket.reopened',
  );
  return last?.name === 'ticket.reopened' ? undefined : last;
}
