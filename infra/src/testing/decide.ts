import { runSimulation, type Simulation } from '@cloud-copilot/iam-simulate';

type Policy = object;

export interface Asked {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** The account of the resource. Default: that of the principal. */
  readonly resourceAccount?: string;
  readonly context?: Readonly<Record<string, string | string[]>>;
  /** Of the principal. Default: everything is allowed, so that only what denies it counts. */
  readonly identity?: readonly Policy[];
  readonly boundary?: Policy;
  readonly serviceControl?: readonly Policy[];
  readonly resourceControl?: readonly Policy[];
  readonly resourcePolicy?: Policy;
}

const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

/** What IAM decides, by an independent simulator of it. Throws where the simulator finds a policy or an action invalid. */
export async function decide(asked: Asked): Promise<'Allowed' | 'ExplicitlyDenied' | 'ImplicitlyDenied'> {
  const { principal, action, resource, context = {}, identity = [everything], boundary } = asked;
  const accountId = asked.resourceAccount ?? principal.split(':')[4] ?? '';
  const simulation: Simulation = {
    request: { principal, action, resource: { resource, accountId }, contextVariables: { ...context } },
    identityPolicies: named(identity),
    serviceControlPolicies: organizationPolicies([everything, ...(asked.serviceControl ?? [])]),
    resourceControlPolicies: asked.resourceControl === undefined ? [] : organizationPolicies(asked.resourceControl),
    ...(asked.resourcePolicy === undefined ? {} : { resourcePolicy: asked.resourcePolicy }),
    ...(boundary === undefined ? {} : { permissionBoundaryPolicies: named([boundary]) }),
  };
  const results = await runSimulation(simulation, {});
  if (results.resultType === 'error') throw new Error(`not simulated: ${JSON.stringify(results.errors)}`);
  const { overallResult } = results;
  if (overallResult === 'Allowed' || overallResult === 'ExplicitlyDenied' || overallResult === 'ImplicitlyDenied') {
    return overallResult;
  }
  throw new Error(`not decided: ${String(overallResult)}`);
}

function named(policies: readonly Policy[]): { name: string; policy: Policy }[] {
  return policies.map((policy, index) => ({ name: `policy${index}`, policy }));
}

function organizationPolicies(
  policies: readonly Policy[],
): { orgIdentifier: string; policies: { name: string; policy: Policy }[] }[] {
  return [{ orgIdentifier: 'root', policies: named(policies) }];
}
