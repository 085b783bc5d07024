import { describe, expect, it } from 'vitest';
import {
  type ContentAction,
  type ContentPolicy,
  createRequestId,
  type Exchange,
  type FindingType,
  findingTypes,
  inspect,
  type PartIndex,
  type PartKind,
  parseModelId,
  parsePrincipalId,
  parseTenantId,
} from '../core/index.ts';
import { detectors, scanPart } from '../detectors/index.ts';
import { maskStage } from './mask-stage.ts';

function policyOf(input: Partial<Record<FindingType, ContentAction>> = {}): ContentPolicy {
  const actions = Object.fromEntries(findingTypes.map((type) => [type, 'mask'])) as Record<FindingType, ContentAction>;
  return {
    input: { ...actions, ...input },
    output: actions,
    blockedInputMessage: 'in',
    blockedOutputMessage: 'out',
  };
}

/** An exchange with the findings of the real detectors. */
function exchangeOf(...texts: readonly (readonly [PartKind, string])[]): Exchange {
  const parts = texts.map(([kind, text], index) => ({ kind, origin: 'user', path: `/${index}`, text }) as const);
  return {
    id: createRequestId(0, new Uint8Array(10)),
    caller: {
      tenant: parseTenantId('acme'),
      principal: parsePrincipalId('app'),
      credentialId: 'k1',
      credentialKind: 'apiKey',
    },
    protocol: 'openai',
    operation: 'embeddings',
    action: 'InvokeModel',
    model: { id: parseModelId('m'), provider: 'p', providerModelId: 'm' },
    request: { kind: 'embedding', inputs: [] },
    parts,
    findings: parts.flatMap((part, index) =>
      scanPart(Object.values(detectors), part).map((span) => ({ ...span, part: index as PartIndex })),
    ),
  };
}

describe('the mask stage', () => {
  it('rewrites the parts in which something was found and leaves the others the very same objects', async () => {
    const exchange = exchangeOf(
      ['text', 'hello'],
      ['text', 'write to jane.doe@example.com'],
      ['json', '{"to":"jane.doe@example.com"}'],
    );
    const decision = await inspect([maskStage(policyOf())], exchange);
    expect(decision.kind).toBe('allow');
    expect(decision.exchange.parts.map(({ text }) => text)).toEqual(['hello', 'write to {EMAIL}', '{"to":"{EMAIL}"}']);
    expect(decision.exchange.parts[0]).toBe(exchange.parts[0]);
    expect(decision.exchange.parts[1]).toEqual({ ...exchange.parts[1], text: 'write to {EMAIL}' });
  });

  it('passes where nothing was found that the policy masks', async () => {
    const exchange = exchangeOf(['text', 'write to jane.doe@example.com']);
    const decision = await inspect([maskStage(policyOf({ EMAIL: 'allow' }))], exchange);
    expect(decision).toMatchObject({ kind: 'allow', stages: [{ decision: 'pass' }] });
    expect(decision.exchange.parts).toBe(exchange.parts);
  });

  it('masks only what the policy masks', async () => {
    const exchange = exchangeOf(['text', 'jane.doe@example.com paid with 4111111111111111']);
    const { exchange: after } = await inspect([maskStage(policyOf({ EMAIL: 'allow' }))], exchange);
    expect(after.parts[0]?.text).toBe('jane.doe@example.com paid with {CREDIT_DEBIT_CARD_NUMBER}');
  });

  it.each([
    ['an identifier', 'identifier', 'jane.doe@example.com', 'EMAIL'],
    ['a JSON number', 'json', '{"card":4111111111111111}', 'CREDIT_DEBIT_CARD_NUMBER'],
    ['two keys of one object', 'json', '{"jane@example.com":1,"john@example.com":2}', 'EMAIL'],
  ] as const)('blocks what it finds in %s', async (_name, kind, text, type) => {
    const decision = await inspect([maskStage(policyOf())], exchangeOf(['text', 'a'], [kind, text]));
    expect(decision).toMatchObject({ kind: 'deny', blocked: { types: [type], message: 'in' } });
  });
});
