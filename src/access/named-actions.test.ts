import { describe, expect, it } from 'vitest';
import { type Action, parseModelId, parsePrincipalId, parseTenantId } from '../core/index.ts';
import { createAuthorizer } from './authorizer.ts';
import { createNamedActions } from './named-actions.ts';

const model = parseModelId('amazon.nova-lite-v1:0');
const caller = { tenant: parseTenantId('demo'), principal: parsePrincipalId('developer') };

function decide(text: string, action: Action) {
  const { decide } = createAuthorizer({
    policies: [{ name: 'main.cedar', text }],
    tenants: [{ name: caller.tenant, principals: [{ name: caller.principal, roles: [] }] }],
    models: [{ id: model, provider: 'bedrock' }],
  });
  return decide({ caller, action, model, uninspected: ['image'] });
}

describe.each(['SendUninspectedMedia', 'SendUninspectedReference'] as const)('%s', (action) => {
  it('is not permitted by a policy about every action', () => {
    const text = 'permit (principal, action, resource);';
    expect(decide(text, action)).toEqual({ allowed: false, policies: [], failed: false });
    expect(decide(text, 'InvokeModel').allowed).toBe(true);
  });

  it.each([
    `action == Sallyport::Action::"${action}"`,
    `action in Sallyport::Action::"${action}"`,
    `action in [Sallyport::Action::"InvokeModel", Sallyport::Action::"${action}"]`,
  ])('is permitted by one with %s', (scope) => {
    expect(decide(`permit (principal, ${scope}, resource);`, action).allowed).toBe(true);
  });

  it('is not permitted by one that names another', () => {
    const text = `permit (principal, action == Sallyport::Action::"InvokeModel", resource);
      permit (principal, action, resource);`;
    expect(decide(text, action).allowed).toBe(false);
  });

  it('is forbidden by a policy about every action', () => {
    const text = `permit (principal, action == Sallyport::Action::"${action}", resource);
      forbid (principal, action, resource);`;
    expect(decide(text, action).allowed).toBe(false);
  });

  it('can be tied to what would be sent', () => {
    const permit = (kind: string) => `permit (principal, action == Sallyport::Action::"${action}", resource)
      when { context has uninspected && ["${kind}"].containsAll(context.uninspected) };`;
    expect(decide(permit('image'), action).allowed).toBe(true);
    expect(decide(permit('video'), action).allowed).toBe(false);
  });
});

describe('an action in the JSON of a policy', () => {
  const type = 'Sallyport::Action';
  const id = 'SendUninspectedMedia';
  const allowed = { allowed: true, policies: ['p'], failed: false };

  it.each([
    ['an entity that says that it is one', { op: '==', entity: { __entity: { type, id } } }, true],
    ['a slot, which names none', { op: '==', slot: '?action' }, false],
  ] as const)('may be %s', (_, action, isNamed) => {
    const any = { op: 'All' } as const;
    const json = { effect: 'permit' as const, principal: any, action, resource: any, conditions: [] };
    const decide = createNamedActions([{ id: 'p', json }]);
    expect(decide(allowed, id).allowed).toBe(isNamed);
  });
});
