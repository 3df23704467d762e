import { strictProblems } from '../validators.js';
import { validateShape, type ShapeClass } from '../validate-shape.js';
import { RequestExtensionCommand, ReturnCommand } from './department-commands.js';
import { AssignByHand } from './dispatcher-commands.js';
import { shapeSchema, shapeSchemas } from './schemas.js';
import { SubmissionV1 } from './submission.js';

/** The published schema with its references inlined. */
const inlined = (shape: ShapeClass): Record<string, unknown> => {
  const all = shapeSchemas();
  const inline = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(inline);
    if (typeof node !== 'object' || node === null) return node;
    if ('$ref' in node) return inline(all[String(node.$ref).split('/').at(-1) ?? '']);
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, inline(value)]));
  };
  return inline(shapeSchema(shape)) as Record<string, unknown>;
};

const ids = { commandId: '0193a3c2-5c00-7000-8000-00000000000a' };
const submission = { externalId: 'a', appealType: 'help', title: 't', text: 'x' };
const returned = { ...ids, ticketId: ids.commandId, assignment: 1, command: 'return', reason: 'duplicate', grounds: 'x' };
const extension = {
  ...ids,
  ticketId: ids.commandId,
  assignment: 1,
  command: 'request-extension',
  span: { count: 3, unit: 'WD' },
  grounds: 'x',
};
const byHand = { ...ids, decisionVersion: 2, unit: 'chengguan', reason: 'r' };

describe('the published schema of a shape', () => {
  it.each<[ShapeClass, Record<string, unknown>]>([
    [SubmissionV1, submission],
    [SubmissionV1, { ...submission, title: '' }],
    [SubmissionV1, { ...submission, title: '  ' }],
    [SubmissionV1, { ...submission, title: 'x'.repeat(121) }],
    [SubmissionV1, { ...submission, title: '😀'.repeat(120) }],
    [SubmissionV1, { ...submission, more: 1 }],
    [SubmissionV1, { ...submission, appealType: 'gossip' }],
    [SubmissionV1, { ...submission, occurredAt: '2026-11-22T08:00:00+08:00' }],
    [SubmissionV1, { ...submission, occurredAt: 'noon' }],
    [SubmissionV1, { ...submission, place: { adminCode: '510105001' } }],
    [SubmissionV1, { ...submission, place: { adminCode: '5101' } }],
    [SubmissionV1, { ...submission, place: { coordinates: { lon: 1, lat: 91, system: 'WGS-84' } } }],
    [SubmissionV1, { ...submission, place: { coordinates: { lon: 1, lat: 2 } } }],
    [SubmissionV1, { ...submission, contact: { phone: '12345', email: 'a@b' } }],
    [SubmissionV1, { ...submission, contact: { phone: 'none' } }],
    [ReturnCommand, returned],
    [ReturnCommand, { ...returned, assignment: 1.5 }],
    [ReturnCommand, { ...returned, assignment: 0 }],
    [ReturnCommand, { ...returned, command: 'sign' }],
    [ReturnCommand, { ...returned, grounds: undefined }],
    [RequestExtensionCommand, extension],
    [RequestExtensionCommand, { ...extension, span: undefined }],
    [RequestExtensionCommand, { ...extension, span: { count: 3 } }],
    [RequestExtensionCommand, { ...extension, span: { count: 3, unit: 'MIN' } }],
    [RequestExtensionCommand, { ...extension, span: { count: 3, unit: 'WD', more: 1 } }],
    [AssignByHand, byHand],
    [AssignByHand, { ...byHand, coHandlers: ['jiaojing', 'shuiwu'] }],
    [AssignByHand, { ...byHand, coHandlers: ['jiaojing', 'jiaojing'] }],
    [AssignByHand, { ...byHand, coHandlers: ['交警'] }],
    [AssignByHand, { ...byHand, unit: '' }],
    [AssignByHand, { ...byHand, matter: '0101' }],
    [AssignByHand, { ...byHand, matter: '1' }],
  ])('%# and its validator agree', (shape, body) => {
    const sent: unknown = JSON.parse(JSON.stringify(body));
    expect(strictProblems(inlined(shape), sent).length === 0).toBe(validateShape(shape, sent).ok);
  });

  it('names the code systems and limits, for people', () => {
    expect(shapeSchema(ReturnCommand)).toMatchObject({
      title: 'ReturnCommand',
      required: expect.arrayContaining(['command', 'commandId', 'ticketId', 'assignment', 'reason', 'grounds']),
      properties: { assignment: { type: 'integer', minimum: 1 }, commandId: { format: 'uuid' } },
      additionalProperties: false,
    });
    expect(shapeSchema(SubmissionV1, '#/definitions/')).toMatchObject({ properties: { place: { $ref: '#/definitions/PlaceV1' } } });
  });
});
