import { describe, expect, it } from 'vitest';
import { PolicyError } from './policy-error.ts';
import { readPolicySets } from './policy-sets.ts';

function setsOf(...texts: readonly string[]) {
  const { models, reading } = readPolicySets(texts.map((text, index) => ({ name: `${index}.cedar`, text })));
  return { models: models.map(({ id }) => id), reading: reading.map(({ id }) => id) };
}

function problemsOf(...texts: readonly string[]): readonly string[] {
  try {
    setsOf(...texts);
  } catch (error) {
    if (error instanceof PolicyError) return error.problems;
    throw error;
  }
  return [];
}

const READ = 'action == Sallyport::Action::"ReadAuditBody"';

describe('policies', () => {
  it.each([
    READ,
    'action == Sallyport::Action::"ReadAuditBodyUnmasked"',
    'action in [Sallyport::Action::"ReadAuditBody", Sallyport::Action::"ReadAuditBodyUnmasked"]',
  ])('are about reading where they name %s', (scope) => {
    expect(setsOf(`@id("p") permit (principal, ${scope}, resource); @id("f") forbid (principal, ${scope}, resource);`)) //
      .toEqual({ models: [], reading: ['p', 'f'] });
  });

  it('are about models where they permit every action, or name another', () => {
    const text = `@id("all") permit (principal, action, resource);
      @id("one") permit (principal, action == Sallyport::Action::"InvokeModel", resource);
      @id("no") forbid (principal, action == Sallyport::Action::"InvokeModel", resource);`;
    expect(setsOf(text)).toEqual({ models: ['all', 'one', 'no'], reading: [] });
  });

  it.each([
    ['both', '', ['f']],
    ['both', 'unless { principal.name == "otto" }', ['f']],
    ['models', 'when { principal.roles.contains("intern") }', []],
    ['models', 'when { context has remaining && context.remaining.contains("EMAIL") }', []],
    ['models', 'when { action == Sallyport::Action::"InvokeModel" }', []],
  ])('that forbid every action are about %s with `%s`', (_, condition, reading) => {
    expect(setsOf(`@id("f") forbid (principal, action, resource) ${condition};`)).toEqual({ models: ['f'], reading });
  });

  it.each([
    ['principal, action, resource', 'unless { context.approved }'],
    ['principal, action, resource', 'when { action == Sallyport::Action::"ReadAuditBody" }'],
    ['principal is Sallyport::Operator, action, resource', ''],
    ['principal, action, resource in Sallyport::Tenant::"bank"', ''],
  ])('that forbid every action are about reading alone with (%s) %s', (scope, condition) => {
    expect(setsOf(`@id("f") forbid (${scope}) ${condition};`)).toEqual({ models: [], reading: ['f'] });
  });

  it('stand in one file or in several, in any order', () => {
    const all = '@id("all") permit (principal, action, resource) when { principal.roles.contains("developer") };';
    const read = `@id("read") permit (principal, ${READ}, resource) when { context.approved };`;
    const none = '@id("none") forbid (principal, action, resource) when { principal.name == "mallory" };';
    expect(setsOf(`${read}\n${all}\n${none}`)).toEqual({ models: ['all', 'none'], reading: ['read', 'none'] });
    expect(setsOf(all, none, read)).toEqual({ models: ['all', 'none'], reading: ['none', 'read'] });
  });
});

describe('a policy that fits neither is refused with its place', () => {
  it.each([
    [`permit (principal, ${READ}, resource) when { resource.provider == "bedrock" };`, '0.cedar:2:83', 'provider'],
    [`permit (principal, ${READ}, resource) when { resource.model == "m" };`, '0.cedar:2:83', 'has model'],
    [`permit (principal, ${READ}, resource) when { principal.roles.contains("x") };`, '0.cedar:2:83', 'roles'],
    [`permit (principal, ${READ}, resource) when { context has found };`, '0.cedar:2:', 'impossible'],
    [
      'permit (principal, action in [Sallyport::Action::"ReadAuditBody", Sallyport::Action::"InvokeModel"], resource);',
      '0.cedar:2:',
      'InvokeModel',
    ],
    ['forbid (principal, action, resource) unless { context.aproved };', '0.cedar:2:47', 'aproved'],
    ['permit (principal is Sallyport::Operator, action, resource);', '0.cedar:2:', 'Sallyport::Operator'],
    ['permit (principal, action == Sallyport::Action::"ReadAuditBodies", resource);', '0.cedar:2:', 'ReadAuditBodies'],
  ])('%s', (text, place, what) => {
    const problems = problemsOf(`permit (principal, action, resource);\n${text}`);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.filter((problem) => !problem.startsWith(place.endsWith(':') ? place : `${place}:`))).toEqual([]);
    expect(problems.join('\n')).toContain(what);
  });

  it('all at once, of both kinds', () => {
    const problems = problemsOf(
      'permit (principal, action, resource) when { resource.familly == "x" };',
      `permit (principal, ${READ}, resource) when { context.aproved };`,
    );
    expect(problems.map((problem) => problem.replace(/: .*/, ''))).toEqual(['0.cedar:1:45', '1.cedar:1:83']);
  });
});
