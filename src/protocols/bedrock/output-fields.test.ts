import { describe, expect, it } from 'vitest';
import { codeOf } from '../protocol.suite.ts';
import { read } from './wire.suite.ts';

const schema = { type: 'object', properties: { n: { type: 'integer' } } };
const format = { type: 'json_schema', schema };
const textFormat = { type: 'json_schema', structure: { jsonSchema: { schema: '{}' } } };

function converse(output_config: unknown, more: object = {}, fields: object = {}) {
  return read('Converse', 'anthropic.claude-v2:1', {
    messages: [{ role: 'user', content: [{ text: 'hello' }] }],
    additionalModelRequestFields: { output_config, ...fields },
    ...more,
  });
}

describe('`output_config` among the additional fields', () => {
  it('is the form of the answer and the effort, its schema inspected', () => {
    const { request, parts } = converse({ format, effort: 'high' });
    expect(request).toMatchObject({
      inference: { outputFormat: { kind: 'jsonSchema', schema: 1 }, reasoning: { kind: 'effort', effort: 'high' } },
    });
    expect(request).not.toHaveProperty('additionalFields');
    expect(parts[1]).toMatchObject({ kind: 'json', text: JSON.stringify(schema) });
  });

  it('may stand beside thinking and sampling', () => {
    const { request } = converse({ effort: 'low' }, {}, { thinking: { type: 'adaptive' }, top_k: 5 });
    expect(request).toMatchObject({
      inference: { reasoning: { kind: 'adaptive', effort: 'low' } },
      additionalFields: 1,
    });
  });

  it.each([
    ['a format', { format }, { outputConfig: { textFormat } }],
    ['an effort', { effort: 'low' }, { outputConfig: { effort: 'high' } }],
  ])('is refused with %s that Converse has too', (_, output, more) => {
    expect(codeOf(() => converse(output, more))).toBe('unsupported');
  });

  it.each([{ format: { type: 'text' } }, { format: { type: 'json_schema' } }, { effort: 'huge' }, { betas: [] }, null])(
    'is not valid as %j',
    (output) => {
      expect(codeOf(() => converse(output))).toBe('invalidRequest');
    },
  );
});
