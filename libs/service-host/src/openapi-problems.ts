import type { OpenAPIObject } from '@nestjs/swagger';
import { hostError } from './errors.js';
import type { RouteFacts } from './http/routes.js';
import type { ProblemCatalogue } from './problems/catalogue.js';

type Components = NonNullable<OpenAPIObject['components']>;
type Schema = NonNullable<Components['schemas']>[string];
type Responses = NonNullable<OpenAPIObject['paths'][string]['get']>['responses'];
type Response = Extract<Responses[string], { description: string }>;

/** `errors` of a validation problem; the same as contracts' FieldError. */
export const problemSchema = (codes: readonly string[]): Schema => ({
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

/** What a status means on whatever route: a route's own problems are told with it. */
const TEXTS: Readonly<Record<number, string>> = {
  400: 'Malformed JSON, text or parameter',
  401: 'No valid credentials',
  403: 'Not allowed',
  404: 'Not found',
  409: 'In conflict with the current state',
  413: 'The body is too large',
  414: 'The address is too long',
  415: 'Not `application/json`',
  422: 'Wrong or unknown fields, each named in `errors`',
  429: 'Too many requests; see `Retry-After`',
  500: 'The service failed',
  503: 'Temporarily unavailable; see `Retry-After`',
};

const RETRY_AFTER = { 'Retry-After': { description: 'seconds', schema: { type: 'integer', minimum: 1 } } } as const;
const HEADERS: Readonly<Record<number, Response['headers']>> = {
  401: { 'WWW-Authenticate': { description: 'how to prove who calls', schema: { type: 'string' } } },
  429: RETRY_AFTER,
  503: RETRY_AFTER,
};

/** A route as the document has it. */
export interface Described extends RouteFacts {
  readonly path: string;
  readonly takesParameters: boolean;
}

/** Statuses that a route of this kind may answer by itself. */
const anyRoute = ({ body, access, path, takesParameters }: Described): number[] => [
  ...(body !== undefined || takesParameters ? [400] : []),
  ...(access?.public === true ? [] : [401, 403]),
  ...(path.includes('{') ? [404, 414] : []),
  ...(body === undefined ? [] : [413, 415, 422]),
  500,
  503,
];

const problem = (status: number, description: string): Response => ({
  description,
  ...(HEADERS[status] === undefined ? {} : { headers: HEADERS[status] }),
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

const nameOf = (status: number): string => `Problem${status}`;

/** `components.responses`: the problems of any route, described once. */
export const problemResponses = (): NonNullable<Components['responses']> =>
  Object.fromEntries(Object.entries(TEXTS).map(([status, text]) => [nameOf(Number(status)), problem(Number(status), text)]));

/**
 * Every problem that a route may answer, by status. There is no `default`: an answer that isn't named here is a mistake of ours.
 * @throws PaidanError `start-failed` for a refusal that the catalogue doesn't know
 */
export const problemsOf = (route: Described, catalogue: ProblemCatalogue): Responses => {
  const own = new Map<number, string[]>();
  for (const code of route.refusals) {
    const kind = catalogue[code];
    if (kind === undefined) throw hostError('start-failed', `${route.controller}.${route.method} refuses ${code}, which no catalogue has`);
    own.set(kind.status, [...(own.get(kind.status) ?? []), `- \`${code}\`: ${kind.title}`]);
  }
  const responses: Responses = {};
  const any = new Set(anyRoute(route));
  for (const status of [...new Set([...any, ...own.keys()])].sort()) {
    const lines = own.get(status) ?? [];
    const text = any.has(status) ? [TEXTS[status] ?? 'Problem', ''] : [];
    responses[status] =
      lines.length === 0 ? { $ref: `#/components/responses/${nameOf(status)}` } : problem(status, [...text, ...lines].join('\n'));
  }
  return responses;
};
