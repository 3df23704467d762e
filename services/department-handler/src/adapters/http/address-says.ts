import { applyDecorators, UseInterceptors, type CallHandler, type ExecutionContext, type NestInterceptor, type Type } from '@nestjs/common';
import type { DepartmentCommandName } from '@paidan/contracts';
import { FilledIn, ShapePipe, TicketParams } from '@paidan/service-host';

/**
 * Over Kafka a command names itself and its ticket; over HTTP the address has said both, so that the body may leave them out. Interceptors run
 * before pipes: what is validated is the same shape either way.
 */
export const AddressSays = (command: DepartmentCommandName): MethodDecorator => {
  class FillIn implements NestInterceptor {
    intercept(context: ExecutionContext, next: CallHandler): ReturnType<CallHandler['handle']> {
      const { body, params } = context.switchToHttp().getRequest<{ body: unknown; params: { ticketId: string } }>();
      // A wrong address is said to be one, rather than a wrong member that nobody sent.
      new ShapePipe().transform(params, { type: 'param', metatype: TicketParams });
      if (typeof body === 'object' && body !== null && !Array.isArray(body)) {
        const said = body as { command?: unknown; ticketId?: unknown };
        said.command ??= command;
        said.ticketId ??= params.ticketId;
      }
      return next.handle();
    }
  }
  return applyDecorators(UseInterceptors(FillIn as Type<NestInterceptor>), FilledIn('command', 'ticketId'));
};
