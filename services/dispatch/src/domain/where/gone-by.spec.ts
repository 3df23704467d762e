import type { Place } from '@paidan/contracts';
import { given } from '../routing/small-city.kit.js';
import { MAPPED } from './where.kit.js';

const quarrel = (place: Place, text = '邻里纠纷，楼道堆物') => given({ directory: MAPPED }).when({ text, place });
const gps = (lon: number, lat: number): Place => ({ coordinates: { lon, lat, system: 'WGS-84' } });

describe('a matter that goes by area', () => {
  it('goes to the street that the point lies in, and says so', () => {
    const decision = quarrel(gps(113.03, 28.005));
    expect(decision).toMatchObject({ kind: 'assigned', rule: 'matter-and-area', lead: 'peach', copies: ['east'] });
    expect(decision.reasons).toContainEqual({ code: 'coordinates', adminCode: '990102001', note: 'WGS-84', score: 0.9 });
  });

  it('goes to the district where the point is too near the border of its streets', () => {
    const decision = quarrel(gps(113.03, 28.0099));
    expect(decision).toMatchObject({ kind: 'assigned', lead: 'east' });
    expect(decision.reasons).toContainEqual({ code: 'area-unit', unit: 'east', adminCode: '990102' });
  });

  it('goes to the district where code and point name two of its streets', () => {
    expect(quarrel({ ...gps(113.03, 28.005), adminCode: '990102002' })).toMatchObject({ kind: 'assigned', lead: 'east' });
  });

  it.each<[string, Place]>([
    ['on the border of two districts', gps(113.02, 28.005)],
    ['of which code and point name two', { ...gps(113.03, 28.005), adminCode: '990103' }],
    ['that have a street of one name', { address: '城关镇2号' }],
  ])('waits for a person where it is between districts %s', (_what, place) => {
    expect(quarrel(place)).toMatchObject({ kind: 'held', reason: 'no-candidate' });
  });
});

it('a matter of the whole city doesn’t mind', () => {
  expect(quarrel({ address: '城关镇2号' }, '夜间施工，施工噪音')).toMatchObject({ kind: 'assigned', lead: 'urban' });
});
