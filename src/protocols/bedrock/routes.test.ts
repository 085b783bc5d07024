import { describe, expect, it } from 'vitest';
import { codeOf } from '../protocol.suite.ts';
import { matchRoute } from './routes.ts';

describe('Bedrock routes', () => {
  it('are five operations on a model', () => {
    const operations = [
      ['converse', 'Converse'],
      ['converse-stream', 'ConverseStream'],
      ['invoke', 'InvokeModel'],
      ['invoke-with-response-stream', 'InvokeModelWithResponseStream'],
      ['count-tokens', 'CountTokens'],
    ] as const;
    for (const [segment, operation] of operations) {
      expect(matchRoute('POST', `/model/amazon.nova-lite-v1%3A0/${segment}`)).toEqual({
        kind: 'invoke',
        operation,
        model: 'amazon.nova-lite-v1:0',
      });
    }
  });

  it('take the model with its colon raw or escaped, and an ARN as one segment', () => {
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-v2:1';
    expect(matchRoute('POST', '/model/anthropic.claude-v2:1/invoke')).toMatchObject({ model: 'anthropic.claude-v2:1' });
    expect(matchRoute('POST', `/model/${encodeURIComponent(arn)}/converse`)).toMatchObject({ model: arn });
  });

  it('decode the model once', () => {
    expect(matchRoute('POST', '/model/a%252Fb/converse')).toMatchObject({ model: 'a%2Fb' });
  });

  it('are no others', () => {
    const paths = [
      '/',
      '/model',
      '/model/m',
      '/model/m/',
      '/model//converse',
      '/model/m/converse/',
      '/model/a/b/converse',
      '/model/m/invoke-with-bidirectional-stream',
      '/async-invoke',
      '/model/m/constructor',
      '/model/m/Converse',
      '/x/model/m/converse',
      '/guardrail/g/version/one/apply',
      '/guardrail/g/version/1',
      '/guardrail/../version/1/apply',
      '/guardrail-checks',
      '/model/%/converse',
      '/model/%ff/converse',
      '/model/../converse',
      '/model/%2e%2e/converse',
      '/model/a%2F..%2Fb/converse',
      '/model/a%2F%2Fb/converse',
      '/model/./converse',
    ];
    for (const path of paths) expect([path, matchRoute('POST', path)]).toEqual([path, undefined]);
  });

  it('are those of guardrails', () => {
    expect(matchRoute('POST', '/guardrail/abc1/version/DRAFT/apply')).toEqual({
      kind: 'assess',
      operation: 'ApplyGuardrail',
      guardrail: { identifier: 'abc1', version: 'DRAFT' },
    });
    const arn = 'arn:aws:bedrock:us-east-1:111122223333:guardrail/abc1';
    expect(matchRoute('POST', `/guardrail/${encodeURIComponent(arn)}/version/12/apply`)).toMatchObject({
      guardrail: { identifier: arn, version: '12' },
    });
    expect(matchRoute('POST', '/guardrail-checks/invoke')).toEqual({
      kind: 'assess',
      operation: 'InvokeGuardrailChecks',
    });
    expect(codeOf(() => matchRoute('GET', '/guardrail-checks/invoke'))).toBe('methodNotAllowed');
  });

  it('take POST alone', () => {
    for (const method of ['GET', 'PUT', 'post', '']) {
      expect(codeOf(() => matchRoute(method, '/model/m/invoke'))).toBe('methodNotAllowed');
    }
    expect(matchRoute('GET', '/model/m/other')).toBeUndefined();
  });
});
