import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { isShape, validateShape } from '@paidan/contracts';
import { hostError } from '../errors.js';

/**
 * The one pipe. A body or a set of parameters typed with a shape class is validated by it, unknown fields refused; a body without a shape is a
 * mistake of ours and refused, too. It stands for Nest's ValidationPipe, which spends 67 µs where this spends 12 (see validateShape).
 */
@Injectable()
export class ShapePipe implements PipeTransform {
  transform(value: unknown, { type, metatype, data }: ArgumentMetadata): unknown {
    if (type === 'custom') return value;
    if (isShape(metatype)) {
      const result = validateShape(metatype, value ?? (type === 'body' ? value : {}));
      if (result.ok) return result.value;
      if (type === 'body') throw hostError('validation-failed', `${result.errors.length} wrong`, { extensions: { errors: result.errors } });
      const errors = result.errors.map((error) => ({ ...error, in: type === 'param' ? 'path' : 'query' }));
      throw hostError('invalid-parameters', `${errors.length} wrong`, { extensions: { errors } });
    }
    if (type === 'body') throw hostError('body-without-shape', `a body of type ${metatype?.name ?? 'unknown'} has no shape class`);
    return plainParameter(value, type, data);
  }
}

/** A single parameter is a text. Postgres refuses NUL in any text, with an error of its own and late. */
const plainParameter = (value: unknown, type: string, name: string | undefined): unknown => {
  const texts = Array.isArray(value) ? (value as unknown[]) : [value];
  if (texts.some((text) => typeof text === 'string' && text.includes('\0'))) {
    const errors = [
      {
        pointer: `/${name ?? ''}`,
        in: type === 'param' ? 'path' : 'query',
        code: 'no-nul',
        detail: 'has a NUL in it',
        detailZh: '含有空字符',
      },
    ];
    throw hostError('invalid-parameters', 'NUL in a parameter', { extensions: { errors } });
  }
  return value;
};
