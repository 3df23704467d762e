import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../logging/logger.js';
import type { KnownRoutes } from '../http/known-routes.js';
import type { ProblemCatalogue } from './catalogue.js';
import { hostError } from '../errors.js';
import { fastifyCode, problemOf, type Problem } from './problem.js';
import { sendProblem } from './send.js';

/** Every error on its way to a caller, Fastify's own too: Nest hands both to this one filter. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly catalogue: ProblemCatalogue,
    private readonly routes: KnownRoutes,
    private readonly logger: Logger,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    // Handlers of other transports deal with their own errors.
    if (host.getType() !== 'http') throw error;
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = this.problemFor(error, request);
    this.log(error, problem, request);
    if (reply.sent || reply.raw.headersSent) reply.raw.destroy();
    else sendProblem(reply, problem);
  }

  private log(error: unknown, problem: Problem, request: FastifyRequest): void {
    // The route, never the address: it may hold a query code.
    const fields = {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url,
      status: problem.status,
      code: problem.body.code,
    };
    const expected = problem.level === 'debug' || problem.level === 'info';
    this.logger[problem.level](expected ? fields : { ...fields, err: error }, expected ? 'request refused' : 'request failed');
  }

  private problemFor(error: unknown, request: FastifyRequest): Problem {
    if (!request.is404) return problemOf(explained(error, request), this.catalogue, request.id);
    const allowed = this.routes.methodsOf(request.url);
    return allowed.length === 0 || allowed.includes(request.method)
      ? problemOf(Object.assign(new Error('no such address'), { code: 'not-found', status: 404 }), this.catalogue, request.id)
      : problemOf(
          Object.assign(new Error(`takes ${allowed.join(', ')}`), {
            code: 'method-not-allowed',
            status: 405,
            extensions: { headers: { allow: allowed.join(', ') } },
          }),
          this.catalogue,
          request.id,
        );
  }
}

/** Fastify says neither what the limit is nor what is taken instead, and a caller can't look either up. */
const explained = (error: unknown, request: FastifyRequest): unknown => {
  switch (fastifyCode(error)) {
    case 'body-too-large':
      return hostError('body-too-large', `at most ${request.routeOptions.bodyLimit} bytes are taken`);
    case 'unsupported-media-type':
      return hostError('unsupported-media-type', 'only application/json is taken');
    default:
      return error;
  }
};
