import { EVENTS, type EventName } from '@paidan/contracts';
import fc from 'fast-check';
import { arbitraryOf, type JsonSchema, type Names } from './arbitrary.kit.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type Payload = Readonly<Record<string, unknown>>;

/** Something that happens to a ticket, chosen before its state is known. `after`: milliseconds since what happened before. */
export type Happening = { readonly after: number } & (
  | {
      readonly kind: 'event';
      readonly name: EventName;
      readonly payload: Payload;
      /** About what is current, where the decider has a word for that; else as chance wants it: late, early, of another assignment. */
      readonly aimed: boolean;
      /** Milliseconds between the word and its being heard; negative where the clocks differ. */
      readonly late: number;
      /** `again`: under the number that was handled last; `restored`: by a service that counts on from an older back-up. */
      readonly numbered: 'next' | 'again' | 'restored';
    }
  | { readonly kind: 'command'; readonly name: string; readonly payload: Payload; readonly by: string; readonly aimed: boolean }
  /** `next`: the clock goes on to the next timer that is armed; `stale`: one fires whose version is no longer that of the row. */
  | { readonly kind: 'timer'; readonly which: 'next' | 'stale' }
);

export const STORY_START = Date.parse('2026-03-02T02:00:00.000Z');

/** Instants around a story's. */
export const instantsFrom = (start: number): fc.Arbitrary<string> =>
  fc.integer({ min: -3 * 24, max: 60 * 24 }).map((hours) => new Date(start + hours * HOUR).toISOString());
export const instants = instantsFrom(STORY_START);

const pauses = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 90 * MINUTE }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 80 * HOUR }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 40 * DAY }) },
);

export interface Cast {
  /** Weighted: what is named twice happens twice as often. */
  readonly events: readonly EventName[];
  readonly commands: Readonly<Record<string, JsonSchema>>;
  /** Who gives commands. */
  readonly by: readonly string[];
  readonly names: Names;
  /** How a story may have begun, by names of events and commands; pure chance alone seldom gets as far as a reply. */
  readonly openings: readonly (readonly string[])[];
  /** Of ten things that happen, so many are commands; of the rest one in nine is a timer. */
  readonly commandsInTen: number;
}

/** Stories: anything that may happen, well-formed by the schemas, in any order. */
export const stories = (
  { events, commands, by, names, openings, commandsInTen }: Cast,
  maxLength = 25,
): fc.Arbitrary<readonly Happening[]> => {
  const aimed = fc.integer({ min: 0, max: 9 }).map((n) => n > 1);
  const late = fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.integer({ min: -5 * MINUTE, max: 12 * DAY }) },
  );
  const numbered = fc.oneof(
    { weight: 30, arbitrary: fc.constant('next' as const) },
    { weight: 2, arbitrary: fc.constant('again' as const) },
    { weight: 1, arbitrary: fc.constant('restored' as const) },
  );
  const payloadOf = (schema: JsonSchema) => arbitraryOf(schema, names) as fc.Arbitrary<Payload>;
  const eventOf = (name: EventName): fc.Arbitrary<Happening> => {
    const payload = payloadOf(EVENTS[name].schema as object as JsonSchema);
    return fc.record({ kind: fc.constant('event'), name: fc.constant(name), payload, aimed, late, numbered, after: pauses });
  };
  const commandOf = (name: string, schema: JsonSchema): fc.Arbitrary<Happening> => {
    const payload = payloadOf(schema);
    return fc.record({ kind: fc.constant('command'), name: fc.constant(name), payload, by: fc.constantFrom(...by), aimed, after: pauses });
  };
  const timer: fc.Arbitrary<Happening> = fc.record({
    kind: fc.constant('timer'),
    which: fc.constantFrom('next', 'next', 'stale'),
    after: pauses,
  });
  const given = Object.entries(commands).map(([name, schema]) => commandOf(name, schema));
  const happening = fc.oneof(
    ...(events.length === 0 ? [] : [{ weight: 8 * (10 - commandsInTen), arbitrary: fc.oneof(...events.map(eventOf)) }]),
    ...(given.length === 0 ? [] : [{ weight: 9 * commandsInTen, arbitrary: fc.oneof(...given) }]),
    { weight: 10 - commandsInTen, arbitrary: timer },
  );
  const straight = (name: string): fc.Arbitrary<Happening> => {
    const schema = commands[name];
    const any = schema === undefined ? eventOf(name as EventName) : commandOf(name, schema);
    return any.map((one) => ({ ...one, aimed: true, late: 0, numbered: 'next', after: 0 }) as Happening);
  };
  const opening = fc.oneof(...openings.map((begun) => fc.tuple(...begun.map(straight))));
  return fc.tuple(opening, fc.array(happening, { maxLength, size: 'max' })).map(([begun, rest]) => [...begun, ...rest]);
};
