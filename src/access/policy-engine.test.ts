import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Context, EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import { describe, expect, it } from 'vitest';
import { findPolicyProblems } from './policy-check.ts';
import { createPolicyEngine } from './policy-engine.ts';
import { readPolicies } from './policy-set.ts';

interface Vectors {
  readonly files: Readonly<Record<string, string | readonly EntityJson[]>>;
  readonly tests: readonly {
    readonly name: string;
    readonly policies: string;
    readonly entities: string;
    readonly schema: string;
    readonly shouldValidate: boolean;
    readonly requests: readonly {
      readonly description: string;
      readonly principal: TypeAndId;
      readonly action: TypeAndId;
      readonly resource: TypeAndId;
      readonly context: Context;
      readonly decision: 'allow' | 'deny';
      readonly reason: readonly string[];
      readonly errors: readonly string[];
    }[];
  }[];
}

const file = resolve(import.meta.dirname, '../../../shared/vectors/cedar/integration.json');
const vectors: Vectors | undefined = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;

describe('the policy engine', () => {
  it('denies a question the schema has no place for, though a policy permits all', () => {
    const schema = 'entity User, Photo; action view appliesTo { principal: User, resource: Photo, context: {} };';
    const { decide } = createPolicyEngine(
      readPolicies([{ name: 'all', text: 'permit (principal, action, resource);' }]),
      schema,
    );
    const user = { type: 'User', id: 'alice' };
    const photo = { type: 'Photo', id: 'cat.jpg' };
    const view = { action: { type: 'Action', id: 'view' }, context: {}, entities: [] };
    expect(decide({ ...view, principal: user, resource: photo }).allowed).toBe(true);
    expect(decide({ ...view, principal: photo, resource: user })).toEqual({
      allowed: false,
      policies: [],
      failed: true,
    });
  });
});

describe.skipIf(vectors === undefined)('the policy engine on the integration tests of Cedar', () => {
  for (const { name, policies, entities, schema, requests } of vectors?.tests ?? []) {
    it(`decides ${requests.length} requests of ${name}, for the same reasons`, () => {
      const read = readPolicies([{ name: 'policy', text: text(policies) }]);
      expect(findPolicyProblems(read, text(schema))).toEqual([]);
      const engine = createPolicyEngine(read, text(schema));
      for (const { principal, action, resource, context, decision, reason, errors, description } of requests) {
        const answer = engine.decide({ principal, action, resource, context, entities: entityList(entities) });
        expect(answer, description).toEqual({
          allowed: decision === 'allow',
          policies: reason.map((id) => id.replace('policy', 'policy#')).sort(),
          failed: errors.length > 0,
        });
      }
    });
  }

  it('has all 22 files and 74 requests', () => {
    expect(vectors?.tests.length).toBe(22);
    expect(vectors?.tests.flatMap(({ requests }) => requests).length).toBe(74);
    expect(vectors?.tests.every(({ shouldValidate }) => shouldValidate)).toBe(true);
  });

  it('denies what no policy permits', () => {
    const engine = createPolicyEngine([], text('sample-data/sandbox_a/schema.cedarschema'));
    const answer = engine.decide({
      principal: { type: 'User', id: 'alice' },
      action: { type: 'Action', id: 'listAlbums' },
      resource: { type: 'Account', id: 'jane' },
      context: { authenticated: true, confidence_score: decimal('0.5'), source_ip: address('10.0.0.1') },
      entities: [],
    });
    expect(answer).toEqual({ allowed: false, policies: [], failed: false });
  });
});

function text(key: string): string {
  const found = vectors?.files[key];
  if (typeof found !== 'string') throw new Error(`no text ${key}`);
  return found;
}

function entityList(key: string): readonly EntityJson[] {
  const found = vectors?.files[key];
  if (found === undefined || typeof found === 'string') throw new Error(`no entities ${key}`);
  return found;
}

const decimal = (arg: string) => ({ __extn: { fn: 'decimal', arg } });
const address = (arg: string) => ({ __extn: { fn: 'ip', arg } });
