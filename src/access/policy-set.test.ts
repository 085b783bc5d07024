import { describe, expect, it } from 'vitest';
import { PolicyError } from './policy-error.ts';
import { readPolicies } from './policy-set.ts';

const source = (text: string, name = 'main.cedar') => ({ name, text });

function problemsOf(...sources: readonly { readonly name: string; readonly text: string }[]): readonly string[] {
  try {
    readPolicies(sources);
  } catch (error) {
    if (error instanceof PolicyError) return error.problems;
    throw error;
  }
  return [];
}

describe('the policies of a text', () => {
  it('are called by their @id, else by file and position', () => {
    const policies = readPolicies([
      source('@id("first") permit (principal, action, resource);\nforbid (principal, action, resource);'),
      source('permit (principal, action, resource);', 'other.cedar'),
    ]);
    expect(policies.map(({ id }) => id)).toEqual(['first', 'main.cedar#1', 'other.cedar#0']);
  });

  it('keep their order and their text, beyond ten', () => {
    const texts = Array.from({ length: 25 }, (_, n) => `permit (principal, action, resource) when { ${n} == ${n} };`);
    const policies = readPolicies([source(texts.join('\n'))]);
    expect(policies.map(({ text }) => text)).toEqual(texts);
    expect(policies.map(({ id }) => id)).toEqual(texts.map((_, n) => `main.cedar#${n}`));
  });

  it('are refused with file, line and column where they are not Cedar, all files at once', () => {
    expect(problemsOf(source('\n  permit (principal, action resource);'), source('permit', 'other.cedar'))).toEqual([
      'main.cedar:2:29: unexpected token `resource`',
      expect.stringMatching(/^other\.cedar:1:\d+: unexpected end of input/),
    ]);
  });

  it('count columns as editors do, also behind letters of several bytes', () => {
    const text = '@a("é€😀") permit (principal, action resource);';
    expect(problemsOf(source(text))).toEqual([
      `main.cedar:1:${text.indexOf('resource') + 1}: unexpected token \`resource\``,
    ]);
  });

  it('are refused where an id is used twice, over files too', () => {
    const permit = '@id("same") permit (principal, action, resource);';
    expect(problemsOf(source(permit), source(permit, 'other.cedar'))).toEqual([
      'other.cedar: the policy id `same` stands in main.cedar already',
    ]);
    expect(problemsOf(source(`${permit}\n${permit}`))).toHaveLength(1);
    expect(
      problemsOf(source(`@id("main.cedar#1") permit (principal, action, resource);\n${permit.slice(12)}`)),
    ).toEqual(['main.cedar: the policy id `main.cedar#1` stands in main.cedar already']);
  });

  it('are refused where an id could not stand in a record or on a terminal', () => {
    for (const id of ['', ' a', '\\n', 'ü', '\\u{1b}[31m', 'x'.repeat(129), '__proto__']) {
      expect(problemsOf(source(`@id("${id}") permit (principal, action, resource);`)), id).toEqual([
        'main.cedar: the id of policy 0 is not a plain name',
      ]);
    }
  });

  it('may have ids and come from files of any usual name', () => {
    const policies = readPolicies([
      source('@id("no_claude-for.demo/2: all #1") permit (principal, action, resource);'),
      source('permit (principal, action, resource);', '../team_a/(new) Größe.cedar'),
      source('@id permit (principal, action, resource);', 'bare.cedar'),
    ]);
    expect(policies.map(({ id }) => id)).toEqual([
      'no_claude-for.demo/2: all #1',
      '../team_a/(new) Größe.cedar#0',
      'bare.cedar#0',
    ]);
  });

  it('are refused where one is a template', () => {
    expect(problemsOf(source('permit (principal == ?principal, action, resource);'))).toEqual([
      'main.cedar: holds a template, and nothing here would link it',
    ]);
  });
});
