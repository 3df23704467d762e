import { NO_MAP } from './boundary.js';
import { toGcj02 } from './datum.js';
import { MAPPED, placed } from './where.kit.js';

/** In 桃园街道, far from its borders. */
const PEACH = { lon: 113.03, lat: 28.005 };
const gps = (lon: number, lat: number) => ({ coordinates: { lon, lat, system: 'WGS-84' } });
const codesOf = ({ found }: ReturnType<typeof placed>) => found?.reasons.map(({ code, adminCode }) => `${code} ${adminCode}`);

describe('an admin code', () => {
  it.each([
    ['990102001', '990102001'],
    ['990102001007', '990102001'],
    ['990102077', '990102'],
    ['990102000000', '990102'],
    ['990155', '990100'],
    ['110101', undefined],
  ])('%s is the nearest area that is known', (adminCode, area) => {
    expect(placed({ adminCode }).area).toBe(area);
  });
});

describe('a point', () => {
  it('lies in the smallest area whose boundary has it, and says how sure that is', () => {
    const { found, area, certainty } = placed(gps(PEACH.lon, PEACH.lat));
    expect([area, certainty]).toEqual(['990102001', 0.9]);
    expect(found?.reasons).toEqual([{ code: 'coordinates', adminCode: '990102001', note: 'WGS-84', score: 0.9 }]);
    expect(placed(gps(113.01, 28.01)).area).toBe('990103');
  });

  it('is converted from the system that is stated', () => {
    // 200 m south of the border: GCJ-02 has it 300 m further north, across it.
    const south = { lon: 113.03, lat: 28.0085 };
    const shifted = toGcj02({ lon: 113.03, lat: 28.012 });
    expect(placed({ coordinates: { ...toGcj02(south), system: 'GCJ-02' } })).toMatchObject({ area: '990102001', certainty: 0.9 });
    expect(placed({ coordinates: { ...shifted, system: 'GCJ-02' } })).toMatchObject({ area: '990102002', certainty: 0.9 });
    expect(placed(gps(shifted.lon, shifted.lat)).area).not.toBe(undefined);
  });

  it('is less sure near a border, while the district that has both sides stays sure', () => {
    const near = placed(gps(113.03, 28.0099));
    expect(near.certainty).toBeGreaterThan(0.5);
    expect(near.certainty).toBeLessThan(0.6);
    expect(near).toMatchObject({ area: '990102001', goneBy: '990102' });
    expect(near.found?.line.find(({ area }) => area.code === '990102')?.certainty).toBe(0.9);
  });

  it('is unsure of both districts on the border between them', () => {
    expect(placed(gps(113.02001, 28.005))).toMatchObject({ area: '990102001', certainty: 0.51, goneBy: '990100' });
  });

  it('of a system that nobody knows is taken for WGS-84, and sure only far from borders', () => {
    const far = placed({ coordinates: { lon: 113.03, lat: 28.005, system: 'BD-09' } });
    expect(far.area).toBe('990102001');
    expect(far.certainty).toBeLessThan(0.9);
    expect(far.found?.reasons[0]).not.toHaveProperty('note');
    const near = placed({ coordinates: { lon: 113.03, lat: 28.009, system: 'BD-09' } });
    expect(near.certainty).toBeLessThan(0.6);
  });

  it('outside all boundaries says nothing', () => {
    expect(placed(gps(116.4, 39.9)).found).toBeUndefined();
    expect(placed({ ...gps(116.4, 39.9), adminCode: '990102001' })).toMatchObject({ area: '990102001', certainty: 0.95 });
  });
});

describe('an address', () => {
  it.each([
    ['示例市东区桃园街道1号', '990102001', 0.85],
    ['东区桃园3号院', '990102001', 0.7],
    ['东区桃园路3号', '990102', 0.85],
    ['东区桃园小学对面', '990102', 0.85],
    ['住在桃园里面', undefined, 0],
    ['从桃园街道到柳园街道', '990102', 0.85],
    ['东区城关镇2号', '990102009', 0.85],
    ['城关镇2号', '990100', 0.43],
  ])('%s', (address, area, certainty) => {
    expect(placed({ address })).toMatchObject({ area, certainty });
  });

  it('that names what two districts have is settled by what else is known', () => {
    expect(placed({ address: '城关镇2号', adminCode: '990103' })).toMatchObject({ area: '990103009' });
    expect(placed({ address: '城关镇2号' }, { title: '西区的路灯' })).toMatchObject({ area: '990103009' });
    expect(placed({ address: '城关镇2号' }).goneBy).toBeUndefined();
  });
});

describe('sources that', () => {
  it('agree make each other surer, and the smallest area counts', () => {
    const both = placed({ ...gps(PEACH.lon, PEACH.lat), adminCode: '990102' });
    expect(both).toMatchObject({ area: '990102001', certainty: 0.9 });
    expect(placed({ ...gps(PEACH.lon, PEACH.lat), adminCode: '990102001' }).certainty).toBe(0.99);
    expect(codesOf(both)).toEqual(['admin-code 990102', 'coordinates 990102001']);
  });

  it('contradict each other leave the area that has both, and are no surer than the less sure one', () => {
    const within = placed({ ...gps(PEACH.lon, PEACH.lat), adminCode: '990102002' });
    expect(within).toMatchObject({ area: '990102', certainty: 0.9 });
    expect(within.found?.contradicted).toBe(true);
    expect(codesOf(within)).toEqual(['admin-code 990102002', 'coordinates 990102001', 'places-differ 990102']);
    expect(placed({ ...gps(PEACH.lon, PEACH.lat), adminCode: '990103' })).toMatchObject({ area: '990100', certainty: 0.9 });
    expect(placed({ address: '西区河口镇', adminCode: '990102' })).toMatchObject({ area: '990100', certainty: 0.85 });
  });

  it('disagree across a near border agree on the side that the code says', () => {
    const { area, found } = placed({ ...gps(113.03, 28.0099), adminCode: '990102002' });
    expect([area, found?.contradicted]).toEqual(['990102002', false]);
  });
});

describe('title and text', () => {
  it('are asked only where nothing else says more than the city, the title first', () => {
    expect(placed({ adminCode: '990103' }, { title: '桃园街道' }).area).toBe('990103');
    expect(placed({ adminCode: '990100' }, { title: '桃园街道', text: '柳园街道' })).toMatchObject({ area: '990102001', certainty: 0.7 });
    expect(placed({}, { text: '柳园街道' })).toMatchObject({ area: '990102002', certainty: 0.6 });
  });

  it('leave the city where they name no more', () => {
    expect(placed({}, { title: '示例市' })).toMatchObject({ area: '990100' });
    expect(placed({}, { title: '你好' }).found).toBeUndefined();
  });
});

it('a directory without boundaries takes no point for anything', () => {
  expect(placed(gps(PEACH.lon, PEACH.lat), { directory: { ...MAPPED, map: NO_MAP } }).found).toBeUndefined();
});
