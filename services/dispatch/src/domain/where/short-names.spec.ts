import { shortName } from './short-names.js';

it.each([
  ['岳麓区', '岳麓'],
  ['望月湖街道', '望月湖'],
  ['澜桥东社区', '澜桥东'],
  ['芷江侗族自治县', '芷江'],
  ['恩施土家族苗族自治州', '恩施'],
  ['东区', undefined],
  ['方格', undefined],
  ['全市', undefined],
])('%s is %s for short', (name, short) => {
  expect(shortName(name)).toBe(short);
});
