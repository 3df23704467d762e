/** The city's time; its offset hasn't changed since 1991. */
const CITY_OFFSET_MS = 8 * 3_600_000;

/** `2026-03-02 10:48:07` in the city; a text that is no instant stays as it is. */
export const cityTime = (iso: string): string => {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? iso : new Date(at + CITY_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
};

/** `0.4 s`, `12 s`, `3 min`, `2 h`, `5 days`: as exact as a person needs it. */
export const span = (seconds: number): string => {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
};
