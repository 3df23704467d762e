import { fileURLToPath } from 'node:url';
import { readRoutingOptions } from './routing.js';
import { readSimulateOptions } from './simulate.js';
import { Misuse } from '@paidan/local/call';
import { readOptions } from './options.js';

describe("the bench's options", () => {
  it('are a minute of everything when nothing is said', () => {
    expect(readOptions([])).toMatchObject({ seconds: 60, connections: 128, rate: 50, idle: true, tutorial: true, json: false });
    expect(readOptions([])?.services.map(({ name }) => name)).toEqual([
      'intake',
      'dispatch',
      'department-handler',
      'sla-monitor',
      'feedback',
    ]);
  });

  it('take a part of the system, in the order that it starts in', () => {
    expect(readOptions(['--services', 'dispatch, intake'])?.services.map(({ name }) => name)).toEqual(['intake', 'dispatch']);
  });

  it.each([
    [['--second', '5'], /--second/],
    [['--seconds', '0'], /--seconds 0 is not a whole number from 1/],
    [['--rate', '1e3'], /--rate 1e3/],
    [['--services', 'intake,dispatch,billing'], /no billing/],
    [['--services', 'intake,feedback'], /without dispatch/],
    [['fast'], /fast/],
  ])('%j is a mistake of the caller', (args, message) => {
    expect(() => readOptions(args)).toThrow(Misuse);
    expect(() => readOptions(args)).toThrow(message);
  });
});

describe('what routing costs', () => {
  it('needs a model that is there, and takes turns of a length', () => {
    const model = fileURLToPath(import.meta.url);
    expect(readRoutingOptions(['--model', model, '--rounds', '3'])).toEqual({
      model,
      rounds: 3,
      seconds: 20,
      connections: 128,
      json: false,
    });
    expect(() => readRoutingOptions(['--model', '/nowhere/topics.model'])).toThrow('npm run train');
    expect(() => readRoutingOptions(['--model', model, '--seconds', '2'])).toThrow('--seconds 2');
    expect(readRoutingOptions(['--help'])).toBeUndefined();
  });
});

describe('what a simulation takes', () => {
  it('needs files that are there, and no more tickets than a simulation may have', () => {
    const file = fileURLToPath(import.meta.url);
    expect(readSimulateOptions([])).toEqual({ tickets: 100_000, json: false });
    expect(readSimulateOptions(['--model', file, '--tickets', '500', '--json'])).toEqual({ tickets: 500, model: file, json: true });
    expect(() => readSimulateOptions(['--messages', '/nowhere.csv'])).toThrow('--messages: there is no file /nowhere.csv');
    expect(() => readSimulateOptions(['--tickets', '100001'])).toThrow('--tickets 100001');
    expect(readSimulateOptions(['--help'])).toBeUndefined();
  });
});
