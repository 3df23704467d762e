import { CHANNEL_ID, CHANNELS, type ChannelKind } from '@paidan/contracts';
import { memberOf } from '@paidan/kernel';
import type { CityProblem } from './city-files.js';
import { reporter } from './reporter.js';
import type { Table } from './table.js';

export interface CityChannel {
  readonly id: string;
  readonly name: string;
  readonly kind: ChannelKind;
  readonly active: boolean;
}

/** The others are feedback's: where it posts replies to the channel's tickets. */
export const CHANNEL_COLUMNS = {
  needed: ['id', 'name', 'kind', 'active'],
  others: ['callback_url', 'callback_secret_file'],
  csvAlone: true,
} as const;

const isChannelKind = memberOf(CHANNELS);
const isYesNo = memberOf(['yes', 'no']);

export const channelsOf = (table: Table<(typeof CHANNEL_COLUMNS.needed)[number]>, problems: CityProblem[]): readonly CityChannel[] => {
  const { say, unique, member } = reporter(table.file, problems);
  const uniqueId = unique('id', '编号');
  return table.rows.flatMap(({ line, cells: { id, name, ...cells } }) => {
    uniqueId(id, line);
    if (!CHANNEL_ID.test(id))
      say(line, `id "${id}" is not 2 to 32 lower-case letters, digits and hyphens`, `编号“${id}”不是 2 至 32 位小写字母、数字和连字符`);
    const kind = member(line, 'kind', cells.kind, isChannelKind);
    const active = member(line, 'active', cells.active, isYesNo);
    return kind === undefined || active === undefined ? [] : [{ id, name, kind, active: active === 'yes' }];
  });
};
