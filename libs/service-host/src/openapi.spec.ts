import { Body, Controller, Get, HttpCode, Module, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsString, ValidateNested } from 'class-validator';
import { Channel, Public, Roles } from './auth/access.js';
import { openApiDocument } from './bootstrap.js';
import { FilledIn } from './http/filled-in.js';
import { Refuses } from './http/refusals.js';
import { openApiFaults } from './testing/openapi-faults.kit.js';

class Thing {
  @IsString() name!: string;
}

@Controller('things')
@Refuses('thing-locked')
class Things {
  @Public()
  @Get(':name')
  @Refuses('thing-unknown', 'too-many-requests')
  @ApiOperation({ summary: 'one' })
  @ApiOkResponse({ type: Thing })
  one(@Param('name') name: string): Thing {
    return { name };
  }

  @Channel()
  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'another' })
  @ApiOkResponse({ type: Thing })
  make(@Body() thing: Thing): Thing {
    return thing;
  }
}

@Controller('bare')
class Bare {
  @Roles('operator')
  @Get()
  undescribed(): object {
    return {};
  }
}

const problems = {
  'thing-unknown': { status: 404, title: 'There is no such thing', titleZh: '没有' },
  'thing-locked': { status: 409, title: 'The thing is locked', titleZh: '已锁' },
};
const documentOf = (...controllers: (typeof Things | typeof Bare)[]) => {
  @Module({ controllers })
  class Sample {}
  return openApiDocument({ name: 'things', module: Sample, problems });
};

describe('the problems of a route', () => {
  it('are those of any route of its kind, each described once', async () => {
    const { paths, components } = await documentOf(Things);
    const { responses } = paths['/things']?.post ?? { responses: {} };
    expect(Object.keys(responses)).toEqual(['200', '400', '401', '403', '409', '413', '415', '422', '500', '503']);
    expect(responses['401']).toEqual({ $ref: '#/components/responses/Problem401' });
    expect(components?.responses?.['Problem401']).toMatchObject({ headers: { 'WWW-Authenticate': {} } });
    expect(components?.responses?.['Problem503']).toMatchObject({ headers: { 'Retry-After': { schema: { type: 'integer' } } } });
  });

  it('are its own and its controller’s too, told by code and title', async () => {
    const { paths } = await documentOf(Things);
    const { responses } = paths['/things/{name}']?.get ?? { responses: {} };
    expect(Object.keys(responses)).toEqual(['200', '400', '404', '409', '414', '429', '500', '503']);
    expect(responses).toMatchObject({
      404: { description: expect.stringMatching(/^Not found\n\n- `thing-unknown`: There is no such thing$/) as unknown },
      409: { description: '- `thing-locked`: The thing is locked' },
      429: { headers: { 'Retry-After': {} } },
    });
  });

  it('must be in the catalogue', async () => {
    @Controller()
    class Wrong {
      @Public()
      @Get()
      @Refuses('thing-lost')
      get(): object {
        return {};
      }
    }
    @Module({ controllers: [Wrong] })
    class Sample {}
    await expect(openApiDocument({ name: 'wrong', module: Sample })).rejects.toThrow('Wrong.get refuses thing-lost');
  });
});

describe('a body', () => {
  it('need not repeat what the address says', async () => {
    class Named {
      @IsString() name!: string;
      @IsString() colour!: string;
    }
    @Controller('named')
    class NamedThings {
      @Public()
      @Post(':name')
      @FilledIn('name')
      @ApiOperation({ summary: 'paint' })
      paint(@Param('name') _name: string, @Body() _body: Named): void {}
    }
    @Module({ controllers: [NamedThings] })
    class Sample {}
    const { components } = await openApiDocument({ name: 'named', module: Sample });
    expect(components?.schemas?.['Named']).toMatchObject({ required: ['colour'], properties: { name: { type: 'string' } } });
  });
});

describe('a list', () => {
  it('is described by what it is a list of, in an answer as in a body', async () => {
    class Box {
      @ValidateNested({ each: true }) @Type(() => Thing) things!: readonly Thing[];
    }
    @Controller('boxes')
    class Boxes {
      @Public()
      @Post()
      @HttpCode(200)
      @ApiOperation({ summary: 'pack' })
      @ApiOkResponse({ type: Box })
      pack(@Body() box: Box): Box {
        return box;
      }
    }
    @Module({ controllers: [Boxes] })
    class Sample {}
    const document = await openApiDocument({ name: 'boxes', module: Sample });
    expect(document.components?.schemas?.['Box']).toMatchObject({
      properties: { things: { type: 'array', items: { $ref: '#/components/schemas/Thing' } } },
    });
    expect(openApiFaults(document)).toEqual([]);
  });
});

describe('the faults of a document', () => {
  it('are none where each answer is described', async () => {
    expect(openApiFaults(await documentOf(Things))).toEqual([]);
  });

  it('are each named', async () => {
    const document = await documentOf(Bare);
    const get = document.paths['/bare']?.get;
    if (get === undefined) throw new Error('no route');
    expect(openApiFaults(document)).toEqual(['GET /bare: no summary', 'GET /bare 200: is nothing, not application/json or text/csv']);

    const spoilt = {
      ...document,
      paths: { '/bare': { get: { summary: 'x', responses: { 400: { $ref: '#/components/responses/No' } } } } },
    };
    expect(openApiFaults(spoilt)).toEqual([
      'GET /bare: no success',
      'GET /bare: no 500',
      'GET /bare: no 503',
      'GET /bare 400: is nothing, not application/problem+json',
      '#/components/responses/No is nowhere',
    ]);
    const schemas = { Odd: { type: 'string', pattern: '^[^\\0]$' } };
    expect(openApiFaults({ paths: {}, components: { schemas } })).toEqual(['^[^\\0]$: write \\u0000']);
    const loose = { 200: { content: { 'application/json': {} } }, 500: get.responses['500'], 503: get.responses['503'], default: {} };
    expect(openApiFaults({ ...document, paths: { '/bare': { get: { summary: 'x', responses: loose } } } })).toEqual([
      "GET /bare: a default hides what isn't described",
      'GET /bare 200: no schema',
      'GET /bare default: is nothing, not application/problem+json',
    ]);
  });
});
