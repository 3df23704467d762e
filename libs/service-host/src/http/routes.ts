import type { INestApplicationContext, Type } from '@nestjs/common';
import { METHOD_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { ModulesContainer } from '@nestjs/core';
import { isShape, type ShapeClass } from '@paidan/contracts';
import { accessOf, type Access } from '../auth/access.js';
import { filledIn } from './filled-in.js';
import { refusalsOf } from './refusals.js';

/** What the decorators say about one route. */
export interface RouteFacts {
  readonly controller: string;
  readonly method: string;
  readonly access: Access | undefined;
  /** Class of the whole body; undefined where the route takes none. */
  readonly body: Type | undefined;
  /** Required members of the body that may be left out here. */
  readonly filledIn: readonly string[];
  readonly query: ShapeClass | undefined;
  readonly params: ShapeClass | undefined;
  /** Classes of the answers, from `@ApiOkResponse({ type })` and its like. */
  readonly answers: readonly ShapeClass[];
  /** Codes of its own problems. */
  readonly refusals: readonly string[];
}

interface Argument {
  readonly index: number;
  readonly data?: unknown;
}

/** Reads the routes of all controllers; nothing is called. */
export const routesOf = (app: INestApplicationContext): RouteFacts[] =>
  [...app.get(ModulesContainer).values()].flatMap((module) =>
    [...module.controllers.values()].flatMap(({ metatype }) =>
      typeof metatype === 'function' ? routesOfController(metatype as Type) : [],
    ),
  );

const routesOfController = (controller: Type): RouteFacts[] => {
  const prototype = controller.prototype as Record<string, unknown>;
  return Object.getOwnPropertyNames(prototype).flatMap((method) => {
    const handler = prototype[method];
    if (typeof handler !== 'function' || Reflect.getMetadata(METHOD_METADATA, handler) === undefined) return [];
    const types = (Reflect.getMetadata('design:paramtypes', prototype, method) ?? []) as unknown[];
    const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) ?? {}) as Record<string, Argument>;
    const typeOf = (kind: RouteParamtypes): unknown => {
      const found = Object.entries(args).find(([key, arg]) => Number(key.split(':', 1)[0]) === Number(kind) && arg.data === undefined);
      return found === undefined ? undefined : types[found[1].index];
    };
    const shapeOf = (kind: RouteParamtypes): ShapeClass | undefined => {
      const type = typeOf(kind);
      return isShape(type) ? type : undefined;
    };
    const responses = Object.values((Reflect.getMetadata('swagger/apiResponse', handler) ?? {}) as Record<string, { type?: unknown }>);
    return [
      {
        controller: controller.name,
        method,
        access: accessOf(handler, controller),
        body: typeOf(RouteParamtypes.BODY) as Type | undefined,
        filledIn: filledIn(handler),
        query: shapeOf(RouteParamtypes.QUERY),
        params: shapeOf(RouteParamtypes.PARAM),
        answers: responses.map(({ type }) => (Array.isArray(type) ? (type as unknown[])[0] : type)).filter(isShape),
        refusals: refusalsOf(handler, controller),
      },
    ];
  });
};
