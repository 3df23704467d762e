import { ValidationTypes, type ValidationArguments } from 'class-validator';
import { detailOf, type FieldError } from './validate-shape-messages.js';
import { planOf, type Check, type Field, type Plan, type ShapeClass } from './validate-shape-plan.js';

export type { FieldError } from './validate-shape-messages.js';
export { isShape, type ShapeClass } from './validate-shape-plan.js';

export type ShapeResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errors: readonly FieldError[] };

/** A body of 1 MiB can hold 100,000 wrong items; the answer names the first ones. */
export const MAX_FIELD_ERRORS = 100;

/**
 * Compiles the class and the classes inside it now, so that a shape that cannot be validated faithfully fails at start and not at the first
 * message. Gives all of them, the class itself first.
 * @throws Error naming class and property.
 */
export const assertShape = (Class: ShapeClass): readonly ShapeClass[] => {
  const seen = new Set<Plan>();
  const walk = (plan: Plan): void => {
    if (seen.has(plan)) return;
    seen.add(plan);
    for (const field of plan.fields) if (field.nested) walk(field.nested.plan());
  };
  walk(planOf(Class));
  return [...seen].map((plan) => plan.Class);
};

/**
 * Validates a parsed JSON value against a shape class and gives an instance of it: the same for an HTTP body and a Kafka message.
 *
 * Agrees with class-transformer's `plainToInstance` followed by class-validator's `validate` with `whitelist` and `forbidNonWhitelisted`,
 * except that it is stricter where class-validator lets pass what the published JSON Schema forbids: a required nested object that is
 * missing or null, null inside an array of objects, one value in place of an array and the reverse.
 */
export const validateShape = <T extends object>(Class: ShapeClass<T>, plain: unknown): ShapeResult<T> => {
  const errors: FieldError[] = [];
  const plan = planOf(Class);
  if (!isRecord(plain)) return { ok: false, errors: [fieldError('', 'isObject')] };
  const value = instantiate(plan, plain, '', errors) as T;
  check(plan, value, '', errors);
  return errors.length === 0 ? { ok: true, value } : { ok: false, errors: errors.slice(0, MAX_FIELD_ERRORS) };
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function instantiate(plan: Plan, plain: Record<string, unknown>, path: string, errors: FieldError[]): object {
  const instance = new plan.Class() as Record<string, unknown>;
  for (const key of Object.keys(plain)) {
    const field = plan.byName.get(key);
    if (field === undefined) {
      if (errors.length < MAX_FIELD_ERRORS) errors.push(fieldError(pointer(path, key), ValidationTypes.WHITELIST));
      continue;
    }
    let value = plain[key];
    for (const convert of field.convert) value = convert(value, plain);
    const nested = field.nested;
    if (nested !== undefined) {
      const at = pointer(path, key);
      if (!nested.each) {
        if (isRecord(value)) value = instantiate(nested.plan(), value, at, errors);
      } else if (Array.isArray(value)) {
        value = value.map((item, i) => (isRecord(item) ? instantiate(nested.plan(), item, `${at}/${i}`, errors) : (item as unknown)));
      }
    }
    instance[key] = value;
  }
  return instance;
}

function check(plan: Plan, instance: object, path: string, errors: FieldError[]): void {
  for (const field of plan.fields) {
    if (errors.length >= MAX_FIELD_ERRORS) return;
    const value = (instance as Record<string, unknown>)[field.name];
    if (!applies(field, instance, value)) continue;
    // One object for all rules of a field: allocating it per rule, with `constructor.name` in it, was a sixth of the time.
    const args: ValidationArguments = { targetName: plan.name, property: field.name, object: instance, value, constraints: [] };
    let failed: Check[] | undefined;
    for (const rule of field.checks) if (!passes(rule, args)) (failed ??= []).push(rule);
    if (failed !== undefined) report(failed, args, pointer(path, field.name), errors);
    else if (field.nested !== undefined) checkNested(field.nested, value, pointer(path, field.name), errors);
  }
}

function applies(field: Field, instance: object, value: unknown): boolean {
  for (const condition of field.conditions) if (!condition(instance, value)) return false;
  return true;
}

function passes(rule: Check, args: ValidationArguments): boolean {
  if (rule.onlyIf !== undefined && !rule.onlyIf(args.object, args.value)) return true;
  args.constraints = rule.constraints;
  if (!rule.each) return Boolean(rule.holds(args.value, args));
  return Array.isArray(args.value) && args.value.every((item) => rule.holds(item, args));
}

function checkNested(nested: NonNullable<Field['nested']>, value: unknown, at: string, errors: FieldError[]): void {
  const plan = nested.plan();
  if (value === undefined || value === null) {
    errors.push(fieldError(at, 'isDefined'));
  } else if (!nested.each) {
    if (value instanceof plan.Class) check(plan, value, at, errors);
    else errors.push(fieldError(at, 'isObject'));
  } else if (!Array.isArray(value)) {
    errors.push(fieldError(at, 'isArray'));
  } else {
    for (let i = 0; i < value.length && errors.length < MAX_FIELD_ERRORS; i++) {
      const item: unknown = value[i];
      if (item instanceof plan.Class) check(plan, item, `${at}/${i}`, errors);
      else errors.push(fieldError(`${at}/${i}`, 'isObject'));
    }
  }
}

const TYPE_CHECKS: ReadonlySet<string> = new Set([
  'isString',
  'isInt',
  'isNumber',
  'isBoolean',
  'isArray',
  'isObject',
  'isDate',
  'isEnum',
  'isIn',
]);

/** One missing field is one error, not one per decorator; so is a value of the wrong type. */
function report(failed: readonly Check[], args: ValidationArguments, at: string, errors: FieldError[]): void {
  if (args.value === undefined || args.value === null) {
    errors.push(fieldError(at, 'isDefined'));
    return;
  }
  const wrongType = failed.find((rule) => TYPE_CHECKS.has(rule.name) && !rule.each);
  for (const rule of wrongType === undefined ? failed : [wrongType]) {
    args.constraints = rule.constraints;
    const message = rule.message ?? rule.defaultMessage?.(args);
    const text = typeof message === 'function' ? message(args) : message;
    errors.push(fieldError(at, rule.name, { property: args.property, constraints: rule.constraints, text, context: rule.context }));
  }
}

const fieldError = (at: string, name: string, from: Parameters<typeof detailOf>[1] = {}): FieldError => ({
  pointer: at,
  ...detailOf(name, from),
});

/** RFC 6901; a stranger's key can be as long as the body, so it is cut. */
const pointer = (path: string, key: string): string => {
  const part = key.length > 64 ? `${key.slice(0, 64)}…` : key;
  return `${path}/${part.includes('~') || part.includes('/') ? part.replaceAll('~', '~0').replaceAll('/', '~1') : part}`;
};
