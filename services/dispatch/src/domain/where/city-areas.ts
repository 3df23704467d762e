import { significant, type Area } from '../routing/directory.js';

/** A division of the country, by its significant digits: 2 of a province, 4 of a city, 6 of a district or county, 9 of a street or township. */
export interface Division {
  readonly code: string;
  readonly name: string;
}
/** In order of their codes. */
export interface AdminCodes {
  readonly provinces: readonly Division[];
  readonly cities: readonly Division[];
  readonly districts: readonly Division[];
  readonly streets: readonly Division[];
}

/** Why there is no table of areas for what was asked. */
export interface NoCity {
  readonly misuse: string;
}

/** 市辖区 and 县 of a municipality, 省直辖县级行政区划 of a province: they stand where a city would, and are none. */
const NO_CITY = /^(?:市辖区|县|.*直辖县级行政区划)$/u;
const full = ({ code }: Division): string => code.padEnd(6, '0');
const listed = (found: readonly Division[]): string => found.map(({ code, name }) => `${code} ${name}`).join(', ');

const byName = ({ provinces, cities, districts }: AdminCodes, name: string): Division | NoCity => {
  const found = [...provinces, ...cities, ...districts].filter((one) => one.name === name && !NO_CITY.test(one.name));
  // 嘉峪关市 is a city and, by another code, all of its ground.
  const [widest, next] = [...found].sort((a, b) => a.code.length - b.code.length);
  if (widest === undefined) return { misuse: `no city, district or county is called ${name}` };
  const one = next === undefined || (next.code.startsWith(widest.code) && found.length === 2);
  return one ? widest : { misuse: `${found.length} are called ${name}: ${listed(found)}` };
};

const byCode = ({ provinces, cities, districts }: AdminCodes, wanted: string): Division | NoCity => {
  const code = significant(wanted);
  const found = [...provinces, ...cities, ...districts].find((one) => one.code === code);
  if (found === undefined) return { misuse: `no city, district or county has the code ${wanted}` };
  if (!NO_CITY.test(found.name)) return found;
  const province = provinces.find((one) => found.code.startsWith(one.code));
  if (province !== undefined && province.name.endsWith('市')) return province;
  return { misuse: `${listed([found])} is no city: name one of ${listed(districts.filter((one) => one.code.startsWith(code)))}` };
};

/**
 * The areas of a city, as its table has them, from the codes of the whole country: a prefecture's city (4 digits), a municipality (2), or a district, county or
 * county's city that has a desk of its own (6).
 */
export const cityAreas = (codes: AdminCodes, wanted: string): readonly Area[] | NoCity => {
  const root = /^\d+$/.test(wanted) ? byCode(codes, wanted) : byName(codes, wanted);
  if ('misuse' in root) return root;
  if (root.code.length === 2 && !root.name.endsWith('市')) {
    const cities = codes.cities.filter(({ code }) => code.startsWith(root.code));
    return { misuse: `${listed([root])} is a province: name one of its cities, ${listed(cities)}` };
  }
  const within = ({ code }: Division): boolean => code.startsWith(root.code);
  // Addresses begin with them; all that they say of the place is that it is in the city.
  const above = [...codes.provinces, ...codes.cities].filter(
    (one) => one.name !== root.name && root.code.startsWith(one.code) && !NO_CITY.test(one.name),
  );
  const city: Area = { code: full(root), name: root.name, level: 'city', aliases: above.map(({ name }) => name) };
  // Cities without districts (东莞) stand among the districts once more: their streets are the city's own.
  const districts = codes.districts.filter((one) => within(one) && full(one) !== city.code);
  const known = new Set(districts.map(({ code }) => code));
  return [
    city,
    ...districts.map(({ code, name }): Area => ({ code, name, level: 'district', parent: city.code, aliases: [] })),
    // 金门县 has one street, which is itself.
    ...codes.streets
      .filter((one) => within(one) && !one.code.endsWith('000'))
      .map(({ code, name }): Area => {
        const district = code.slice(0, 6);
        return { code, name, level: 'street', parent: known.has(district) ? district : city.code, aliases: [] };
      }),
  ];
};
