import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiBearerAuth, ApiSecurity } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { hostError } from '../errors.js';
import type { Caller, PersonCaller, Role } from './caller.js';

const ACCESS = 'paidan:access';

/** Who may call a route. What a method says replaces what its class says; a route about which neither says anything is closed. */
export interface Access {
  readonly public?: true;
  /** `param`: name of the route parameter that must equal the key's channel. */
  readonly channel?: { readonly param?: string };
  readonly roles?: readonly Role[];
}

type Target = ClassDecorator & MethodDecorator;

/** Two decorators on one target are alternatives: `@Channel() @Roles('operator')` lets in either. */
const allow =
  (access: Access): Target =>
  (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor) => {
    const on = (descriptor?.value ?? target) as object;
    const before = Reflect.getOwnMetadata(ACCESS, on) as Access | undefined;
    Reflect.defineMetadata(ACCESS, { ...before, ...access }, on);
  };

/** Open to everybody. */
export const Public = (): Target => allow({ public: true });

/** Open to adapters with an API key. */
export const Channel = (options: { readonly param?: string } = {}): Target =>
  applyDecorators(allow({ channel: options }), ApiSecurity('apiKey'));

/** Open to people with one of these roles. */
export const Roles = (...roles: readonly [Role, ...Role[]]): Target => applyDecorators(allow({ roles }), ApiBearerAuth('token'));

/** What the decorators said about a handler. */
export const accessOf = (handler: object, controller: object): Access | undefined =>
  (Reflect.getMetadata(ACCESS, handler) ?? Reflect.getMetadata(ACCESS, controller)) as Access | undefined;

/** The caller the guard let in: `handle(@CurrentCaller() caller: PersonCaller)`. */
export const CurrentCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller | null => {
  return context.switchToHttp().getRequest<FastifyRequest>().caller;
});

/** For a channel named in a body: an adapter may only speak for its own. @throws PaidanError `wrong-channel` */
export const assertChannel = (caller: Caller | null, channel: string): void => {
  if (caller?.kind === 'channel' && caller.channel === channel) return;
  throw hostError(
    'wrong-channel',
    caller?.kind === 'channel' ? `the key is for channel ${caller.channel}` : 'an API key of the channel is needed',
  );
};

/** The unit that a token speaks for. @throws PaidanError `no-unit` */
export const unitOf = ({ unit }: PersonCaller): string => {
  if (unit === undefined) throw hostError('no-unit', 'the token has no claim `unit`');
  return unit;
};

const DESK: ReadonlySet<Role> = new Set(['dispatcher', 'supervisor', 'operator']);

/** The unit whose tickets alone a person sees; undefined at the desk, which sees those of all. @throws PaidanError `no-unit` */
export const onlyUnitOf = (caller: PersonCaller): string | undefined =>
  caller.roles.some((role) => DESK.has(role)) ? undefined : unitOf(caller);
