import { describe, expect, it } from 'vitest';
import { policiesOf } from './policies.ts';
import { permissionOf, principalsOf } from './principals.ts';
import { parseTemplate } from './template.ts';

const statement = (Effect: string, Action: string, more: object = {}) => ({ Effect, Action, Resource: '*', ...more });
const policy = (Type: string, properties: object) => ({
  Type,
  Properties: { PolicyDocument: { Statement: statement('Allow', 's3:GetObject') }, ...properties },
});

/** What a role named `named` may do, with other resources beside it. */
function permission(resources: Readonly<Record<string, object>>, role: object = {}, action = 's3:GetObject') {
  const template = parseTemplate(
    JSON.stringify({
      Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'named', ...role } }, ...resources },
    }),
    'x.json',
  );
  const [principal] = principalsOf(template, policiesOf(template));
  if (principal === undefined) throw new Error('no principal');
  return permissionOf(principal, action).kind;
}

describe('what a principal may do', () => {
  it.each([
    ['a policy by reference', { A: policy('AWS::IAM::Policy', { Roles: [{ Ref: 'Role' }] }) }],
    ['a policy by its name', { A: policy('AWS::IAM::ManagedPolicy', { Roles: ['named'] }) }],
    ['a policy of the role alone', { A: policy('AWS::IAM::RolePolicy', { RoleName: { Ref: 'Role' } }) }],
  ])('is in %s', (_how, resources) => {
    expect(permission(resources)).toBe('yes');
  });

  it('is in a managed policy that it names', () => {
    expect(permission({ A: policy('AWS::IAM::ManagedPolicy', {}) }, { ManagedPolicyArns: [{ Ref: 'A' }] })).toBe('yes');
  });

  it.each([
    ['a policy of another role', { A: policy('AWS::IAM::Policy', { Roles: ['other'] }) }],
    ['a policy whose roles are computed', { A: policy('AWS::IAM::Policy', { Roles: { Ref: 'P' } }) }],
    ['a policy of a bucket', { A: policy('AWS::S3::BucketPolicy', { Roles: ['named'] }) }],
  ])('is not in %s', (_how, resources) => {
    expect(permission(resources)).toBe('no');
  });

  it('is bounded by a boundary, and by a deny without conditions on everything', () => {
    const A = policy('AWS::IAM::Policy', { Roles: ['named'] });
    const boundary = (...Statement: readonly object[]) => ({
      A,
      B: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Statement } } },
    });
    const bound = { PermissionsBoundary: { Ref: 'B' } };
    expect(permission(boundary(statement('Allow', 'sqs:*')), bound)).toBe('no');
    expect(permission(boundary(statement('Allow', '*'), statement('Deny', 's3:*')), bound)).toBe('no');
    expect(permission(boundary(statement('Allow', '*')), bound)).toBe('yes');
    const some = statement('Deny', 's3:*', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    expect(permission(boundary(statement('Allow', '*'), some), bound)).toBe('yes');
  });

  it.each([
    ['NotPrincipal', { ...statement('Allow', 's3:*'), NotPrincipal: 'x' }],
    ['an effect that is computed', { ...statement('Allow', 's3:*'), Effect: { Ref: 'P' } }],
    ['a statement that is computed', { 'Fn::If': ['C', {}, {}] }],
    ['a condition that is computed', { ...statement('Allow', 's3:*'), Condition: { 'Fn::If': ['C', {}, {}] } }],
    ['a principal that is computed', { ...statement('Allow', 's3:*'), Principal: { 'Fn::If': ['C', 'a', 'b'] } }],
  ])('is not known of a policy with %s', (_what, Statement) => {
    const resources = { A: policy('AWS::IAM::Policy', { Roles: ['named'], PolicyDocument: { Statement } }) };
    expect(permission(resources)).toBe('unknown');
  });

  it('is not known where inline policies are computed', () => {
    expect(permission({}, { Policies: { Ref: 'P' } })).toBe('unknown');
  });
});
