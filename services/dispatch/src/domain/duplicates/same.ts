import { URGENCY, type AppealType, type LinkKind, type OpenContent, type Place, type Urgency } from '@paidan/contracts';
import type { Status } from '../ticket.js';
import type { Duplicate } from './find.js';
import { gramsOf } from './fingerprint.js';
import { comparable } from './normalise.js';

/** An earlier ticket that is nearly the same, as far as it is judged by. */
export interface Earlier {
  readonly said: OpenContent;
  readonly appealType: AppealType;
  readonly citizen?: string;
  /** The ticket itself, or the master that it is under. */
  readonly master: { readonly ticketId: string; readonly number: string; readonly status: Status; readonly urgency: Urgency };
}

/** An earlier ticket that was found to say the same, as far as that is known of it. */
export interface Found extends Duplicate {
  /** Human number. */
  readonly number?: string;
  /** Of one that is nearly the same: what is compared word by word before anything is linked. */
  readonly earlier?: Earlier;
}

/** A new ticket. */
export interface Newcomer {
  readonly said: OpenContent;
  readonly appealType: AppealType;
  readonly urgency: Urgency;
  readonly citizen?: string | undefined;
}

/** Somebody is still working on it, or will: its answer is to come. */
const OPEN: ReadonlySet<Status> = new Set<Status>(['held', 'assigned', 'returned', 'releasing']);

/** Of others only what says enough is the same without a look: a line about a lamp is said of many lamps. */
const ENOUGH_GRAMS = 40;
const SAME_SHARE = 0.95;
/** Some 50 m: as far as two GPS points of one place may lie apart. */
const SAME_POINT = 0.0005;

/**
 * Whether a new ticket is the earlier one once more, so surely that nobody need look: a wrong link leaves a citizen with somebody else's answer, a missed one
 * costs a dispatcher a glance. The same citizen may say it in fewer words, but not one trigram, number or place more: whatever is new is dispatched. Others
 * must say the same about a place that both name.
 */
export function sameAs(newcomer: Newcomer, earlier: Earlier): LinkKind | undefined {
  const { master, appealType } = earlier;
  if (!OPEN.has(master.status) || newcomer.appealType !== appealType) return undefined;
  // More urgent than what it would come under: that is new.
  if (URGENCY.indexOf(newcomer.urgency) > URGENCY.indexOf(master.urgency)) return undefined;
  const [mine, theirs] = [wordsOf(newcomer.said), wordsOf(earlier.said)];
  const common = sharedIn(mine.grams, theirs.grams);
  if (!mine.numbers.every((number) => theirs.numbers.includes(number))) return undefined;
  if (newcomer.citizen !== undefined && newcomer.citizen === earlier.citizen)
    return common === mine.grams.length && addsNoPlace(newcomer.said.place, earlier.said.place) ? 'same-citizen' : undefined;
  const share = common / (mine.grams.length + theirs.grams.length - common);
  const same = mine.grams.length >= ENOUGH_GRAMS && share >= SAME_SHARE && mine.numbers.length === theirs.numbers.length;
  return same && isOnePlace(newcomer.said.place, earlier.said.place) ? 'same-matter' : undefined;
}

const wordsOf = ({ title, text }: OpenContent) => {
  const words = comparable(title, text);
  return { grams: gramsOf(words), numbers: [...new Set(words.match(/\d+/g) ?? [])] };
};

/** How many of both: both are in order. */
function sharedIn(a: Int32Array, b: Int32Array): number {
  let [shared, at] = [0, 0];
  for (const gram of a) {
    while (at < b.length && (b[at] as number) < gram) at += 1;
    if (b[at] === gram) shared += 1;
  }
  return shared;
}

const written = (address: string | undefined): string => (address === undefined ? '' : comparable('', address));

const near = (a: NonNullable<Place['coordinates']>, b: NonNullable<Place['coordinates']>): boolean =>
  a.system === b.system && Math.abs(a.lon - b.lon) <= SAME_POINT && Math.abs(a.lat - b.lat) <= SAME_POINT;

const codesAgree = (a: string | undefined, b: string | undefined): boolean => a === undefined || (b !== undefined && b.startsWith(a));

/** Says no more of the place than the other. */
const addsNoPlace = (mine: Place = {}, theirs: Place = {}): boolean =>
  (written(mine.address) === '' || written(mine.address) === written(theirs.address)) &&
  codesAgree(mine.adminCode, theirs.adminCode) &&
  (mine.coordinates === undefined || (theirs.coordinates !== undefined && near(mine.coordinates, theirs.coordinates)));

/** Both name the very place, in words or by a point, and contradict each other in nothing. */
const isOnePlace = (mine: Place = {}, theirs: Place = {}): boolean => {
  const [address, point] = [written(mine.address), mine.coordinates];
  if (address !== written(theirs.address) || (point === undefined) !== (theirs.coordinates === undefined)) return false;
  if (point !== undefined && theirs.coordinates !== undefined && !near(point, theirs.coordinates)) return false;
  return (
    (address !== '' || point !== undefined) &&
    (codesAgree(mine.adminCode, theirs.adminCode) || codesAgree(theirs.adminCode, mine.adminCode))
  );
};
