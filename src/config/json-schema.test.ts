import { describe, expect, it } from 'vitest';
import { inspectedTypes } from '../core/index.ts';
import { configJsonSchema, knownKeys } from './json-schema.ts';

describe('the JSON Schema of the configuration', () => {
  const schema = configJsonSchema();

  it('is draft 7, which is what YAML editors read', () => {
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
    expect(JSON.stringify(schema)).not.toMatch(/"\$defs"|"prefixItems"|"unevaluatedProperties"/);
  });

  it('asks only for what has no default, and for nothing that is not known', () => {
    expect(schema.required).toEqual(['version', 'environment', 'region', 'providers', 'models', 'tenants', 'policies']);
    expect(schema.additionalProperties).toBe(false);
  });

  it('tells an editor the keys of every place', () => {
    expect(knownKeys([])).toContain('inspection');
    expect(knownKeys(['listen'])).toEqual(['host', 'port', 'tls', 'adminHost', 'adminPort', 'adminTls']);
    expect(knownKeys(['listen', 'tls'])).toEqual(['certificate', 'key', 'clientCa', 'clientCertificates', 'ephemeral']);
    expect(knownKeys(['inspection', 'input'])).toEqual([...inspectedTypes]);
    expect(knownKeys(['policies', 3])).toEqual(['file', 'name', 'cedar']);
    const ofBedrock = [
      'name',
      'kind',
      'terms',
      'region',
      'endpoint',
      'allowPrivate',
      'credentials',
      'roles',
      'guardrail',
      'maxAttempts',
      'retryBudget',
    ];
    expect(knownKeys(['providers', 0])).toEqual([...ofBedrock, 'baseUrl', 'apiKey']);
    expect(knownKeys(['providers', 0, 'credentials', 'secretAccessKey'])).toEqual([
      'env',
      'file',
      'secretsManager',
      'field',
      'ssm',
    ]);
    expect(knownKeys(['no', 'such', 0, 'place'])).toEqual([]);
    expect(knownKeys(['version', 'x'])).toEqual([]);
  });
});
