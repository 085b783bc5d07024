import { Aws } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, REGION } from '../policy/resolved.suite.ts';
import { awsBucketGrants, ENDPOINT_POLICY_LENGTH, type EndpointGrant, toEndpointPolicy } from './endpoint-policy.ts';
import { letsThrough } from './simulated.suite.ts';

const gateway = `arn:aws:iam::${ACCOUNT}:role/sallyport-prod-gateway`;
const log: EndpointGrant = {
  actions: ['s3:GetObject', 's3:PutObject'],
  resources: ['arn:aws:s3:::acme-log/*'],
  principals: [gateway],
  resourceAccounts: [ACCOUNT],
};

/** A call of ours that the policy lets through, changed in one thing. */
const call = (change: object = {}) => ({
  action: 's3:PutObject',
  resource: 'arn:aws:s3:::acme-log/tile/0',
  principal: gateway,
  context: { 'aws:ResourceAccount': ACCOUNT },
  ...change,
});

describe('the policy of an endpoint', () => {
  const made = toEndpointPolicy('s3', [log, ...awsBucketGrants(REGION, ['imageLayers', 'customResourceResponses'])]);
  const policy = JSON.parse(JSON.stringify(made).replaceAll(Aws.PARTITION, 'aws'));

  it.each([
    ['the role that is named', call(), true],
    ['a session of it', call({ principal: `arn:aws:sts::${ACCOUNT}:assumed-role/sallyport-prod-gateway/task` }), true],
    ['another role', call({ principal: `arn:aws:iam::${ACCOUNT}:role/other` }), false],
    [
      'a role of that name elsewhere',
      call({ principal: 'arn:aws:iam::999988887777:role/sallyport-prod-gateway' }),
      false,
    ],
    ['another action', call({ action: 's3:DeleteObject' }), false],
    ['another bucket', call({ resource: 'arn:aws:s3:::loot/tile/0' }), false],
    [
      'a bucket of that name elsewhere',
      call({ owner: '999988887777', context: { 'aws:ResourceAccount': '999988887777' } }),
      false,
    ],
    [
      'the layers of an image, which are of AWS',
      call({
        action: 's3:GetObject',
        resource: `arn:aws:s3:::prod-${REGION}-starport-layer-bucket/x`,
        owner: '999988887777',
        context: {},
      }),
      true,
    ],
    [
      'what would be put there',
      call({ resource: `arn:aws:s3:::prod-${REGION}-starport-layer-bucket/x`, owner: '999988887777', context: {} }),
      false,
    ],
    [
      'the answer of a custom resource',
      call({
        resource: 'arn:aws:s3:::cloudformation-custom-resource-response-eucentral1/x',
        owner: '999988887777',
        context: {},
      }),
      true,
    ],
    [
      'a bucket that is only called like AWS’s',
      call({
        resource: 'arn:aws:s3:::cloudformation-custom-resource-response-mine/x',
        owner: '999988887777',
        context: {},
      }),
      false,
    ],
  ])('says of %s what it is to say', async (_of, asked, expected) => {
    expect(await letsThrough(policy, asked)).toBe(expected);
  });

  it('names the accounts of its principals', () => {
    expect(JSON.stringify(policy)).toContain(`"aws:PrincipalAccount":["${ACCOUNT}"]`);
  });

  it('is none where an action is not one by name, or a principal no role', () => {
    expect(() => toEndpointPolicy('s3', [{ ...log, actions: ['s3:*'] }])).toThrow('s3:* is not one by name');
    expect(() => toEndpointPolicy('s3', [{ ...log, principals: ['*'] }])).toThrow('no ARN of a role');
  });

  it('is none where it is longer than AWS takes, counted as deployed', () => {
    const models = (count: number): EndpointGrant => ({
      ...log,
      resources: Array.from(
        { length: count },
        (_, at) => `arn:${Aws.PARTITION}:bedrock:${Aws.REGION}::foundation-model/vendor.a-model-with-a-long-name-${at}`,
      ),
    });
    expect(() => toEndpointPolicy('bedrock-runtime', [models(150)])).not.toThrow();
    expect(() => toEndpointPolicy('bedrock-runtime', [models(250)])).toThrow(
      new RegExp(`policy of bedrock-runtime: \\d+ characters, and AWS takes ${ENDPOINT_POLICY_LENGTH}`),
    );
  });
});
