/** One value of a metric, as Prometheus' text format has it. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)(?: -?\d+)?$/gm;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

const unescaped = (text: string): string => text.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));

export const readMetrics = (text: string): Sample[] =>
  [...text.matchAll(LINE)].map(({ groups = {} }) => ({
    name: groups['name'] ?? '',
    labels: Object.fromEntries(
      [...(groups['labels'] ?? '').matchAll(LABEL)].map(([, label = '', value = '']) => [label, unescaped(value)]),
    ),
    value: Number(groups['value']),
  }));

/** What several instances of one service say, as one: of what each tells of the same thing the most. */
export function merged(instances: readonly (readonly Sample[])[]): Sample[] {
  const found = new Map<string, Sample>();
  for (const sample of instances.flat()) {
    const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
    const other = found.get(key);
    if (other === undefined || sample.value > other.value) found.set(key, sample);
  }
  return [...found.values()];
}
