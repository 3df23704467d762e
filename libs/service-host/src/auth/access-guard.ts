import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { hostError } from '../errors.js';
import type { Logger } from '../logging/logger.js';
import { accessOf, assertChannel, type Access } from './access.js';
import type { ApiKeys } from './api-keys.js';
import type { Caller } from './caller.js';
import type { JwtVerifier } from './jwt.js';

/** Lets in whom the decorators of the route name, and nobody where there are none. */
export class AccessGuard implements CanActivate {
  readonly #access = new WeakMap<object, Access>();

  constructor(
    private readonly apiKeys: ApiKeys | undefined,
    private readonly tokens: JwtVerifier | undefined,
    private readonly logger: Logger,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    // Kafka has its own identity: the topic, guarded by Kafka's ACLs.
    if (context.getType() !== 'http') return true;
    const access = this.#accessOf(context);
    if (access.public === true) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const caller = this.#identify(request);
    if (!(caller instanceof Promise)) return this.#admit(request, access, caller);
    return caller.then((known) => this.#admit(request, access, known));
  }

  #accessOf(context: ExecutionContext): Access {
    const handler = context.getHandler();
    let access = this.#access.get(handler);
    if (access !== undefined) return access;
    access = accessOf(handler, context.getClass());
    if (access === undefined) {
      this.logger.error({ route: `${context.getClass().name}.${handler.name}` }, 'route without @Public, @Channel or @Roles: refused');
      throw hostError('route-closed', 'nobody is let in here');
    }
    this.#access.set(handler, access);
    return access;
  }

  #identify(request: FastifyRequest): Caller | Promise<Caller> {
    const { authorization, 'x-api-key': plainKey } = request.headers;
    const [, scheme, credentials] = /^(\S+) +(\S+)$/.exec(authorization ?? '') ?? [];
    const key =
      scheme?.toLowerCase() === 'apikey' ? credentials : authorization === undefined && typeof plainKey === 'string' ? plainKey : undefined;
    if (key !== undefined && this.apiKeys !== undefined) return this.apiKeys.identify(key);
    if (scheme?.toLowerCase() === 'bearer' && credentials !== undefined && this.tokens !== undefined)
      return this.tokens.identify(credentials);
    const taken = [this.apiKeys && '`Authorization: ApiKey …` or `X-Api-Key`', this.tokens && '`Authorization: Bearer …`'].filter(Boolean);
    throw hostError('unauthenticated', taken.length > 0 ? `send ${taken.join(', or ')}` : 'this service knows no keys and no token issuer');
  }

  #admit(request: FastifyRequest, access: Access, caller: Caller): boolean {
    request.caller = caller;
    if (caller.kind === 'channel') {
      if (access.channel === undefined) throw hostError('forbidden', 'an API key is not enough here: a token is needed');
      const { param } = access.channel;
      if (param !== undefined) assertChannel(caller, (request.params as Record<string, string>)[param] ?? '');
      return true;
    }
    if (access.roles === undefined) throw hostError('forbidden', 'only for channels with an API key');
    if (!access.roles.some((role) => caller.roles.includes(role)))
      throw hostError('forbidden', `needs one of the roles ${access.roles.join(', ')}`);
    return true;
  }
}
