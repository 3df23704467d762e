import { table, type Row } from '@paidan/local';
import { span } from '../time.js';
import { isWell, type Lag, type ServiceStatus } from './read-status.js';

/** The services one under another, and under them what is not well. */
export function showStatus(statuses: readonly ServiceStatus[]): string {
  const concerns = statuses.flatMap((status) => concernsOf(status).map((concern) => `${status.service}: ${concern}`));
  return [table(statuses.map(rowOf)), '', ...(statuses.every(isWell) ? ['all is well'] : concerns)].join('\n');
}

const rowOf = ({
  service,
  health,
  restoring,
  epoch,
  lag,
  outbox,
  notices,
  parked,
  setAside,
  quarantined,
  trailGaps,
}: ServiceStatus): Row => ({
  service,
  health: restoring === true ? `${health}, restoring` : health,
  epoch: count(epoch),
  'records behind': lag.length === 0 ? '–' : lag.map(behind).join(', '),
  outbox: queue(outbox),
  notices: queue(notices),
  parked: count(parked),
  'set aside': count(setAside),
  quarantined: count(quarantined),
  'trail gaps': count(trailGaps),
});

const count = (value: number | null): string => (value === null ? '–' : String(value));
const aged = (value: number, seconds: number | null): string =>
  value === 0 || seconds === null ? String(value) : `${value} (${span(seconds)})`;
const behind = ({ consumer, records, seconds }: Lag): string => `${consumer} ${aged(records, seconds)}`;
const queue = (of: ServiceStatus['outbox']): string => (of === null ? '–' : aged(of.depth, of.ageSeconds));
const many = (value: number, one: string, more: string): string => `${value} ${value === 1 ? one : more}`;

function concernsOf(status: ServiceStatus): string[] {
  if (isWell(status)) return [];
  const { service, why, restoring, parked, setAside, trailGaps } = status;
  return [
    ...why,
    ...(restoring === true ? [`takes nothing until it is restored: paidan restoration --service ${service}`] : []),
    ...(parked !== null && parked > 0 ? [`${many(parked, 'ticket', 'tickets')} parked: paidan parked list --service ${service}`] : []),
    ...(setAside !== null && setAside > 0 ? [`${many(setAside, 'message', 'messages')} could not be sent (table set_aside)`] : []),
    ...(trailGaps !== null && trailGaps > 0 ? [`${many(trailGaps, 'gap', 'gaps')} in the trail: GET /v1/operations/gaps names them`] : []),
  ];
}
