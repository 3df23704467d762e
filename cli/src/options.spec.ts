import { Misuse } from '@paidan/local/call';
import { readCall } from './options.js';

const ID = '019aa000-0000-7000-8000-000000000001';
const NUMBER = '20261122-000001';

describe('a call', () => {
  it.each<[string, object]>([
    ['status', { order: { do: 'status' }, json: false }],
    ['status --json --services city.json', { order: { do: 'status' }, json: true, services: 'city.json' }],
    ['parked list', { order: { do: 'parked list', limit: 100 } }],
    ['parked list --service intake --limit 5', { order: { do: 'parked list', service: 'intake', limit: 5 } }],
    [`parked show ${ID}`, { order: { do: 'parked show', ticket: ID } }],
    [`--service feedback parked show ${NUMBER}`, { order: { do: 'parked show', ticket: NUMBER, service: 'feedback' } }],
    [`parked replay ${ID} --service dispatch`, { order: { do: 'parked replay', ticket: ID, service: 'dispatch' } }],
    [
      `parked discard ${ID} --service dispatch --reason why --record 17`,
      { order: { do: 'parked discard', ticket: ID, service: 'dispatch', reason: 'why', record: '17' } },
    ],
    [
      'quarantine show paidan.commands.city-water/0@1742 --service department-handler --value',
      {
        order: {
          do: 'quarantine show',
          place: { topic: 'paidan.commands.city-water', partition: 0, offset: 1742 },
          service: 'department-handler',
          value: true,
        },
      },
    ],
    ['restoration', { order: { do: 'restoration' } }],
    ['restoration --service intake --json', { order: { do: 'restoration', service: 'intake' }, json: true }],
    [`story ${NUMBER}`, { order: { do: 'story', ticket: NUMBER, lang: 'en' } }],
    [`story ${ID} --lang zh`, { order: { do: 'story', ticket: ID, lang: 'zh' } }],
    ['simulate --rules draft.yaml', { order: { do: 'simulate', rules: 'draft.yaml', last: 10_000, samples: 20, lang: 'en' } }],
    [
      'simulate --version 4 --model topics.model --last 100000 --samples 0 --lang zh --json',
      { order: { do: 'simulate', version: 4, model: 'topics.model', last: 100_000, samples: 0, lang: 'zh' }, json: true },
    ],
    ['keys mint adapter --channel x --json', { order: { do: 'keys', args: ['mint', 'adapter', '--channel', 'x', '--json'] } }],
    ['', { order: { do: 'help' } }],
    ['parked --help', { order: { do: 'help' } }],
  ])('%s', (line, expected) => {
    expect(readCall(line.split(' ').filter((word) => word !== ''))).toMatchObject(expected);
  });
});

describe('a wrong call is told what is wrong', () => {
  it.each<[string, string]>([
    ['dance', 'there is no command "dance"'],
    ['parked', 'there is no command "parked"'],
    ['parked dance', 'there is no command "parked dance"'],
    ['statuses', 'there is no command "statuses"'],
    ['status now', 'status: "now" is too much'],
    ['status --lang zh', 'status takes no --lang'],
    ['status --loud', "Unknown option '--loud'"],
    ['status --services', "Option '--services <value>' argument missing"],
    ['parked list --service mayor', '--service mayor is not one of intake, dispatch'],
    ['parked list --limit 0', '--limit 0 is not a whole number from 1 to 1000'],
    ['parked list --limit all', '--limit all is not a whole number from 1 to 1000'],
    ['parked show', 'parked show: which ticket?'],
    ['parked show 4711', '"4711" is neither the id of a ticket nor a number like'],
    [`parked show ${ID.toUpperCase()}`, 'is neither the id of a ticket'],
    [`parked show ${ID} ${ID}`, `parked show: "${ID}" is too much`],
    ['restoration intake', 'restoration: "intake" is too much'],
    ['restoration --limit 5', 'restoration takes no --limit'],
    ['republish --since yesterday', '--since yesterday is no length of time'],
    ['republish --since 0h', '--since 0h is no length of time'],
    ['fill', 'fill: which service?'],
    ['fill mayor', '"mayor" is not one of intake, dispatch'],
    ['republish now', 'republish: "now" is too much'],
    [`parked replay ${ID}`, 'parked replay needs --service: intake'],
    [`parked discard ${ID} --service intake`, 'parked discard needs --reason'],
    [`parked discard ${ID} --service intake --reason ${'x'.repeat(501)}`, 'parked discard needs --reason: up to 500'],
    [`parked discard ${ID} --reason why`, 'parked discard needs --service'],
    [`parked discard ${ID} --service intake --reason why --record first`, '--record first is not the number of a waiting record'],
    [`parked replay ${ID} --service intake --reason why`, 'parked replay takes no --reason'],
    ['quarantine show --service intake', 'quarantine show: which record?'],
    ['quarantine show paidan.tickets --service intake', '"paidan.tickets" is no place in the log'],
    ['quarantine show paidan.tickets/1@2', 'quarantine show needs --service'],
    ['simulate', 'simulate needs a draft: --rules, --version or --model'],
    ['simulate draft.yaml', 'simulate: "draft.yaml" is too much'],
    ['simulate --rules draft.yaml --version 2', 'simulate takes --rules or --version, not both'],
    ['simulate --version two', '--version two is not a whole number'],
    ['simulate --rules draft.yaml --last 100001', '--last 100001 is not a whole number from 1 to 100000'],
    ['simulate --rules draft.yaml --samples 51', '--samples 51 is not a whole number from 0 to 50'],
    ['simulate --rules draft.yaml --limit 5', 'simulate takes no --limit'],
    ['story', 'story: which ticket?'],
    [`story ${NUMBER} --lang fr`, '--lang fr is neither en nor zh'],
  ])('%s', (line, wrong) => {
    const call = () => readCall(line.split(' '));
    expect(call).toThrow(Misuse);
    expect(call).toThrow(wrong);
  });
});

it('says again what was said within a day, or within another time', () => {
  const ago = (args: string): number => {
    const { order } = readCall(args.split(' '));
    if (order.do !== 'republish') throw new Error(order.do);
    return Math.round((Date.now() - order.since.getTime()) / 60_000);
  };
  expect([ago('republish'), ago('republish --since 90m'), ago('republish --since 7d')]).toEqual([1_440, 90, 10_080]);
});
