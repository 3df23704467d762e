import { CHANNEL_ID, CHANNELS, isChannelKind } from '@paidan/contracts';
import { csvLines, WatchedFile, type Logger } from '@paidan/service-host';
import type { Channel } from '../domain/submission.js';

/**
 * The city's channels, a table `id,name,kind,active`; inactive ones are left out.
 * @throws Error naming the line
 */
export const parseChannels = (text: string): ReadonlyMap<string, Channel> => {
  const channels = new Map<string, Channel>();
  const seen = new Set<string>();
  for (const { cell, wrong } of csvLines(text, ['id', 'kind', 'active'])) {
    const [id, kind, active] = [cell('id'), cell('kind'), cell('active')];
    if (!CHANNEL_ID.test(id)) throw wrong(`id «${id}» must match ${CHANNEL_ID.source}`);
    if (seen.has(id)) throw wrong(`channel ${id} is there twice`);
    if (!isChannelKind(kind)) throw wrong(`kind «${kind}» is none of ${CHANNELS.join(', ')}`);
    if (active !== 'yes' && active !== 'no') throw wrong(`active is «${active}», neither yes nor no`);
    seen.add(id);
    if (active === 'yes') channels.set(id, { id, kind });
  }
  return channels;
};

/** The channels that may hand in now. Follows the file: a channel added to it is known within 2 s. */
export class ActiveChannels extends WatchedFile<ReadonlyMap<string, Channel>> {
  constructor(path: string, logger: Logger) {
    super({ path, what: 'channels file', parse: parseChannels, logger });
  }
}
