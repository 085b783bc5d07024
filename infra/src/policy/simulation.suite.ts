import { runSimulation } from '@cloud-copilot/iam-simulate';
import { ACCOUNT } from './resolved.suite.ts';

/** A call, as IAM sees it. */
export interface Call {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** The account of the resource; that of the principal unless told. */
  readonly account?: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** What stands for and against it. An organization's policies, where there are any, stand beside one that permits all. */
export interface Policies {
  readonly identity?: readonly unknown[];
  readonly serviceControl?: readonly unknown[];
  readonly resourceControl?: readonly unknown[];
  /** Of the endpoint that the call comes through. */
  readonly endpoint?: unknown;
  readonly resource?: unknown;
  readonly boundary?: unknown;
  readonly session?: unknown;
}

/** Permits all, so that only what denies counts. */
export const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

export type Outcome = 'Allowed' | 'ExplicitlyDenied' | 'ImplicitlyDenied';

/**
 * What IAM makes of a call under these policies. Throws where a policy or an action is none that IAM knows, and where the
 * call has a key that IAM gives no such call: a condition on it would be of no effect.
 */
export async function decide(call: Call, policies: Policies): Promise<Outcome> {
  const { identity = [], resource, boundary, session, endpoint, serviceControl, resourceControl } = policies;
  const result = await runSimulation(
    {
      request: {
        principal: call.principal,
        action: call.action,
        resource: { resource: toKnown(call.resource), accountId: call.account ?? ACCOUNT },
        contextVariables: Object.fromEntries(
          Object.entries(call.context ?? {}).map(([key, value]) => [
            toKnown(key),
            typeof value === 'string' ? value : [...value],
          ]),
        ),
      },
      identityPolicies: named(identity),
      serviceControlPolicies: serviceControl === undefined ? [] : ofTheRoot([everything, ...serviceControl]),
      resourceControlPolicies: resourceControl === undefined ? [] : ofTheRoot(resourceControl),
      ...(endpoint === undefined ? {} : { vpcEndpointPolicies: named([endpoint]) }),
      ...(resource === undefined ? {} : { resourcePolicy: withKnown(resource) }),
      ...(boundary === undefined ? {} : { permissionBoundaryPolicies: named([boundary]) }),
      ...(session === undefined ? {} : { sessionPolicy: withKnown(session) }),
    },
    {},
  );
  if (result.resultType === 'error') throw new Error(`${call.action}: ${JSON.stringify(result.errors)}`);
  const ignored = result.resultType === 'single' ? (result.result.ignoredContextKeys ?? []) : [];
  if (ignored.length > 0) throw new Error(`${call.action} on ${call.resource} has no ${ignored.join(', ')}`);
  return result.overallResult;
}

function named(policies: readonly unknown[]) {
  return policies.map((policy, at) => ({ name: `policy${at}`, policy: withKnown(policy) }));
}

function ofTheRoot(policies: readonly unknown[]) {
  return [{ orgIdentifier: 'root', policies: named(policies) }];
}

/**
 * What the simulator's data lacks, and what it knows in the place of each: keys of encryption contexts, whose names are the
 * caller's; what a bucket is told of a call through an access point; a model of no Region, which global profiles call.
 */
const LACKING = [
  ['kms:EncryptionContext:', 'aws:PrincipalTag/encryption-context:'],
  ['s3:DataAccessPointAccount', 'aws:PrincipalTag/access-point-account'],
  ['arn:aws:bedrock:::', 'arn:aws:bedrock:unspecified::'],
] as const;

function toKnown(text: string): string {
  return LACKING.reduce((known, [key, other]) => known.replaceAll(key, other), text);
}

function withKnown(policy: unknown): unknown {
  return JSON.parse(toKnown(JSON.stringify(policy)));
}
