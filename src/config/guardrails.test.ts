import { describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { parseConfig } from './load.ts';

const text = (guardrails: string, more = '') => `version: 1
environment: test
region: us-east-1
providers: [{ name: simulator, kind: simulator }]
models: [{ id: m, provider: simulator }]
tenants: [{ name: acme, principals: [{ name: app }] }]
policies: []
guardrails: ${guardrails}
${more}`;

const files: Readonly<Record<string, string>> = {
  'fine.json': '{"name":"a"}',
  'fine.yaml': 'name: a',
  'broken.json': '{"name": [',
  'secret.json': `{"name":"${['AKIA', 'QYLPMN5HFIQR7XYA'].join('')}"}`,
};

function readFile(path: string): string {
  const found = files[path.split('/').at(-1) ?? ''];
  if (found === undefined) throw Object.assign(new Error('none'), { code: 'ENOENT' });
  return found;
}

const read = (guardrails: string, more?: string) =>
  parseConfig(text(guardrails, more), { path: 'sallyport.yaml', readFile });

function problemsOf(guardrails: string, more?: string): string {
  try {
    read(guardrails, more);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

describe('guardrails of a configuration', () => {
  it('come from files of JSON or YAML, or stand in place', () => {
    const hash = 'a'.repeat(64);
    expect(
      read(
        `[{ id: a, version: 1, file: fine.json, sha256: ${hash} }, { id: a, file: fine.yaml }, { id: b, policy: { name: b } }]`,
      ).guardrails,
    ).toEqual([
      { id: 'a', version: '1', sha256: hash, policy: { name: 'a' }, place: 'fine.json' },
      { id: 'a', version: 'DRAFT', policy: { name: 'a' }, place: 'fine.yaml' },
      { id: 'b', version: 'DRAFT', policy: { name: 'b' }, place: 'sallyport.yaml: guardrail `b`' },
    ]);
  });

  it.each([
    ['[{ id: a, file: none.json }]', '', "the guardrail's file cannot be read (ENOENT)"],
    ['[{ id: a, file: broken.json }]', '', "the guardrail's file is neither JSON nor YAML"],
    ['[{ id: a, file: secret.json }]', '', 'looks like'],
    ['[{ id: A, file: fine.json }]', '', 'lower-case letters and digits'],
    ['[{ id: a }]', '', 'missing'],
    ['[{ id: a, version: 0, file: fine.json }]', '', '`guardrails[0].version`'],
    [
      '[{ id: a, file: fine.json }, { id: a, version: DRAFT, file: fine.json }]',
      '',
      'version `DRAFT` of `a` stands here a second time',
    ],
    [
      '[]',
      'inspection: { guardrails: [{ id: a, version: 2 }] }',
      '`inspection.guardrails[0]`: there is no version `2` of `a`',
    ],
    ['[{ id: a, file: fine.json }]', 'production: true', 'a draft, which production does not take'],
    ['[{ id: a, version: 1, file: fine.json }]', 'production: true', 'needs its `sha256` in production'],
  ])('are refused where they are %s with %s', (guardrails, more, problem) => {
    expect(problemsOf(guardrails, more)).toContain(problem);
  });

  it('with their hash are fit for production', () => {
    const guardrail = `[{ id: a, version: 1, file: fine.json, sha256: ${'a'.repeat(64)} }]`;
    expect(problemsOf(guardrail, 'production: true')).not.toContain('guardrails[0]');
  });
});

describe('a guardrail of Amazon Bedrock', () => {
  const withProvider = (guardrail: string) =>
    text('[]').replace(
      '{ name: simulator, kind: simulator }',
      `{ name: simulator, kind: bedrock, region: us-east-1, guardrail: ${guardrail} }`,
    );

  it('is that of all models of its provider', () => {
    const [model] = parseConfig(withProvider('{ identifier: abc, version: 2 }'), { path: 'sallyport.yaml' }).models;
    expect(model?.guardrail).toEqual({ identifier: 'abc', version: '2' });
    expect(read('[]').models[0]).not.toHaveProperty('guardrail');
  });

  it.each(['{ identifier: A-b, version: 2 }', '{ identifier: abc, version: DRAFT }', '{ identifier: abc }'])(
    'is refused as %s',
    (guardrail) => {
      expect(() => parseConfig(withProvider(guardrail), { path: 'sallyport.yaml' })).toThrow('guardrail');
    },
  );
});
