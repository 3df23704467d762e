import { SERVICES } from '@paidan/contracts';
import { table } from '@paidan/local';
import type { Loss } from './lose.js';
import type { Unread } from './unread.js';

/** A loss with what was unread in the lost log. */
export type LossTold = Loss & { readonly unread: Unread };

/** The loss for people. */
export function lossTable({ behind, replaced, republishBegan, republished, unread, named, well, services }: LossTold): readonly string[] {
  const { submissions, commands, directory, tickets } = unread;
  const events = Object.entries(tickets).map(([service, count]) => `${service} ${count}`);
  const rows = SERVICES.map((service) => {
    const said = services.find((one) => one.service === service);
    return {
      service,
      'named it after': seconds(named[service]),
      'positions put anew': String(said?.topics.length ?? '–'),
      'events said again': String(said?.events ?? '–'),
      'notices said again': String(said?.notices ?? '–'),
      'well again after': seconds(well[service]),
    };
  });
  return [
    `  Kafka was lost, while ${behind.join(', ')} stood still; another one with its topics after ${seconds(replaced)}`,
    `  unread in the lost log: ${submissions} submissions, ${commands} commands, ${directory} of the directory; events: ${events.join(', ')}`,
    `  paidan republish from ${seconds(republishBegan)} to ${seconds(republished)}`,
    ...table(rows)
      .split('\n')
      .map((line) => `    ${line}`),
  ];
}

const seconds = (since: number | undefined): string => (since === undefined ? 'never' : `${since.toFixed(1)} s`);
