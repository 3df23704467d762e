import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { asyncApi } from './asyncapi.js';
import { readSamples } from './samples.js';

type Json = Record<string, unknown>;

// The specification's own schema; the parser of the same project pulls in 169 packages and an install script.
const official = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('@asyncapi/specs/schemas/3.0.0.json'), 'utf8')) as Json;
// It embeds draft-07 itself, so Ajv must not bring its own.
const ajv = new Ajv({ meta: false, validateSchema: false, strict: false, logger: false });
formats.default(ajv);
const isAsyncApi = ajv.compile(official);

const document = (): Json => structuredClone(asyncApi(readSamples())) as Json;

describe('the AsyncAPI document', () => {
  it('is one by the schema of the specification', () => {
    isAsyncApi(document());
    expect(isAsyncApi.errors ?? []).toEqual([]);
  });

  it.each<[string, (broken: Json) => void]>([
    [
      'an unknown action',
      (broken) => Object.assign((broken['operations'] as Record<string, Json>)['intake.send.tickets'] ?? {}, { action: 'shout' }),
    ],
    ['an unknown member', (broken) => Object.assign((broken['channels'] as Record<string, Json>)['tickets'] ?? {}, { adress: 'x' })],
    ['no version', (broken) => delete (broken['info'] as Json)['version']],
  ])('would not be one with %s', (_, spoil) => {
    const broken = document();
    spoil(broken);
    expect(isAsyncApi(broken)).toBe(false);
  });
});
