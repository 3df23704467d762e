import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

/** Lets one route take larger bodies than the others: tables, not forms. In bytes. */
export const BodyLimit = (bytes: number): MethodDecorator => RouteConfig({ bodyLimit: bytes }) as MethodDecorator;

/** Before any route is added. The limit of all routes counts where it is the larger one. */
export const useBodyLimits = (fastify: FastifyInstance, ofAll: number): void => {
  fastify.addHook('onRoute', (route) => {
    const { bodyLimit } = (route.config ?? {}) as { readonly bodyLimit?: number };
    if (bodyLimit !== undefined) route.bodyLimit = Math.max(bodyLimit, ofAll);
  });
};
