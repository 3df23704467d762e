import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { assertShape, isShape, shapeSchema, type ShapeClass } from '@paidan/contracts';
import { routesOf, type RouteFacts } from './http/routes.js';
import type { ProblemCatalogue } from './problems/catalogue.js';

export interface OpenApiOptions {
  readonly title: string;
  readonly description?: string | undefined;
  readonly version: string;
  readonly problems: ProblemCatalogue;
}

type Paths = OpenAPIObject['paths'];
type Operation = NonNullable<Paths[string]['get']>;
type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const;

/** `errors` of a validation problem; the same as contracts' FieldError. */
const PROBLEM_SCHEMA = (codes: readonly string[]): Schema => ({
  type: 'object',
  description: 'RFC 9457 problem document. Tell problems apart by `code` (or `type`); the texts may change.',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string', format: 'uri-reference', description: '`/problems/<code>`, which says more' },
    title: { type: 'string' },
    titleZh: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: `stable; among others ${codes.map((code) => `\`${code}\``).join(', ')}` },
    detail: { type: 'string' },
    detailZh: { type: 'string' },
    retryable: { type: 'boolean', description: 'whether the same request can succeed later' },
    requestId: { type: 'string', description: 'as in the header `x-request-id`' },
    errors: {
      type: 'array',
      description: 'each wrong field',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'detail'],
        properties: {
          pointer: { type: 'string', description: 'RFC 6901 pointer into the body, like `/contact/phone`' },
          in: { type: 'string', enum: ['query', 'path'], description: 'where, if not in the body' },
          code: { type: 'string' },
          detail: { type: 'string' },
          detailZh: { type: 'string' },
        },
      },
    },
  },
});

const PROBLEM_TEXTS: Readonly<Record<number, string>> = {
  400: 'Malformed JSON, text or parameter',
  401: 'No valid credentials',
  403: 'Not allowed',
  404: 'Not found',
  413: 'The body is too large',
  415: 'Not `application/json`',
  422: 'Wrong or unknown fields, each named in `errors`',
  503: 'Temporarily unavailable; see `Retry-After`',
};

const problemsOf = (route: RouteFacts, path: string): number[] => [
  ...(route.body !== undefined || route.query !== undefined || path.includes('{') ? [400] : []),
  ...(route.access?.public === true ? [] : [401, 403]),
  ...(path.includes('{') ? [404] : []),
  ...(route.body === undefined ? [] : [413, 415, 422]),
  503,
];

/**
 * The OpenAPI 3.1 document of an application. Paths, parameters and security come from Nest's decorators; the schema of each shape class comes
 * from its class-validator decorators, which are what validates: there is no second description to drift.
 */
export const buildOpenApi = (app: INestApplication, { title, description, version, problems }: OpenApiOptions): OpenAPIObject => {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(title)
    .setDescription(description ?? '')
    .setVersion(version)
    .addApiKey(
      { type: 'apiKey', in: 'header', name: 'X-Api-Key', description: 'key of a channel; `Authorization: ApiKey <key>` is taken, too' },
      'apiKey',
    )
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'token of a person or a department’s system' },
      'token',
    )
    .build();
  const operationIdFactory = (controller: string, method: string): string => `${controller.replace(/Controller$/, '')}.${method}`;
  const document = SwaggerModule.createDocument(app, config, { operationIdFactory });
  const routes = new Map(routesOf(app).map((route) => [operationIdFactory(route.controller, route.method), route]));

  const schemas: Record<string, Schema> = { ...document.components?.schemas };
  const publish = (shape: ShapeClass, open: boolean): void => {
    for (const one of assertShape(shape)) {
      const { additionalProperties, ...rest } = shapeSchema(one) as Schema & { additionalProperties?: boolean };
      // An answer may gain members later, a request with unknown ones is refused.
      schemas[one.name] = open ? rest : { ...rest, ...(additionalProperties === undefined ? {} : { additionalProperties }) };
    }
  };
  for (const route of routes.values()) route.answers.forEach((shape) => publish(shape, true));
  for (const route of routes.values()) if (isShape(route.body)) publish(route.body, false);

  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      const route = routes.get(operation?.operationId ?? '');
      if (operation !== undefined && route !== undefined) complete(operation, route, path);
    }
  }
  schemas['Problem'] = PROBLEM_SCHEMA(Object.keys(problems).sort());
  return { ...document, components: { ...document.components, schemas } };
};

const complete = (operation: Operation, route: RouteFacts, path: string): void => {
  const described = [
    ...(route.query === undefined ? [] : parametersOf(route.query, 'query')),
    ...(route.params === undefined ? [] : parametersOf(route.params, 'path')),
  ];
  const names = new Set(described.map((parameter) => parameter.name));
  const rest = (operation.parameters ?? []).filter(
    (parameter) => !('name' in parameter) || !(names.has(parameter.name) || parameter.name === ''),
  );
  if (rest.length + described.length > 0) operation.parameters = [...rest, ...described];
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  for (const status of problemsOf(route, path))
    operation.responses[String(status)] ??= { description: PROBLEM_TEXTS[status] ?? 'Problem', content };
  operation.responses['default'] ??= { description: 'Problem', content };
};

const parametersOf = (shape: ShapeClass, where: 'query' | 'path') => {
  const { properties = {}, required = [] } = shapeSchema(shape) as { properties?: Record<string, Schema>; required?: readonly string[] };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema,
  }));
};
