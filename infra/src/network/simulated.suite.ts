import type { Template } from 'aws-cdk-lib/assertions';
import { ACCOUNT, propertyOf, REGION, resourcesOf } from '../policy/resolved.suite.ts';
import { decide, everything } from '../policy/simulation.suite.ts';

/** The policies of a template's endpoints, by what stands behind the Region in the service's name. */
export function endpointPolicies(template: Template): Readonly<Record<string, object>> {
  return Object.fromEntries(
    Object.values(resourcesOf(template, 'AWS::EC2::VPCEndpoint')).map(({ Properties }) => [
      propertyOf<string>(Properties, 'ServiceName').replace(`com.amazonaws.${REGION}.`, ''),
      propertyOf<object>(Properties, 'PolicyDocument'),
    ]),
  );
}

export interface Call {
  readonly action: string;
  readonly resource: string;
  /** ARN of a session, or of a role. */
  readonly principal: string;
  /** The account that the resource is of; ours unless given. */
  readonly owner?: string;
  readonly context?: Readonly<Record<string, string>>;
}

/**
 * Whether an endpoint lets a call through that everything else allows, by an independent simulator of IAM. Throws where it
 * finds a policy or an action that is not valid.
 */
export async function letsThrough(policy: object, call: Call): Promise<boolean> {
  const { action, resource, principal, owner = ACCOUNT, context = {} } = call;
  const [, partition, , , account = '', name = ''] = principal.split(':');
  const role = `arn:${partition}:iam::${account}:${name.replace(/^assumed-role\/([^/]+)\/.*$/, 'role/$1')}`;
  const of = { 'aws:PrincipalArn': role, 'aws:PrincipalAccount': account };
  const outcome = await decide(
    { principal, action, resource, account: owner, context: { ...of, ...context } },
    {
      identity: [everything],
      endpoint: policy,
      // A resource of another account allows it too, as one that takes what is carried out would, and so does a key.
      ...(owner === ACCOUNT && !action.startsWith('kms:') ? {} : { resource: open(action, resource) }),
    },
  );
  return outcome === 'Allowed';
}

function open(action: string, resource: string) {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: action, Resource: resource }],
  };
}
