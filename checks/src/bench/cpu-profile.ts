/** What V8 writes with `--cpu-prof`, as far as it is read here. Times in microseconds, of the machine's monotonic clock. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly startTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Where time went: a package (`kafkajs`), a library of ours (`libs/runtime`), a service's own code (`services/dispatch`), or Node itself. */
export type Place = string;

const IDLE = '(idle)';
const NODE = 'Node';

/** A stretch of the machine's monotonic clock, in microseconds. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * Microseconds by place within a stretch, without idleness. A function's time is its own, but what Node's own modules and natives do counts for whoever called them: a
 * socket's write is the package's that writes.
 */
export function timeByPlace({ nodes, startTime, samples, timeDeltas }: CpuProfile, { from, to }: Window): ReadonlyMap<Place, number> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const places = new Map<number, Place>();
  const placeOf = (id: number): Place => {
    const known = places.get(id);
    if (known !== undefined) return known;
    const frame = byId.get(id)?.callFrame;
    const parent = parents.get(id);
    const own = frame === undefined ? NODE : ownPlace(frame);
    const place = own ?? (parent === undefined ? NODE : placeOf(parent));
    places.set(id, place);
    return place;
  };
  const found = new Map<Place, number>();
  let now = startTime;
  samples.forEach((id, at) => {
    now += timeDeltas[at] ?? 0;
    const place = placeOf(id);
    if (place !== IDLE && now > from && now <= to) found.set(place, (found.get(place) ?? 0) + (timeDeltas[at] ?? 0));
  });
  return found;
}

/** Undefined for what belongs to its caller. */
function ownPlace({ functionName, url }: CpuProfile['nodes'][number]['callFrame']): Place | undefined {
  if (functionName === IDLE) return IDLE;
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (functionName === '(program)' || functionName === '(root)') return NODE;
  const [, name] = /.*\/node_modules\/(?<name>@[^/]+\/[^/]+|[^/]+)\//.exec(url) ?? [];
  if (name !== undefined && !name.startsWith('@paidan/')) return name;
  const [, ours] = /\/(?<ours>(?:libs|services|deploy)\/[^/]+)\/(?:dist|src)\//.exec(url) ?? [];
  return ours;
}

/** Sums of several. */
export function together(all: readonly ReadonlyMap<Place, number>[]): ReadonlyMap<Place, number> {
  const sum = new Map<Place, number>();
  for (const one of all) for (const [place, time] of one) sum.set(place, (sum.get(place) ?? 0) + time);
  return sum;
}
