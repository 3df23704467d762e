import { CHANNEL_ID, CHANNELS, isChannelKind } from '@paidan/contracts';
import { WatchedFile, type Logger } from '@paidan/service-host';
import type { Channel } from '../domain/submission.js';

/** Cells of a line of CSV as a spreadsheet saves it: quoted where there is a comma in them. */
const cellsOf = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))(?=,|$)/g)].map(([, quoted, plain]) =>
    (quoted?.replaceAll('""', '"') ?? plain ?? '').trim(),
  );

/**
 * The city's channels, a table `id,name,kind,active`; inactive ones are left out.
 * @throws Error naming the line
 */
export const parseChannels = (text: string): ReadonlyMap<string, Channel> => {
  const channels = new Map<string, Channel>();
  const [heading = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const columns = cellsOf(heading);
  const wrong = (line: number, what: string) => new Error(`line ${line}: ${what}`);
  for (const column of ['id', 'kind', 'active']) if (!columns.includes(column)) throw wrong(1, `no column «${column}»`);
  const seen = new Set<string>();
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const cells = cellsOf(line);
    const at = i + 2;
    if (cells.length !== columns.length) throw wrong(at, `has ${cells.length} cells, the heading has ${columns.length}`);
    const cell = (column: string): string => cells[columns.indexOf(column)] ?? '';
    const [id, kind, active] = [cell('id'), cell('kind'), cell('active')];
    if (!CHANNEL_ID.test(id)) throw wrong(at, `id «${id}» must match ${CHANNEL_ID.source}`);
    if (seen.has(id)) throw wrong(at, `channel ${id} is there twice`);
    if (!isChannelKind(kind)) throw wrong(at, `kind «${kind}» is none of ${CHANNELS.join(', ')}`);
    if (active !== 'yes' && active !== 'no') throw wrong(at, `active is «${active}», neither yes nor no`);
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
