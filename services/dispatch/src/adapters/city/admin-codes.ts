import { parse } from 'csv-parse/sync';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { significant, type Area } from '../../domain/routing/directory.js';
import type { AdminCodes, Division } from '../../domain/where/city-areas.js';

/** Codes of the country from a folder like `deploy/admin-codes`. */
export const readAdminCodes = async (folder: string): Promise<AdminCodes> => {
  const read = async (file: string): Promise<readonly Division[]> => {
    const rows = parse(await readFile(join(folder, file)), { columns: true, bom: true }) as readonly Readonly<Record<string, string>>[];
    // 441900, 东莞 without districts, is the city 4419.
    return rows.map(({ code = '', name = '' }) => ({ code: code.length === 6 ? significant(code) : code, name }));
  };
  const [provinces, cities, districts, streets] = await Promise.all(['provinces.csv', 'cities.csv', 'areas.csv', 'streets.csv'].map(read));
  return { provinces: provinces ?? [], cities: cities ?? [], districts: districts ?? [], streets: streets ?? [] };
};

/** As `areas.csv` of a city's folder; no name of the country needs quoting. */
export const areasCsv = (areas: readonly Area[]): string =>
  `code,name,level,parent,aliases\n${areas.map(({ code, name, level, parent = '', aliases }) => [code, name, level, parent, aliases.join(' ')].join() + '\n').join('')}`;
