import { describe, expect, it } from 'vitest';
import { findPolicyProblems } from './policy-check.ts';
import { readPolicies } from './policy-set.ts';
import { cedarSchema } from './schema.data.ts';

function problemsOf(...texts: readonly string[]): readonly string[] {
  return findPolicyProblems(readPolicies(texts.map((text, index) => ({ name: `${index}.cedar`, text }))), cedarSchema);
}

const forbid = (condition: string) => `@id("it") forbid (principal, action, resource) when { ${condition} };`;

describe('policies are checked against the schema', () => {
  it('and pass where they fit', () => {
    expect(problemsOf('permit (principal, action, resource) when { principal.roles.contains("admin") };')).toEqual([]);
  });

  it('and refused with file, line, policy and a proposal where they do not', () => {
    expect(problemsOf('permit (principal, action, resource);', `\n${forbid('principal.nmae == "x"')}`)).toEqual([
      '1.cedar:2:55: policy `it`: attribute `nmae` on entity type `Sallyport::Principal` not found; did you mean `name`?',
    ]);
  });

  it('and refused all at once, in the order of the file, once a place', () => {
    const problems = problemsOf(
      `${forbid('context.found.contains("EMAIL")')}\npermit (principal, action, resource) when { resource.familly == "x" };`,
      'permit (principal == Sallyport::Principle::"demo/developer", action, resource);',
    );
    expect(problems.map((problem) => problem.replace(/: .*/, ''))).toEqual([
      '0.cedar:1:55',
      '0.cedar:2:45',
      '1.cedar:1:1',
      '1.cedar:1:22',
    ]);
    expect(problems[0]).toContain('has found');
  });

  it('and refused where an optional attribute is read without asking for it', () => {
    expect(problemsOf(forbid('resource.family == "nova"'))).toEqual([
      expect.stringContaining(
        '0.cedar:1:55: policy `it`: unable to guarantee safety of access to optional attribute `family`',
      ),
    ]);
  });

  it('and refused where they can never apply', () => {
    expect(problemsOf(forbid('principal == resource'))).toEqual([expect.stringContaining('impossible')]);
  });

  it('and refused where a name holds look-alike letters', () => {
    expect(problemsOf(forbid('principal.name == "p\u0430ypal"'))).toEqual([expect.stringContaining('mixed scripts')]);
  });

  it('and refused where they name a finding type that does not exist', () => {
    expect(problemsOf(forbid('context has found && context.found.contains("EMIAL")'))).toEqual([
      '0.cedar: policy `it`: there is no finding type `EMIAL`',
    ]);
  });
});
