import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { Template } from 'aws-cdk-lib/assertions';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** A piece of a template as CloudFormation would make it; what a resource is referred to by is its logical id. */
export function resolved<Value>(value: unknown): Value {
  return resolve(value) as Value;
}

function resolve(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0 && name === 'Ref') return PSEUDO[String(argument)] ?? argument;
  if (others.length === 0 && name === 'Fn::GetAtt') return argument[0];
  if (others.length === 0 && name === 'Fn::Join') return argument[1].map(resolve).join(argument[0]);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, resolve(entry)]));
}

interface EndpointResource {
  readonly Properties: { readonly ServiceName: string; readonly PolicyDocument: object };
}

/** The policies of a template's endpoints, by what stands behind the Region in the service's name. */
export function endpointPolicies(template: Template): Readonly<Record<string, object>> {
  const found = resolved<Record<string, EndpointResource>>(template.findResources('AWS::EC2::VPCEndpoint'));
  return Object.fromEntries(
    Object.values(found).map(({ Properties: { ServiceName, PolicyDocument } }) => [
      ServiceName.replace(`com.amazonaws.${REGION}.`, ''),
      PolicyDocument,
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

const ALL = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

/**
 * Whether an endpoint lets a call through that everything else allows, by an independent simulator of IAM. Throws where it
 * finds a policy or an action that is not valid.
 */
export async function letsThrough(policy: object, call: Call): Promise<boolean> {
  const { action, resource, principal, owner = ACCOUNT, context = {} } = call;
  const [, partition, , , account = '', name = ''] = principal.split(':');
  const role = `arn:${partition}:iam::${account}:${name.replace(/^assumed-role\/([^/]+)\/.*$/, 'role/$1')}`;
  const contextVariables = { 'aws:PrincipalArn': role, 'aws:PrincipalAccount': account, ...context };
  const result = await runSimulation(
    {
      request: { principal, action, resource: { resource, accountId: owner }, contextVariables },
      identityPolicies: [{ name: 'all', policy: ALL }],
      serviceControlPolicies: [{ orgIdentifier: 'root', policies: [{ name: 'all', policy: ALL }] }],
      resourceControlPolicies: [],
      // A resource of another account allows it too, as one that takes what is carried out would, and so does a key.
      ...(owner === ACCOUNT && !action.startsWith('kms:') ? {} : { resourcePolicy: open(action, resource) }),
      vpcEndpointPolicies: [{ name: 'endpoint', policy }],
    },
    {},
  );
  if (result.resultType === 'error') throw new Error(`${action}: ${JSON.stringify(result.errors)}`);
  return result.overallResult === 'Allowed';
}

function open(action: string, resource: string) {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: action, Resource: resource }],
  };
}
