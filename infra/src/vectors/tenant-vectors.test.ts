import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, resourcesOf } from '../policy/resolved.suite.ts';
import { TenantVectors, type TenantVectorsProps } from './tenant-vectors.ts';

const role = (tenant: string) => `arn:aws:iam::${ACCOUNT}:role/sallyport-prod-tenant-${tenant}`;

function synthesize(props: Partial<TenantVectorsProps> = {}): Template {
  const stack = new Stack(new App(), 'Vectors');
  new TenantVectors(stack, 'Vectors', {
    prefix: 'sallyport-prod',
    parameters: '/sallyport/prod',
    mode: 'role',
    tenants: ['bank', 'acme'].map((name) => ({ name, principals: [role(name)] })),
    key: `arn:aws:kms:eu-central-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
    endpoint: 'vpce-0a1b2c3d4e5f60718',
    maxUnits: 4,
    ...props,
  });
  return Template.fromStack(stack);
}

const all = (template: Template, type: string) =>
  Object.values(resourcesOf(template, `AWS::OpenSearchServerless::${type}`)).map(({ Properties }) => Properties);
const policiesOf = (template: Template, type: string) =>
  all(template, 'SecurityPolicy')
    .filter(({ Type }) => Type === type)
    .map(({ Policy }) => JSON.parse(String(Policy)));

describe('vectors of tenants', () => {
  it('are in a collection of each, under a key of ours, in one group, reached from the network alone', () => {
    const template = synthesize();
    expect(
      all(template, 'Collection').map(({ Name, CollectionGroupName, DeletionProtection }) => [
        Name,
        CollectionGroupName,
        DeletionProtection,
      ]),
    ).toEqual([
      ['sallyport-prod-v-bank', 'sallyport-prod-v-group', 'ENABLED'],
      ['sallyport-prod-v-acme', 'sallyport-prod-v-group', 'ENABLED'],
    ]);
    expect(all(template, 'CollectionGroup')).toHaveLength(1);
    for (const { AWSOwnedKey, KmsARN } of policiesOf(template, 'encryption')) {
      expect([AWSOwnedKey, KmsARN]).toEqual([false, expect.stringContaining(':key/1234abcd')]);
    }
    for (const [rule] of policiesOf(template, 'network')) {
      expect(rule).toMatchObject({ AllowFromPublic: false, SourceVPCEs: ['vpce-0a1b2c3d4e5f60718'] });
    }
  });

  it('are read and written by the tenant’s own role alone', () => {
    const granted = all(synthesize(), 'AccessPolicy').map(({ Policy }) => {
      const [{ Rules, Principal }] = JSON.parse(String(Policy));
      return [Principal, Rules.map(({ Resource }: { Resource: readonly string[] }) => Resource[0])];
    });
    expect(granted).toEqual([
      [[role('bank')], ['collection/sallyport-prod-v-bank', 'index/sallyport-prod-v-bank/*']],
      [[role('acme')], ['collection/sallyport-prod-v-acme', 'index/sallyport-prod-v-acme/*']],
    ]);
  });

  it('are in one collection in mode `pool`, which says that AWS does not tell tenants apart in it', () => {
    const template = synthesize({ mode: 'pool' });
    const [collection, ...others] = all(template, 'Collection');
    expect(others).toEqual([]);
    expect(collection).toMatchObject({
      Description: expect.stringContaining('nothing of AWS tells them apart'),
      Tags: expect.arrayContaining([{ Key: 'sallyport:isolation', Value: 'application' }]),
    });
  });

  it('are refused for names that none of a collection is made of, and for too many', () => {
    const named = (name: string) => [{ name, principals: [role(name)] }];
    const names = (tenant: string) => all(synthesize({ tenants: named(tenant) }), 'Collection').map(({ Name }) => Name);
    expect(names('a-tenant-of-a-very-long-name')).toEqual([
      expect.stringMatching(/^v-a-tenant-of-a-very--[0-9a-f]{10}$/),
    ]);
    expect(names('a-tenant-of-a-very-long-nose')).not.toEqual(names('a-tenant-of-a-very-long-name'));
    expect(() => synthesize({ tenants: named('Bank') })).toThrow('is no name of a collection');
    const many = Array.from({ length: 501 }, (_, at) => ({ name: `t${at}`, principals: [role(`t${at}`)] }));
    expect(() => synthesize({ tenants: many })).toThrow('501 collections, and an account takes 500');
  });
});
