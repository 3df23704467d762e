import { memberOf, type Member } from '@paidan/kernel';

/** What people and department systems may be, as `roles` of their token: 派单员, 督办, 承办人, 审批人, 运维. */
export const ROLES = ['dispatcher', 'supervisor', 'officer', 'approver', 'operator'] as const;
export type Role = Member<typeof ROLES>;
export const isRole = memberOf(ROLES);

/** An adapter, known by its API key. */
export interface ChannelCaller {
  readonly kind: 'channel';
  readonly channel: string;
  readonly keyId: string;
}

/** A person or a department's system, known by its token. */
export interface PersonCaller {
  readonly kind: 'person';
  readonly sub: string;
  readonly roles: readonly Role[];
  /** Code of the unit the token speaks for. */
  readonly unit?: string;
}

export type Caller = ChannelCaller | PersonCaller;

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard; null on public routes. */
    caller: Caller | null;
  }
}
