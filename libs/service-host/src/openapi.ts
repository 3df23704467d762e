import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { assertShape, isShape, shapeSchema, type ShapeClass } from '@paidan/contracts';
import { routesOf, type RouteFacts } from './http/routes.js';
import { problemResponses, problemSchema, problemsOf } from './openapi-problems.js';
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
  for (const { body, filledIn } of routes.values()) {
    if (!isShape(body)) continue;
    publish(body, false);
    const schema = schemas[body.name] as { required?: string[] };
    if (filledIn.length > 0) schema.required = (schema.required ?? []).filter((member) => !filledIn.includes(member));
  }

  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      const route = routes.get(operation?.operationId ?? '');
      if (operation !== undefined && route !== undefined) complete(operation, route, path, problems);
    }
  }
  schemas['Problem'] = problemSchema(Object.keys(problems).sort());
  return { ...document, components: { ...document.components, schemas, responses: problemResponses() } };
};

const complete = (operation: Operation, route: RouteFacts, path: string, catalogue: ProblemCatalogue): void => {
  const described = [
    ...(route.query === undefined ? [] : parametersOf(route.query, 'query')),
    ...(route.params === undefined ? [] : parametersOf(route.params, 'path')),
  ];
  const names = new Set(described.map((parameter) => parameter.name));
  const rest = (operation.parameters ?? []).filter(
    (parameter) => !('name' in parameter) || !(names.has(parameter.name) || parameter.name === ''),
  );
  if (rest.length + described.length > 0) operation.parameters = [...rest, ...described];
  const takesParameters = (operation.parameters ?? []).length > 0;
  operation.responses = { ...operation.responses, ...problemsOf({ ...route, path, takesParameters }, catalogue) };
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
