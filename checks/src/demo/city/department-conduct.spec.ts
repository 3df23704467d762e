import { decodeCommand, DEPARTMENT_COMMANDS } from '@paidan/contracts';
import { exampleMessages } from '../input/example-messages.js';
import { readOptions } from '../options.js';
import { commandFor, replyFor, RETURN_SHARE, SEND_BACK_SHARE, stepsAfterKept, stepsFor } from './department-conduct.js';

const seed = 7;
const rows = Array.from({ length: 5_000 }, (_, index) => index + 1);
const occasion = {
  seed,
  commandId: '019aa000-0000-7000-8000-000000000001',
  ticketId: '019aa000-0000-7000-8000-000000000002',
  unit: 'city-parks',
  row: 3,
  assignment: 1,
  round: 2,
};

describe('a department', () => {
  it('does the same for the same seed, and otherwise for another', () => {
    const course = (with_: number) => rows.map((row) => stepsFor(with_, { row, assignment: 1, designated: false }).join());
    expect(course(seed)).toEqual(course(seed));
    expect(course(seed)).not.toEqual(course(seed + 1));
  });

  it('returns and sends back as often as is said', () => {
    const steps = rows.map((row) => stepsFor(seed, { row, assignment: 1, designated: false }));
    const share = (command: string) => steps.filter((list) => list.some((step) => step === command)).length / rows.length;
    expect(share('return')).toBeCloseTo(RETURN_SHARE, 1);
    expect(share('send-back')).toBeCloseTo(SEND_BACK_SHARE, 1);
    expect(share('return') + share('approve')).toBe(1);
  });

  it('never returns what it was designated for', () => {
    const steps = rows.flatMap((row) => stepsFor(seed, { row, assignment: 3, designated: true }));
    expect(steps).not.toContain('return');
  });

  it('ends every way with an approved reply or a return', () => {
    const ends = new Set(rows.map((row) => stepsFor(seed, { row, assignment: 1, designated: false }).at(-1)));
    expect(ends).toEqual(new Set(['return', 'approve']));
    expect(stepsAfterKept(false)).toEqual(['sign', 'progress', 'reply', 'approve']);
    expect(stepsAfterKept(true)).toEqual(['progress', 'reply', 'approve']);
  });

  it('returns one of our own messages by the usual seed, so that there is something to tell', () => {
    const usual = readOptions([])?.seed ?? 0;
    const returned = exampleMessages.filter(({ row }) => stepsFor(usual, { row, assignment: 1, designated: false }).includes('return'));
    expect(returned.length).toBeGreaterThan(0);
  });

  it.each(DEPARTMENT_COMMANDS)('writes %s as the contract wants it', (command) => {
    expect(decodeCommand(JSON.stringify(commandFor(command, occasion)))).toMatchObject({ ok: true });
  });

  it('has two persons for work and approval', () => {
    expect(commandFor('reply', occasion).officer).not.toBe(commandFor('approve', occasion).officer);
  });

  it('replies with the file’s words, cut to what a reply may hold', () => {
    expect(replyFor(seed, 1, '您好！已修复。')).toEqual({ text: '您好！已修复。', outcome: 'resolved' });
    expect([...replyFor(seed, 1, '😀'.repeat(20_001)).text]).toHaveLength(20_000);
    expect(replyFor(seed, 1, undefined).text.length).toBeGreaterThan(10);
  });
});
