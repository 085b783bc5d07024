import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBedrockLog } from './bedrock-log.ts';
import {
  contextOf,
  denied,
  everything,
  exchange,
  exchanges,
  MARK,
  request,
  unanswered,
} from './export-fixture.suite.ts';

describe('an exchange as an entry of the invocation log of Amazon Bedrock', () => {
  it('carries what was sent and what was released', () => {
    expect(toBedrockLog(exchange, contextOf('full', { accountId: '123456789012' }))).toEqual({
      schemaType: 'ModelInvocationLog',
      schemaVersion: '1.0',
      timestamp: '2025-11-24T16:00:00Z',
      accountId: '123456789012',
      identity: { arn: 'arn:sallyport:gateway:eu-central-1:123456789012:principal/acme/claims' },
      region: 'eu-central-1',
      requestId: '915a6a04-3f83-4c70-a277-7fbf7ea546b3',
      operation: 'Converse',
      modelId: 'eu.amazon.nova-lite-v1:0',
      input: {
        inputContentType: 'application/json',
        inputBodyJson: {
          system: [{ text: 'The hotline is +49 30 23125 42 today.' }],
          messages: [{ role: 'user', content: [{ text: 'Is {EMAIL} a customer?' }] }],
        },
        inputTokenCount: 21,
      },
      output: {
        outputContentType: 'application/json',
        outputBodyJson: {
          output: { message: { role: 'assistant', content: [{ text: 'Yes.' }] } },
          stopReason: 'end_turn',
          usage: { inputTokens: 21, outputTokens: 3, totalTokens: 24 },
        },
        outputTokenCount: 3,
      },
      requestMetadata: {
        'sallyport:requestId': '019ab2c4-7d00-7a5c-9f1e-000000000007',
        'sallyport:tenant': 'acme',
        'sallyport:principal': 'claims',
        'sallyport:environment': 'production',
        'sallyport:protocol': 'bedrock/Converse',
        'sallyport:status': 'complete',
        'sallyport:log': 'example.org/log#40',
        'sallyport:leafHash': '11'.repeat(32),
      },
    });
  });

  it('masks what the policy let through, and has no body where none goes out', () => {
    const { input } = toBedrockLog(exchange, contextOf('masked')) ?? {};
    expect(JSON.stringify(input)).toContain('The hotline is {PHONE} today.');
    fc.assert(
      fc.property(exchanges, (any) => {
        const entry = toBedrockLog(any, contextOf('none'));
        expect(JSON.stringify(entry)).not.toContain(MARK);
        expect({ ...entry?.input, ...entry?.output }).not.toHaveProperty('inputBodyJson');
        expect(entry?.output).not.toHaveProperty('outputBodyJson');
      }),
    );
  });

  it('counts what went through the prompt cache, and says how it failed', () => {
    const entry = toBedrockLog(everything, contextOf('none'));
    expect(entry?.input).toEqual({
      inputContentType: 'application/json',
      inputTokenCount: 21,
      cacheReadInputTokenCount: 5,
      cacheWriteInputTokenCount: 7,
    });
    expect(entry?.requestMetadata).toMatchObject({
      'sallyport:status': 'failed',
      'sallyport:code': 'upstreamInterrupted',
    });
  });

  it('has neither account, answer nor counts where the record has none', () => {
    const entry = toBedrockLog(unanswered, contextOf('full'));
    expect(entry).toMatchObject({
      accountId: '',
      identity: { arn: 'arn:sallyport:gateway:eu-central-1::principal/acme/claims' },
      requestId: request.requestId,
      output: { outputContentType: 'application/json' },
    });
    expect(Object.keys(entry?.output ?? {})).toEqual(['outputContentType']);
    expect(Object.keys(entry?.requestMetadata ?? {})).not.toContain('sallyport:status');
  });

  it.each([
    ['bedrock', 'Converse', 'InvokeModel', 'Converse'],
    ['bedrock', 'ConverseStream', 'InvokeModelWithResponseStream', 'ConverseStream'],
    ['bedrock', 'InvokeModel', 'InvokeModel', 'InvokeModel'],
    ['bedrock', 'InvokeModelWithResponseStream', 'InvokeModelWithResponseStream', 'InvokeModelWithResponseStream'],
    ['openai', 'chat.completions', 'InvokeModel', 'Converse'],
    ['openai', 'responses', 'InvokeModelWithResponseStream', 'ConverseStream'],
    ['openai', 'embeddings', 'InvokeModel', 'InvokeModel'],
    ['anthropic', 'messages', 'InvokeModelWithResponseStream', 'ConverseStream'],
  ] as const)('calls %s %s (%s) %s', (protocol, operation, action, name) => {
    const asked = { ...request, protocol, operation, action };
    expect(toBedrockLog({ ...exchange, request: asked }, contextOf('none'))?.operation).toBe(name);
  });

  it('is none where the model was not called or only counted', () => {
    expect(toBedrockLog(denied, contextOf('full'))).toBeUndefined();
    const counted = { ...request, operation: 'CountTokens', action: 'CountTokens' } as const;
    expect(toBedrockLog({ ...exchange, request: counted }, contextOf('full'))).toBeUndefined();
  });
});
