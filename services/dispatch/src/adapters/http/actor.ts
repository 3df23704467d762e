import type { Actor } from '@paidan/runtime';
import type { PersonCaller } from '@paidan/service-host';

/** Who gives the order, as commands name it. */
export const actorOf = ({ sub, roles, unit }: PersonCaller): Actor => ({
  kind: 'person',
  subject: sub,
  roles,
  ...(unit === undefined ? {} : { unit }),
});
