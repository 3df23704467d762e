import { sqlVerdict } from '../postgres/sql-errors.js';
import { describe } from './fold-ticket.js';

/**
 * Finds the few tickets whose writes SQL refuses, by halving: about 2·log₂(n) rehearsals for one bad ticket among n. Each rehearsal is rolled back.
 * A set that fails only together (none of it alone) is reported by its smallest failing half, so the search always ends.
 */
export async function isolate(
  ticketIds: readonly string[],
  rehearse: (ticketIds: readonly string[]) => Promise<void>,
): Promise<Map<string, { code: string; message: string }>> {
  const found = new Map<string, { code: string; message: string }>();
  const search = async (ids: readonly string[]): Promise<boolean> => {
    try {
      await rehearse(ids);
      return false;
    } catch (error) {
      if (sqlVerdict(error) !== 'bad-data') throw error;
      if (ids.length > 1) {
        const half = ids.length >> 1;
        const first = await search(ids.slice(0, half));
        const second = await search(ids.slice(half));
        if (first || second) return true;
      }
      for (const id of ids) found.set(id, describeSql(error));
      return true;
    }
  };
  await search(ticketIds);
  return found;
}

function describeSql(error: unknown): { code: string; message: string } {
  const driver = (error as { driverError?: unknown }).driverError ?? error;
  return describe(driver);
}
