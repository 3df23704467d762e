import type { Books, Receipt, Submitted } from '../books/books.js';
import { doubled, type Finding, finding, onceEach } from './finding.js';

type Accepted = Extract<Receipt, { readonly kind: 'accepted' }>;
const isAccepted = (receipt: Receipt): receipt is Accepted => receipt.kind === 'accepted';
/** By what HTTP and Kafka say that the id belongs to another text. */
const CONFLICTS: ReadonlySet<string> = new Set(['submission-differs', 'conflict']);

type Known = Pick<Books, 'submissions' | 'registered' | 'recalled' | 'stories'>;

/** Every accepted submission is one ticket with one story, whatever was repeated; and there are no others. */
export function checkSubmissions(books: Known): readonly Finding[] {
  const { submissions, registered, recalled, stories } = books;
  const handedIn = new Set(submissions.map(({ channel, externalId }) => `${channel}/${externalId}`));
  const findings = submissions.flatMap((submitted) => checkOne(submitted, books));
  const asked = new Map([...registered].map(([key, ticketId]) => [ticketId, key]));
  // What a restored intake knows by its own word belongs to whoever was told so.
  for (const { channel, externalId, own, overKafka } of submissions)
    for (const { ticketId } of [...own, ...overKafka].filter(isAccepted))
      if (recalled.has(ticketId) && !asked.has(ticketId)) asked.set(ticketId, `${channel}/${externalId}`);
  for (const [ticketId, story] of stories) {
    const key = asked.get(ticketId);
    if (key === undefined || !handedIn.has(key))
      findings.push(finding('story-unasked', ticketId, key === undefined ? 'no submission is kept for it' : `nobody handed in ${key}`));
    const began = onceEach(story).filter(({ name }) => name === 'ticket.registered');
    if (began.length !== 1) findings.push(finding('story-doubled', ticketId, `${began.length} events say that it was registered`));
  }
  for (const [key, ticketId] of registered)
    if (!stories.has(ticketId))
      findings.push(finding('story-missing', ticketId, `${key} is kept by intake, and the log knows nothing of it`));
  const numbered = [...stories].flatMap(([ticketId, story]) =>
    onceEach(story).flatMap((event) => (event.name === 'ticket.registered' ? [{ ticketId, number: event.payload.number }] : [])),
  );
  for (const [number, tickets] of doubled(numbered, (one) => one.number))
    findings.push(
      finding('number-doubled', tickets[0]?.ticketId, `${number} is borne by ${tickets.map(({ ticketId }) => ticketId).join(', ')}`),
    );
  return findings;
}

function checkOne(
  { channel, externalId, conflicting, own, other, overKafka }: Submitted,
  { registered, recalled, stories }: Known,
): Finding[] {
  const key = `${channel}/${externalId}`;
  const findings: Finding[] = [];
  const accepted = [...own, ...overKafka].filter(isAccepted);
  const answers = new Set(accepted.map(({ ticketId, number, queryCode }) => `${ticketId} ${number} ${queryCode}`));
  const ticketId = accepted[0]?.ticketId;
  if (answers.size > 1)
    findings.push(
      finding('answers-differ', ticketId, `${key} was answered with ${[...answers].map((answer) => answer.slice(0, -9)).join(' and ')}`),
    );
  const refused = [...own, ...overKafka].filter(
    (receipt) => receipt.kind === 'refused' && !(conflicting && overKafka.includes(receipt) && CONFLICTS.has(receipt.reason)),
  );
  if (refused.length > 0)
    findings.push(
      finding('submission-refused', ticketId, `${key}: ${refused.map((one) => (isAccepted(one) ? '' : one.reason)).join(', ')}`),
    );
  const taken = other.filter((receipt) => isAccepted(receipt) || !CONFLICTS.has(receipt.reason));
  if (taken.length > 0)
    findings.push(
      finding(
        'conflict-taken',
        ticketId,
        `${key} with another text: ${taken.map((one) => (isAccepted(one) ? 'accepted' : one.reason)).join(', ')}`,
      ),
    );
  if (ticketId === undefined) return findings;
  if (!stories.has(ticketId)) findings.push(finding('story-missing', ticketId, `${key} was accepted, and the log knows nothing of it`));
  if (registered.get(key) !== ticketId && (registered.has(key) || !recalled.has(ticketId)))
    findings.push(finding('story-missing', ticketId, `${key} was accepted, and intake keeps ${registered.get(key) ?? 'nothing'} for it`));
  const number = stories.get(ticketId)?.find((event) => event.name === 'ticket.registered');
  if (number?.name === 'ticket.registered' && number.payload.number !== accepted[0]?.number)
    findings.push(
      finding('answers-differ', ticketId, `${key} was answered ${accepted[0]?.number ?? ''}, the log says ${number.payload.number}`),
    );
  return findings;
}
