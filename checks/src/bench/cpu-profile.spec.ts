import { timeByPlace, together, type CpuProfile } from './cpu-profile.js';

const frame = (functionName: string, url = '') => ({ functionName, url });
const ALL = { from: 0, to: 1e9 };
const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 3, 4, 9] },
    { id: 2, callFrame: frame('(idle)') },
    { id: 3, callFrame: frame('(garbage collector)') },
    { id: 4, callFrame: frame('batch', 'file:///a/libs/runtime/dist/reactor.js'), children: [5, 7] },
    { id: 5, callFrame: frame('send', 'file:///a/node_modules/kafkajs/src/producer.js'), children: [6] },
    { id: 6, callFrame: frame('writev', 'node:net') },
    { id: 7, callFrame: frame('decide', 'file:///a/services/dispatch/dist/domain/decisions.js'), children: [8] },
    { id: 8, callFrame: frame('parse', 'file:///a/node_modules/@sinclair/typebox/build/value.js') },
    { id: 9, callFrame: frame('processTimers', 'node:internal/timers') },
  ],
  startTime: 500,
  samples: [2, 3, 4, 5, 6, 7, 8, 9],
  timeDeltas: [1_000, 10, 20, 30, 5, 40, 7, 3],
};

it('counts each place’s own time, what Node does for its caller, and no idleness', () => {
  expect(Object.fromEntries(timeByPlace(profile, ALL))).toEqual({
    'garbage collection': 10,
    'libs/runtime': 20,
    kafkajs: 35,
    'services/dispatch': 40,
    '@sinclair/typebox': 7,
    Node: 3,
  });
});

it('a library of ours that is reached through node_modules is ours', () => {
  const linked: CpuProfile = {
    nodes: [{ id: 1, callFrame: frame('fold', 'file:///a/node_modules/@paidan/runtime/../../../libs/runtime/dist/fold.js') }],
    startTime: 0,
    samples: [1],
    timeDeltas: [5],
  };
  expect([...timeByPlace(linked, ALL)]).toEqual([['libs/runtime', 5]]);
});

it('what was before and after the stretch is left out', () => {
  expect(Object.fromEntries(timeByPlace(profile, { from: 1_510, to: 1_565 }))).toEqual({ 'libs/runtime': 20, kafkajs: 35 });
});

it('several are summed', () => {
  expect([
    ...together([
      new Map([['a', 1]]),
      new Map([
        ['a', 2],
        ['b', 3],
      ]),
    ]),
  ]).toEqual([
    ['a', 3],
    ['b', 3],
  ]);
});
