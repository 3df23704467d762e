const REFUSES = 'paidan:refuses';

type Target = ClassDecorator & MethodDecorator;

/**
 * Problems that a route answers beside those of any route (no credentials, a wrong field, a service that is down), by their codes in the catalogue: the
 * OpenAPI document tells status and title of each. Said of a class, they are those of all its routes.
 */
export const Refuses =
  (...codes: readonly [string, ...string[]]): Target =>
  (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor) => {
    Reflect.defineMetadata(REFUSES, codes, (descriptor?.value ?? target) as object);
  };

export const refusalsOf = (handler: object, controller: object): readonly string[] =>
  [controller, handler].flatMap((one) => (Reflect.getMetadata(REFUSES, one) ?? []) as readonly string[]);
