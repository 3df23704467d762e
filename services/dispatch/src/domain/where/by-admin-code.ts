import { significant, type Area, type Directory } from '../routing/directory.js';

/** The smallest known area that a code lies in. */
export const byAdminCode = (directory: Pick<Directory, 'areas'>, adminCode: string): Area | undefined => {
  const code = significant(adminCode);
  for (const length of [12, 9, 6, 4, 2]) {
    const area = code.length < length ? undefined : directory.areas.get(code.slice(0, length).padEnd(6, '0'));
    if (area !== undefined) return area;
  }
  return undefined;
};
