import { describe, expect, it } from 'vitest';
import { hasServiceModel, violations } from '../../../test/vectors/service-model.suite.ts';

const usage = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };
const message = { role: 'assistant', content: [{ text: 'a' }] };
const response = { output: { message }, stopReason: 'end_turn', usage, metrics: { latencyMs: 1 } };
const call = (toolUse: object) => ({ output: { message: { ...message, content: [{ toolUse }] } } });

describe.skipIf(!hasServiceModel)('the validator against the service model', () => {
  it('finds nothing in a right answer', () => {
    expect(violations('ConverseResponse', response)).toEqual([]);
    expect(violations('ResponseStream', { chunk: { bytes: 'e30=' } })).toEqual([]);
  });

  it.each([
    ['a missing member', { usage: undefined }, '$: no usage'],
    ['an unknown member', { extra: 1 }, '$: unknown extra'],
    ['another type', { stopReason: 1 }, '$.stopReason: not a string'],
    ['a value of no enum', { stopReason: 'stop' }, '$.stopReason: not one of its values'],
    ['a number below its minimum', { usage: { ...usage, inputTokens: -1 } }, '$.usage.inputTokens: out of range'],
    ['a fraction', { metrics: { latencyMs: 1.5 } }, '$.metrics.latencyMs: not an integer'],
    ['an array for an object', { output: [] }, '$.output: not an object'],
    [
      'an object for a list',
      { output: { message: { ...message, content: {} } } },
      '$.output.message.content: not a list',
    ],
    ['a union without a member', { output: {} }, '$.output: a union with 0 members'],
    [
      'a string of no pattern',
      call({ toolUseId: 'a b', name: 'n', input: {} }),
      '$.output.message.content[0].toolUse.toolUseId: not of its pattern',
    ],
    [
      'a string that is too long',
      call({ toolUseId: 'a', name: 'n'.repeat(65), input: {} }),
      '$.output.message.content[0].toolUse.name: out of range',
    ],
  ])('finds %s', (_, extra, expected) => {
    expect(violations('ConverseResponse', { ...response, ...extra })).toContain(expected);
  });

  it.each([
    [{ inferenceConfig: { topP: '1' } }, '$.inferenceConfig.topP: not a number'],
    [{ inferenceConfig: { topP: 1.1 } }, '$.inferenceConfig.topP: out of range'],
    [
      { toolConfig: { tools: [{ toolSpec: { strict: 'true' } }] } },
      '$.toolConfig.tools[0].toolSpec.strict: not a boolean',
    ],
    [{ requestMetadata: [] }, '$.requestMetadata: not an object'],
    [{ requestMetadata: {} }, '$.requestMetadata: out of range'],
    [{ requestMetadata: { 'a{': 'b' } }, '$.requestMetadata key: not of its pattern'],
    [{ requestMetadata: { a: 'b{' } }, '$.requestMetadata.a: not of its pattern'],
  ])('finds what is wrong in a request: %j', (request, expected) => {
    expect(violations('ConverseRequest', request)).toContain(expected);
  });

  it('finds what is no base64, or too much of it', () => {
    expect(violations('ResponseStream', { chunk: { bytes: '{}' } })).toEqual(['$.chunk.bytes: not base64']);
    const bytes = Buffer.alloc(1_000_001).toString('base64');
    expect(violations('ResponseStream', { chunk: { bytes } })).toEqual(['$.chunk.bytes: out of range']);
  });
});
