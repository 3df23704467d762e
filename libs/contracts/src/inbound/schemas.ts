import { targetConstructorToSchema } from 'class-validator-jsonschema';
import { transformer } from '../validate-shape-plan.js';
import { assertShape, type ShapeClass } from '../validate-shape.js';
import { RatingV1, TrackedRatingV1, TrackingV1 } from './citizen.js';
import { DEPARTMENT_COMMAND_SHAPES, SpanV1 } from './department-commands.js';
import {
  AcceptReturn,
  AssignByHand,
  AssignManyByHand,
  ClaimTicket,
  DecideExtension,
  LinkTicket,
  OneOfManyV1,
  Reassign,
  RefuseReturn,
  UndoAssignment,
  UnlinkTicket,
} from './dispatcher-commands.js';
import { ExplainRouting } from './explain-routing.js';
import { RULE_SCHEMAS } from './fields.js';
import { PublishRuleSet, SubmitRuleSet } from './publish-rule-set.js';
import { InBothV1, RuleConditionsV1, RuleEffectsV1, RuleExceptionsV1, RuleSetV1, RuleTimeV1, RuleV1, RuleWordsV1 } from './rule-set.js';
import { SimulateRouting } from './simulate-routing.js';
import { ContactV1, CoordinatesV1, PlaceV1, SubmissionV1 } from './submission.js';

type JsonSchema = Readonly<Record<string, unknown>>;

/** Every class that people and adapters send, and the classes inside them. */
export const SHAPES: readonly ShapeClass[] = [
  SubmissionV1,
  PlaceV1,
  CoordinatesV1,
  ContactV1,
  ...Object.values(DEPARTMENT_COMMAND_SHAPES),
  SpanV1,
  AssignByHand,
  AssignManyByHand,
  OneOfManyV1,
  Reassign,
  AcceptReturn,
  RefuseReturn,
  ClaimTicket,
  UndoAssignment,
  LinkTicket,
  UnlinkTicket,
  DecideExtension,
  ExplainRouting,
  SimulateRouting,
  TrackingV1,
  RatingV1,
  TrackedRatingV1,
  SubmitRuleSet,
  PublishRuleSet,
  RuleSetV1,
  RuleV1,
  RuleConditionsV1,
  RuleExceptionsV1,
  RuleEffectsV1,
  RuleWordsV1,
  RuleTimeV1,
  InBothV1,
];

/**
 * The JSON Schema of a shape class, generated from its validators. Nested classes are references: `<refPrefix>PlaceV1`.
 */
export const shapeSchema = (shape: ShapeClass, refPrefix = '#/components/schemas/'): JsonSchema => {
  assertShape(shape);
  return {
    title: shape.name,
    ...(targetConstructorToSchema(shape, {
      refPointerPrefix: refPrefix,
      additionalConverters: { ...RULE_SCHEMAS },
      // Of an array the compiler records that it is one, and not of what.
      classTransformerMetadataStorage: transformer as never,
    }) as JsonSchema),
    additionalProperties: false,
  };
};

/** JSON Schemas of all shapes by class name: `components.schemas` of the OpenAPI and AsyncAPI documents alike. */
export const shapeSchemas = (refPrefix?: string): Record<string, JsonSchema> =>
  Object.fromEntries(SHAPES.map((shape) => [shape.name, shapeSchema(shape, refPrefix)]));
