import { TICKETS_TOPIC } from '@paidan/contracts';

/** Partitions of the log of tickets that a process has in hand, by what it tells of itself: the offset of the next record that it will handle. */
export async function positionsAt(metricsUrl: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${metricsUrl}/metrics`)).text();
  const line = /^paidan_position\{(?<labels>[^}]*)\} (?<value>\d+)$/gm;
  const positions = new Map<string, number>();
  for (const { groups } of text.matchAll(line)) {
    const label = (name: string): string | undefined => new RegExp(`${name}="([^"]*)"`).exec(groups?.['labels'] ?? '')?.[1];
    if (label('topic') === TICKETS_TOPIC) positions.set(label('partition') ?? '', Number(groups?.['value']));
  }
  return positions;
}
