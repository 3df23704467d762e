/** What a service has said of a ticket: numbers 1 to `sequence`. */
export interface Said {
  readonly ticketId: string;
  readonly sequence: number;
}

/** What lies in feedback's trail of one ticket from one service. */
export interface HeardOf {
  readonly epoch: number;
  /** The newest number. */
  readonly sequence: number;
  /** How many different numbers. */
  readonly count: number;
}

export interface Heard {
  readonly ticketId: string;
  /** Its events wait in feedback, which can't process one of them. */
  readonly parked: boolean;
  readonly heard: Readonly<Record<string, HeardOf>>;
}

interface Page<T> {
  readonly tickets: readonly T[];
  readonly next?: string;
}

/** Feedback puts a page of `heard` together out of its trail: some ten rows for each ticket. */
const PAGE = 2_000;
const PATIENCE_MS = 60_000;

/**
 * Reads a ledger of a service page by page, in order of the ticket ids.
 * @throws Error naming the address and what it answered
 */
async function* pages<T>(url: string, path: string, token: string): AsyncGenerator<T> {
  for (let after: string | undefined; ;) {
    const address = `${url}/v1/operations/${path}?limit=${PAGE}${after === undefined ? '' : `&after=${after}`}`;
    const answer = await fetch(address, { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(PATIENCE_MS) }).catch(
      (error: unknown) => {
        const { cause, message } = error as Error;
        throw new Error(`${url} does not answer: ${cause instanceof Error ? cause.message : message}`);
      },
    );
    if (!answer.ok) throw new Error(`${url}/v1/operations/${path} is answered ${answer.status}`);
    const page = (await answer.json()) as Page<T>;
    yield* page.tickets;
    if (page.next === undefined) return;
    after = page.next;
  }
}

/** The books that are compared: of each service what it has said, of feedback what it has heard. */
export interface Ledgers {
  readonly said: Readonly<Record<string, () => AsyncIterable<Said>>>;
  readonly heard: () => AsyncIterable<Heard>;
}

/** @param urls of the services by name, feedback among them */
export const ledgersOf = (urls: Readonly<Record<string, string>>, token: string): Ledgers => {
  const { feedback } = urls;
  if (feedback === undefined) throw new Error('there is no feedback in this system, which alone hears everything');
  return {
    said: Object.fromEntries(Object.entries(urls).map(([service, url]) => [service, () => pages<Said>(url, 'sequences', token)])),
    heard: () => pages<Heard>(feedback, 'heard', token),
  };
};
