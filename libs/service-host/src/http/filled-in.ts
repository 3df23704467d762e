const FILLED_IN = 'paidan:filled-in';

/** Members of the body that the address has said already: the OpenAPI document doesn't require them. Filling them in is the route's own business. */
export const FilledIn =
  (...members: readonly [string, ...string[]]): MethodDecorator =>
  (_target, _key, descriptor) => {
    Reflect.defineMetadata(FILLED_IN, members, descriptor.value as object);
  };

export const filledIn = (handler: object): readonly string[] => (Reflect.getMetadata(FILLED_IN, handler) ?? []) as readonly string[];
