import 'reflect-metadata';
import { plainToInstance, Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsLatitude,
  IsLongitude,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  Validate,
  ValidateIf,
  ValidateNested,
  validateSync,
  ValidatorConstraint,
  type ValidationError,
} from 'class-validator';
import { assertShape, MAX_FIELD_ERRORS, validateShape } from './validate-shape.js';

class Place {
  @IsOptional() @IsString() @MaxLength(200) address?: string;
  @IsOptional() @Matches(/^\d{12}$/) adminCode?: string;
  @IsOptional() @IsNumber() @IsLatitude() lat?: number;
  @IsOptional() @IsNumber() @IsLongitude() lon?: number;
}
class Contact {
  @IsString() @Length(1, 50) name!: string;
  @Matches(/^1[3-9]\d{9}$/, { context: { zh: '手机号码格式不对' } }) phone!: string;
}
class Attachment {
  @IsUUID() id!: string;
  @IsInt() @Min(1) @Max(10_000_000) bytes!: number;
}
class Base {
  @IsString() @Length(1, 64) externalId!: string;
}
class Submission extends Base {
  @IsIn(['complaint', 'advice', 'report']) type!: string;
  @IsString()
  @Length(1, 200)
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))
  title!: string;
  @IsString() @MaxLength(20_000) text!: string;
  @IsISO8601({ strict: true }) at!: string;
  @ValidateNested() @Type(() => Place) place!: Place;
  @IsOptional() @ValidateNested() contact?: Contact;
  @IsOptional() @IsArray() @ArrayMaxSize(9) @ValidateNested({ each: true }) @Type(() => Attachment) attachments?: Attachment[];
  @IsOptional() @IsString({ each: true }) tags?: string[];
  @IsBoolean() confidential: boolean = false;
  @ValidateIf((s: Submission) => s.type === 'report') @IsString() reportedUnit?: string;
  @IsOptional() @IsObject() extra?: Record<string, unknown>;
}

const good = (): Record<string, unknown> => ({
  externalId: 'web-1',
  type: 'complaint',
  title: ' 路灯不亮 ',
  text: '小区门口路灯三天不亮',
  at: '2026-11-22T08:00:00+08:00',
  place: { address: '人民路 1 号', adminCode: '510107001001', lat: 30.6, lon: 104.1 },
  contact: { name: '张三', phone: '13800000000' },
  attachments: [{ id: '0199c0de-0000-7000-8000-000000000001', bytes: 12 }],
  tags: ['a', 'b'],
});

const errorsOf = (plain: unknown) => {
  const result = validateShape(Submission, plain);
  return result.ok ? [] : result.errors;
};
const codes = (plain: unknown) => errorsOf(plain).map((error) => `${error.pointer} ${error.code}`);

describe('validateShape', () => {
  it('gives an instance with nested instances, defaults and transforms', () => {
    const result = validateShape(Submission, good());
    if (!result.ok) throw new Error(JSON.stringify(result.errors));
    expect(result.value).toBeInstanceOf(Submission);
    expect(result.value.contact).toBeInstanceOf(Contact);
    expect(result.value.attachments?.[0]).toBeInstanceOf(Attachment);
    expect(result.value.title).toBe('路灯不亮');
    expect(result.value.confidential).toBe(false);
  });

  it('names every wrong field, nested ones too, in English and Chinese', () => {
    const plain = { ...good(), title: 7, contact: { name: '', phone: '12' }, attachments: [{ id: 'x', bytes: 0 }] };
    expect(codes(plain).sort()).toEqual([
      '/attachments/0/bytes min',
      '/attachments/0/id is-uuid',
      '/contact/name is-length',
      '/contact/phone matches',
      '/title is-string',
    ]);
    expect(errorsOf(plain).find((error) => error.pointer === '/contact/phone')?.detailZh).toBe('手机号码格式不对');
    expect(errorsOf(plain).find((error) => error.pointer === '/title')).toEqual({
      pointer: '/title',
      code: 'is-string',
      detail: 'title must be a string',
      detailZh: '必须是文本',
    });
  });

  it('refuses unknown fields on every level and says a missing field once', () => {
    const { title: _, ...rest } = good();
    expect(codes({ ...rest, place: { 'a/b': 1 }, admin: true })).toEqual([
      '/place/a~1b unknown-field',
      '/admin unknown-field',
      '/title required',
    ]);
    expect(codes(JSON.parse('{"__proto__": {"isAdmin": true}, "constructor": 1}')).slice(0, 2)).toEqual([
      '/__proto__ unknown-field',
      '/constructor unknown-field',
    ]);
  });

  it.each([null, undefined, 'text', 3, [], [good()]])('refuses %j as a whole', (plain) => {
    expect(codes(plain)).toEqual([' is-object']);
  });

  it('never repeats what was sent, and stays small', () => {
    const plain = { ...good(), contact: { name: '张三', phone: 'my secret' }, attachments: Array(100_000).fill(1) };
    const errors = errorsOf(plain);
    expect(JSON.stringify(errors)).not.toContain('secret');
    expect(errors.length).toBeLessThanOrEqual(MAX_FIELD_ERRORS);
    const flood = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`${'k'.repeat(500)}${i}`, 1]));
    expect(JSON.stringify(errorsOf(flood)).length).toBeLessThan(25_000);
  });

  it('refuses at compile what it could not do faithfully', () => {
    @ValidatorConstraint({ async: true })
    class Later {
      validate = async (): Promise<boolean> => true;
    }
    class Asynchronous {
      @Validate(Later) a!: string;
    }
    class Unchecked {
      @IsObject() @Type(() => Place) a!: Place;
    }
    class Untyped {
      @ValidateNested({ each: true }) a!: Place[];
    }
    class Empty {}
    expect(() => assertShape(Asynchronous)).toThrow('shape Asynchronous.a');
    expect(() => assertShape(Unchecked)).toThrow('@Type without @ValidateNested');
    expect(() => assertShape(Untyped)).toThrow('@ValidateNested needs @Type');
    expect(() => assertShape(Empty)).toThrow('no class-validator decorators');
    expect(new Set(assertShape(Submission))).toEqual(new Set([Submission, Place, Contact, Attachment]));
  });
});

/** class-transformer and class-validator themselves, as Nest's ValidationPipe calls them. */
const reference = (plain: unknown): string[] => {
  const flatten = (errors: ValidationError[], path: string): string[] =>
    errors.flatMap((error) => [
      ...(error.constraints === undefined ? [] : [`${path}/${error.property}`]),
      ...flatten(error.children ?? [], `${path}/${error.property}`),
    ]);
  // The reflected type of `contact` is used by validateShape; class-transformer wants it spelt out.
  const instance = plainToInstance(Submission, plain) as unknown as Record<string, unknown>;
  if (typeof instance['contact'] === 'object' && instance['contact'] !== null && !Array.isArray(instance['contact'])) {
    instance['contact'] = plainToInstance(Contact, instance['contact']);
  }
  return flatten(validateSync(instance, { whitelist: true, forbidNonWhitelisted: true }), '').sort();
};

describe('agreement with class-validator', () => {
  const junk: unknown[] = [
    undefined,
    null,
    '',
    ' ',
    'x',
    '1',
    0,
    -1,
    1.5,
    NaN,
    true,
    [],
    {},
    [1],
    ['x'],
    [null],
    [{}],
    { a: 1 },
    'x'.repeat(300),
  ];
  const keys = [
    'externalId',
    'type',
    'title',
    'text',
    'at',
    'tags',
    'confidential',
    'reportedUnit',
    'extra',
    'place',
    'contact',
    'attachments',
  ];
  /** Places where validateShape is stricter on purpose (see its comment): class-validator finds nothing there. */
  const holes = /^\/(place|contact|attachments|tags)(\/|$)/;

  const mutants: { name: string; plain: Record<string, unknown> }[] = [];
  for (const value of junk) {
    for (const key of keys) {
      mutants.push({ name: `${key}=${JSON.stringify(value)}`, plain: { ...good(), [key]: value } });
      mutants.push({ name: `report ${key}=${JSON.stringify(value)}`, plain: { ...good(), type: 'report', [key]: value } });
    }
    for (const [key, inner] of [
      ['place', 'lat'],
      ['place', 'adminCode'],
      ['contact', 'name'],
      ['contact', 'phone'],
      ['contact', 'new'],
    ] as const) {
      mutants.push({ name: `${key}.${inner}`, plain: { ...good(), [key]: { ...(good()[key] as object), [inner]: value } } });
    }
    mutants.push({
      name: 'attachment',
      plain: { ...good(), attachments: [{ id: value, bytes: value }, ...(good()['attachments'] as unknown[])] },
    });
  }

  it(`says of ${mutants.length} variants what class-validator says of them, and is stricter only where documented`, () => {
    let refused = 0;
    for (const { name, plain } of mutants) {
      const ours = [...new Set(errorsOf(plain).map((error) => error.pointer))].sort();
      const theirs = [...new Set(reference(plain))].sort();
      const missed = theirs.filter((at) => !ours.some((our) => our === at || at.startsWith(`${our}/`)));
      const added = ours.filter((at) => !theirs.includes(at) && !holes.test(at));
      expect({ name, missed, added }).toEqual({ name, missed: [], added: [] });
      if (theirs.length > 0) refused++;
    }
    expect(refused).toBeGreaterThan(250);
    expect(mutants.length - refused).toBeGreaterThan(20);
  });

  it('is several times faster (measured 5–6 times: 67 µs and 12 µs; the bound is for a busy machine)', () => {
    const plain = good();
    const time = (run: () => void): number => {
      for (let i = 0; i < 300; i++) run();
      const from = performance.now();
      for (let i = 0; i < 1_000; i++) run();
      return performance.now() - from;
    };
    const theirs = time(() => validateSync(plainToInstance(Submission, plain), { whitelist: true, forbidNonWhitelisted: true }));
    const ours = time(() => validateShape(Submission, plain));
    if (process.env['PAIDAN_PRINT_TIMES'] !== undefined) console.log(`class-validator ${theirs} µs, validateShape ${ours} µs`);
    expect(theirs / ours).toBeGreaterThan(2.5);
  });
});
