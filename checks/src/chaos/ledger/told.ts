import { callbackId } from '@paidan/contracts';
import type { Books, Logged } from '../books/books.js';
import { ACCEPTED } from '../load/witness.js';
import { assignmentsOf, type Finding, finding, onceEach, shown } from './finding.js';

type Known = Pick<Books, 'stories' | 'offers' | 'units' | 'ratings' | 'attempts' | 'calledBack' | 'deliveries'>;

/** Who had to be told was told: units of their assignments, channels of replies; and what citizens said has been heard. */
export function checkTold(books: Known): readonly Finding[] {
  return [...checkOffers(books), ...checkCallbacks(books), ...checkRatings(books)];
}

function checkOffers({ stories, offers, units }: Known): Finding[] {
  return [...stories].flatMap(([ticketId, story]) =>
    assignmentsOf(onceEach(story)).flatMap((event): Finding[] => {
      if (!units.has(event.payload.lead)) return [];
      const { assignment, lead } = event.payload;
      const seen = offers.get(`${ticketId}/${assignment}`) ?? [];
      const ids = new Set(seen.map(({ id }) => id));
      if (!seen.some(({ unit }) => unit === lead))
        return [finding('offer-missing', ticketId, `${lead} was never offered assignment ${assignment}`)];
      return ids.size > 1 ? [finding('offer-doubled', ticketId, `${lead} was offered assignment ${assignment} under ${ids.size} ids`)] : [];
    }),
  );
}

/** A reply for the citizen of this ticket: its own, or its master's. */
const isReply = (event: Logged): event is Extract<Logged, { name: 'reply.approved' | 'reply.shared' }> =>
  event.name === 'reply.approved' || event.name === 'reply.shared';

/**
 * Each reply with the number that its citizen knows it by: a unit counts its own from 1, and a master's in between makes the citizen's run ahead. One that was
 * taken back, for the ticket goes its own way from there, is told to nobody who hasn't heard it.
 */
function repliesOf(story: readonly Logged[]): readonly { readonly event: Logged; readonly round: number; readonly isTakenBack: boolean }[] {
  let round = 0;
  return story.flatMap((event, index) => {
    if (!isReply(event)) return [];
    round = Math.max(event.payload.round, round + 1);
    const isTakenBack = event.name === 'reply.shared' && story.slice(index).some(({ name }) => name === 'ticket.unlinked');
    return [{ event, round, isTakenBack }];
  });
}

function checkCallbacks({ stories, attempts, calledBack, deliveries }: Known): Finding[] {
  const findings: Finding[] = [];
  const taken = new Set(attempts.filter(({ reception }) => reception === 'take').map(({ id }) => id));
  const replies = new Set<string>();
  const underWay = new Set(deliveries.map(({ ticketId, round }) => callbackId(ticketId, round)));
  for (const [ticketId, story] of stories) {
    const once = onceEach(story);
    const [first] = once;
    const channel = first?.name === 'ticket.registered' ? first.payload.channel : '';
    const given = repliesOf(once);
    const last = given.at(-1)?.round ?? 0;
    const isOver = once.some(({ name }) => name === 'ticket.closed');
    const delivered = new Set(once.flatMap((event) => (event.name === 'reply.delivered' ? [event.payload.round] : [])));
    for (const { event, round, isTakenBack } of given) {
      const id = callbackId(ticketId, round);
      replies.add(id);
      // Overtaken by a newer one, or over, nobody waits for it any more.
      const isAwaited = round === last && !isOver && !isTakenBack;
      if (calledBack.has(channel) && isAwaited && !delivered.has(round) && !underWay.has(id))
        findings.push(
          finding('callback-lost', ticketId, `${shown(event)}: its channel ${channel} was never told, and nothing is on its way`),
        );
    }
    for (const event of once) {
      if (event.name === 'reply.delivered' && event.payload.way === 'pushed' && !taken.has(callbackId(ticketId, event.payload.round)))
        findings.push(finding('callback-lost', ticketId, `${shown(event)}: the channel's system has answered no such call-back with 2xx`));
    }
  }
  const bodies = new Map<string, Set<string>>();
  for (const { id, ticketId, round, digest } of attempts) {
    if (id !== callbackId(ticketId, round)) findings.push(finding('callback-changed', ticketId, `round ${round} came under the id ${id}`));
    if (!replies.has(callbackId(ticketId, round)))
      findings.push(finding('callback-unasked', ticketId, `round ${round} came, and no such reply was approved`));
    bodies.set(id, (bodies.get(id) ?? new Set()).add(digest));
  }
  for (const [id, digests] of bodies)
    if (digests.size > 1) findings.push(finding('callback-changed', id.split('.')[0], `${id} came with ${digests.size} bodies`));
  return findings;
}

function checkRatings({ stories, ratings }: Known): Finding[] {
  const heard = new Set<string>();
  for (const [ticketId, story] of stories) {
    const once = onceEach(story);
    const [first] = once;
    const number = first?.name === 'ticket.registered' ? first.payload.number : '';
    for (const event of once)
      if (event.name === 'rating.received') for (const ticket of [ticketId, number]) heard.add(`${ticket} ${event.payload.round}`);
  }
  const accepted = ratings.filter(({ answer }) => answer === ACCEPTED).map(({ ticket, round }) => `${ticket} ${round}`);
  return [...new Set([...accepted])]
    .filter((rating) => !heard.has(rating))
    .map((rating) =>
      finding('rating-lost', rating.split(' ')[0], `the rating of round ${rating.split(' ')[1] ?? ''} was accepted, and the log has none`),
    );
}
