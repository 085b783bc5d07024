import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AccessRequest,
  type Action,
  type FindingType,
  parseModelId,
  parsePrincipalId,
  parseTenantId,
} from '../core/index.ts';
import { type AuthorizerOptions, createAuthorizer } from './authorizer.ts';

const models = [
  { id: parseModelId('amazon.nova-lite-v1:0'), provider: 'bedrock', family: 'nova' },
  { id: parseModelId('anthropic.claude-sonnet-4-5-20250929-v1:0'), provider: 'bedrock' },
  { id: parseModelId('amazon.titan-text-express-v1'), provider: 'simulator', family: 'titan' },
  { id: parseModelId('amazon.titan-embed-text-v2:0'), provider: 'simulator', family: 'titan' },
];
const tenants = [
  tenant('demo', { developer: ['developer'], titanOnly: [] }),
  tenant('acme', { developer: ['developer'], auditor: ['auditor', 'developer'] }),
];
const actions: readonly Action[] = ['InvokeModel', 'InvokeModelWithResponseStream', 'ListModels'];

function tenant(name: string, principals: Readonly<Record<string, readonly string[]>>) {
  return {
    name: parseTenantId(name),
    principals: Object.entries(principals).map(([principal, roles]) => ({ name: parsePrincipalId(principal), roles })),
  };
}

function authorizer(text: string, rest: Partial<AuthorizerOptions> = {}) {
  return createAuthorizer({ policies: [{ name: 'main.cedar', text }], tenants, models, ...rest });
}

function question(who: string, model: string, rest: Partial<AccessRequest> = {}): AccessRequest {
  const [tenantName = '', principal = ''] = who.split('/');
  return {
    caller: { tenant: parseTenantId(tenantName), principal: parsePrincipalId(principal) },
    action: 'InvokeModel',
    model: parseModelId(model),
    ...rest,
  };
}

const NOVA = 'amazon.nova-lite-v1:0';
const CLAUDE = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const PERMIT_ALL = '@id("all") permit (principal, action, resource);';

describe('the authorizer', () => {
  it('denies everything where there is no policy', () => {
    for (const text of ['', '// nothing yet']) {
      expect(authorizer(text).decide(question('demo/developer', NOVA))).toEqual({
        allowed: false,
        policies: [],
        failed: false,
      });
    }
  });

  it('names the policies that permit, sorted', () => {
    const { decide } = authorizer(`@id("b") permit (principal, action, resource);
      @id("a") permit (principal in Sallyport::Tenant::"demo", action, resource);
      @id("c") permit (principal in Sallyport::Tenant::"acme", action, resource);`);
    expect(decide(question('demo/developer', NOVA))).toEqual({ allowed: true, policies: ['a', 'b'], failed: false });
  });

  it('lets a forbid win and names it', () => {
    const { decide } = authorizer(`${PERMIT_ALL}
      @id("no-claude") forbid (principal, action, resource) when { resource.id like "anthropic.*" };`);
    expect(decide(question('demo/developer', CLAUDE))).toEqual({
      allowed: false,
      policies: ['no-claude'],
      failed: false,
    });
    expect(decide(question('demo/developer', NOVA)).allowed).toBe(true);
  });

  it('knows roles, providers and families', () => {
    const { decide } = authorizer(`permit (principal, action, resource)
      when { principal.roles.contains("auditor") && resource has family && resource.family == "nova" };
      permit (principal, action == Sallyport::Action::"ListModels", resource)
      when { principal.name == "titanOnly" && resource.provider == "bedrock" };`);
    const listing = { action: 'ListModels' } as const;
    expect(decide(question('acme/auditor', NOVA)).allowed).toBe(true);
    expect(decide(question('acme/auditor', CLAUDE)).allowed).toBe(false);
    expect(decide(question('acme/developer', NOVA)).allowed).toBe(false);
    expect(decide(question('demo/titanOnly', CLAUDE, listing)).allowed).toBe(true);
    expect(decide(question('demo/titanOnly', 'amazon.titan-text-express-v1', listing)).allowed).toBe(false);
  });

  it('holds one principal to exactly two models, for every action', () => {
    const { decide } = authorizer(`permit (principal == Sallyport::Principal::"demo/titanOnly", action, resource)
      when { [Sallyport::Model::"amazon.titan-text-express-v1", Sallyport::Model::"amazon.titan-embed-text-v2:0"]
        .contains(resource) };`);
    for (const action of actions) {
      const allowed = models.filter(({ id }) => decide(question('demo/titanOnly', id, { action })).allowed);
      expect(allowed.map(({ id }) => id)).toEqual(['amazon.titan-text-express-v1', 'amazon.titan-embed-text-v2:0']);
    }
  });

  it('permits one action and not the others', () => {
    const { decide } = authorizer('permit (principal, action == Sallyport::Action::"InvokeModel", resource);');
    const allowed = actions.filter((action) => decide(question('demo/developer', NOVA, { action })).allowed);
    expect(allowed).toEqual(['InvokeModel']);
  });

  it('decides about guardrails as about models, and about exact assessments by policies that name them', () => {
    const named = '@id("exact") permit (principal, action == Sallyport::Action::"ReadExactAssessment", resource);';
    const guardrails = [{ id: 'abc' }];
    const asking = (policies: string) =>
      createAuthorizer({ policies: [{ name: 'main.cedar', text: policies }], tenants, models, guardrails });
    const caller = { tenant: parseTenantId('demo'), principal: parsePrincipalId('developer') };
    const all = asking(PERMIT_ALL);
    expect(all.decideAssessment({ caller, action: 'ApplyGuardrail', guardrail: 'abc' }).allowed).toBe(true);
    expect(all.decideAssessment({ caller, action: 'InvokeGuardrailChecks' }).allowed).toBe(true);
    expect(all.decideAssessment({ caller, action: 'ReadExactAssessment', guardrail: 'abc' }).allowed).toBe(false);
    expect(all.decideAssessment({ caller, action: 'ApplyGuardrail', guardrail: 'other' }).allowed).toBe(false);
    const nobody = { ...caller, principal: parsePrincipalId('nobody') };
    expect(all.decideAssessment({ caller: nobody, action: 'InvokeGuardrailChecks' }).allowed).toBe(false);
    expect(asking(named).decideAssessment({ caller, action: 'ReadExactAssessment', guardrail: 'abc' })).toMatchObject({
      allowed: true,
      policies: ['exact'],
    });
    const one = asking('permit (principal, action, resource == Sallyport::Model::"guardrail/abc");');
    expect(one.decideAssessment({ caller, action: 'ApplyGuardrail', guardrail: 'abc' }).allowed).toBe(true);
    expect(one.decideAssessment({ caller, action: 'InvokeGuardrailChecks' }).allowed).toBe(false);
  });

  it('is not made of policies that do not fit the schema', () => {
    expect(() => authorizer('forbid (principal, action, resource) when { principal.nmae == "x" };')).toThrow(
      /^main\.cedar:1:45: policy `main\.cedar#0`: attribute `nmae`/,
    );
  });

  it('denies a principal, a tenant and a model that are not configured, though a policy permits all', () => {
    const { decide } = authorizer(PERMIT_ALL);
    const denied = { allowed: false, policies: [], failed: false };
    expect(decide(question('demo/nobody', NOVA))).toEqual(denied);
    expect(decide(question('nowhere/developer', NOVA))).toEqual(denied);
    expect(decide(question('demo/developer', 'amazon.nova-pro-v1:0'))).toEqual(denied);
    expect(decide(question('demo/developer', NOVA)).allowed).toBe(true);
  });

  it('denies, and says so, when a policy fails to evaluate, whatever the others permit', () => {
    const { decide } = authorizer(`${PERMIT_ALL}
      @id("overflow") forbid (principal, action, resource)
      when { 9223372036854775807 + (if resource.provider == "bedrock" then 1 else 0) == 0 };`);
    expect(decide(question('demo/developer', NOVA))).toEqual({ allowed: false, policies: ['overflow'], failed: true });
    expect(decide(question('demo/developer', 'amazon.titan-text-express-v1')).allowed).toBe(true);
  });

  it('denies, and says so, a question that does not fit the schema', () => {
    const action: Action = JSON.parse('"DeleteEverything"');
    expect(authorizer(PERMIT_ALL).decide(question('demo/developer', NOVA, { action }))).toEqual({
      allowed: false,
      policies: [],
      failed: true,
    });
  });
});

describe('a decision on content', () => {
  const { decide } = authorizer(`${PERMIT_ALL}
    @id("no-ssn") forbid (principal, action, resource)
    when { context has remaining && context.remaining.contains("US_SOCIAL_SECURITY_NUMBER") };
    @id("no-keys") forbid (principal, action, resource)
    when { context has found && context.found.containsAny(["AWS_ACCESS_KEY", "AWS_SECRET_KEY"]) };`);
  const ask = (found: readonly FindingType[], remaining: readonly FindingType[]) =>
    decide(question('demo/developer', NOVA, { content: { found, remaining } }));

  it('is not made before the content is known', () => {
    expect(decide(question('demo/developer', NOVA)).allowed).toBe(true);
  });

  it('tells what was found from what remains', () => {
    expect(ask([], []).allowed).toBe(true);
    expect(ask(['US_SOCIAL_SECURITY_NUMBER'], []).allowed).toBe(true);
    expect(ask(['US_SOCIAL_SECURITY_NUMBER'], ['US_SOCIAL_SECURITY_NUMBER']).policies).toEqual(['no-ssn']);
    expect(ask(['EMAIL', 'AWS_ACCESS_KEY'], []).policies).toEqual(['no-keys']);
  });

  it('does not depend on order or repetition', () => {
    expect(ask(['AWS_ACCESS_KEY', 'EMAIL', 'AWS_ACCESS_KEY'], [])).toBe(ask(['EMAIL', 'AWS_ACCESS_KEY'], []));
  });

  it('is kept apart from one without content, also where nothing was found', () => {
    const strict = authorizer('permit (principal, action, resource) unless { context has found };');
    expect(strict.decide(question('demo/developer', NOVA)).allowed).toBe(true);
    expect(strict.decide(question('demo/developer', NOVA, { content: { found: [], remaining: [] } })).allowed).toBe(
      false,
    );
    expect(strict.decide(question('demo/developer', NOVA)).allowed).toBe(true);
  });
});

describe('tenants', () => {
  it('have principals of the same name that are not the same', () => {
    const { decide } = authorizer('permit (principal == Sallyport::Principal::"demo/developer", action, resource);');
    expect(decide(question('demo/developer', NOVA)).allowed).toBe(true);
    expect(decide(question('acme/developer', NOVA)).allowed).toBe(false);
  });

  it('never gain from what a policy grants to another', () => {
    const { decide } = authorizer('permit (principal in Sallyport::Tenant::"acme", action, resource);');
    const names = fc.constantFrom('demo/developer', 'demo/titanOnly', 'acme/developer', 'acme/auditor');
    fc.assert(
      fc.property(names, fc.constantFrom(...models), fc.constantFrom(...actions), (who, { id }, action) => {
        expect(decide(question(who, id, { action })).allowed).toBe(who.startsWith('acme/'));
      }),
    );
  });
});

describe('the version of an authorizer', () => {
  const { version } = authorizer(PERMIT_ALL);

  it('is the same for the same policies and entities, in whatever order', () => {
    const two = '@id("two") forbid (principal, action, resource) when { principal.name == "titanOnly" };';
    const there = authorizer(`${PERMIT_ALL}\n${two}`);
    const back = authorizer(`${two}\n${PERMIT_ALL}`, {
      tenants: [...tenants].reverse(),
      models: [...models].reverse(),
    });
    expect(version).toMatch(/^[0-9a-f]{64}$/);
    expect(authorizer(PERMIT_ALL).version).toBe(version);
    expect(back.version).toBe(there.version);
  });

  it('changes with a policy, a role, a principal and a model', () => {
    const others = [
      authorizer(PERMIT_ALL.replace('all', 'most')),
      authorizer(PERMIT_ALL, { tenants: [tenant('demo', { developer: ['admin'], titanOnly: [] })] }),
      authorizer(PERMIT_ALL, { tenants: [tenant('demo', { developer: ['developer'] })] }),
      authorizer(PERMIT_ALL, { models: models.slice(1) }),
    ].map((other) => other.version);
    expect(new Set([version, ...others]).size).toBe(5);
  });

  it('keeps authorizers with the same policy ids apart', () => {
    const open = authorizer(PERMIT_ALL);
    const closed = authorizer('@id("all") forbid (principal, action, resource);');
    expect(open.decide(question('demo/developer', NOVA)).allowed).toBe(true);
    expect(closed.decide(question('demo/developer', NOVA)).allowed).toBe(false);
    expect(open.decide(question('demo/developer', CLAUDE)).allowed).toBe(true);
  });
});
