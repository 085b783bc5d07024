import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnswerEvent, Part } from '../../core/index.ts';
import {
  answered,
  contextOf,
  denied,
  everything,
  exchange,
  exchanges,
  MARK,
  request,
  unanswered,
} from './export-fixture.suite.ts';
import { toOcsf } from './ocsf.ts';

describe('an exchange as an event of OCSF', () => {
  it('is API Activity with all that the class requires', () => {
    expect(toOcsf(exchange, contextOf('full', { accountId: '123456789012' }))).toEqual({
      metadata: {
        version: '1.8.0',
        profiles: ['ai_operation'],
        product: { name: 'Sallyport', vendor_name: 'Sallyport' },
        uid: request.requestId,
        sequence: 40,
        log_name: 'example.org/log',
        tenant_uid: 'acme',
        tags: [
          { name: 'environment', value: 'production' },
          { name: 'region', value: 'eu-central-1' },
        ],
      },
      category_uid: 6,
      category_name: 'Application Activity',
      class_uid: 6003,
      class_name: 'API Activity',
      activity_id: 99,
      activity_name: 'InvokeModel',
      type_uid: 600_399,
      type_name: 'API Activity: Other',
      time: 1_764_000_000_000,
      start_time: 1_764_000_000_000,
      end_time: 1_764_000_000_640,
      duration: 640,
      severity_id: 2,
      severity: 'Low',
      status_id: 1,
      status: 'Success',
      status_code: 'complete',
      status_detail: 'complete',
      actor: { user: { name: 'claims', uid: 'acme/claims', credential_uid: 'k1', org: { uid: 'acme' } } },
      api: {
        operation: 'Converse',
        service: { name: 'bedrock' },
        request: {
          uid: request.requestId,
          data: { prompt_text: 'The hotline is +49 30 23125 42 today.\nIs {EMAIL} a customer?' },
        },
        response: { data: { response_text: 'Yes.' } },
      },
      src_endpoint: { name: 'unknown', type_id: 0 },
      ai_model: { name: 'amazon.nova-lite-v1:0', uid: 'amazon.nova-lite-v1:0', ai_provider: 'bedrock' },
      message_context: {
        uid: request.requestId,
        ai_role_id: 2,
        ai_role: 'Assistant',
        application: { name: 'claims', uid: 'acme/claims' },
        service: { name: 'bedrock' },
        prompt_tokens: 21,
        completion_tokens: 3,
        total_tokens: 24,
      },
      resources: [
        {
          uid: 'amazon.nova-lite-v1:0',
          name: 'amazon.nova-lite-v1:0',
          type: 'AI Model',
          role_id: 1,
          role: 'Target',
          owner: { account: { uid: '123456789012', type_id: 10, type: 'AWS Account' } },
        },
      ],
      unmapped: {
        body: 'full',
        decision: 'rewrite',
        sent: true,
        stages: request.stages,
        policy_version: 'p1',
        credential_kind: 'apiKey',
        request_findings: { PHONE: 1, EMAIL: 1 },
        response_findings: {},
        stop_reason: 'endTurn',
        provider_request_id: '915a6a04-3f83-4c70-a277-7fbf7ea546b3',
        bytes_sent: 412,
        record_integrity: {
          attestation_list: [
            {
              uid: '40',
              chain_uid: 'example.org/log',
              fingerprint: { algorithm_id: 3, algorithm: 'SHA-256', value: '11'.repeat(32) },
            },
            {
              uid: '41',
              chain_uid: 'example.org/log',
              fingerprint: { algorithm_id: 3, algorithm: 'SHA-256', value: '22'.repeat(32) },
            },
          ],
        },
      },
    });
  });

  it('says how an exchange failed', () => {
    expect(toOcsf(everything, contextOf('none'))).toMatchObject({
      status_id: 2,
      status: 'Failure',
      status_code: 'upstreamInterrupted',
      status_detail: 'failed',
      api: {
        response: {
          code: 502,
          error: 'upstreamInterrupted',
          error_message: 'The model provider broke off its answer.',
        },
      },
      message_context: { prompt_tokens: 33, completion_tokens: 3, total_tokens: 36 },
    });
  });

  it('is of unknown outcome while it is under way', () => {
    const event = toOcsf(unanswered, contextOf('full'));
    expect(event).toMatchObject({ status_id: 0, status: 'Unknown' });
    expect(event).not.toHaveProperty('end_time');
    expect(event).not.toHaveProperty('status_code');
    expect(event.api).not.toHaveProperty('response');
    expect(event.message_context).not.toHaveProperty('prompt_tokens');
    expect(event.unmapped).toHaveProperty('record_integrity.attestation_list.length', 1);
    expect(event.resources[0]).not.toHaveProperty('owner');
  });

  it('is graver where something was found, and where it was blocked', () => {
    const quiet = { ...exchange, request: { ...request, findingCounts: {} } };
    const severityOf = (any: typeof exchange) => toOcsf(any, contextOf('none')).severity_id;
    expect([quiet, exchange, everything, denied].map(severityOf)).toEqual([1, 2, 2, 3]);
    expect(severityOf({ ...quiet, response: everything.response })).toBe(2);
  });

  it('counts no time backwards, and leaves out what a response does not say', () => {
    const { stop: _, providerRequestId: _id, ...bare } = { ...exchange.response };
    const event = toOcsf({ ...exchange, response: { ...bare, time: 5 } as never }, contextOf('none'));
    expect(event.duration).toBe(0);
    expect(event.unmapped).not.toHaveProperty('stop_reason');
    expect(event.unmapped).not.toHaveProperty('provider_request_id');
  });

  it('calls counting a reading', () => {
    const counted = { ...request, operation: 'messages.count_tokens', action: 'CountTokens' } as const;
    expect(toOcsf({ ...exchange, request: counted }, contextOf('none'))).toMatchObject({
      activity_id: 2,
      activity_name: 'Read',
      type_uid: 600_302,
      type_name: 'API Activity: Read',
    });
  });

  it('has what the model was told as the prompt, and all choices and arguments as the response', () => {
    const partOf = (origin: Part['origin'], text: string, kind: Part['kind'] = 'text') =>
      ({ kind, origin, path: '', text }) as const;
    const original = [
      partOf('toolDefinition', 'd'),
      partOf('user', 'u'),
      partOf('toolCall', 't1', 'identifier'),
      partOf('toolCall', '{}', 'json'),
      partOf('toolResult', 'r'),
      partOf('parameter', 'p'),
      partOf('metadata', 'm'),
    ];
    const { rewritten: _, ...asked } = { ...request, original };
    const released: AnswerEvent[] = [
      ...answered,
      { kind: 'choice', choice: 1 },
      { kind: 'blockStart', index: 0, block: { kind: 'toolUse', id: 't', name: 'n' } },
      { kind: 'delta', index: 0, text: '{"a":1}' },
    ];
    const event = toOcsf(
      { ...exchange, request: asked, response: { ...exchange.response, released } as never },
      contextOf('full'),
    );
    expect(event.api).toMatchObject({
      request: { data: { prompt_text: 'u\n{}\nr' } },
      response: { data: { response_text: 'Yes.\n{"a":1}' } },
    });
  });

  it('masks what the policy let through', () => {
    const event = toOcsf(exchange, contextOf('masked'));
    expect(event.api).toMatchObject({
      request: { data: { prompt_text: 'The hotline is {PHONE} today.\nIs {EMAIL} a customer?' } },
    });
  });

  it('holds no content where no body goes out', () => {
    fc.assert(
      fc.property(exchanges, (any) => {
        const event = toOcsf(any, contextOf('none'));
        expect(JSON.stringify(event)).not.toContain(MARK);
        expect(JSON.stringify(event)).not.toMatch(/_text/);
      }),
    );
  });
});
