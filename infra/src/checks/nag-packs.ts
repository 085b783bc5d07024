import { Stack } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { CheckError, type Finding } from './finding.ts';

const packs = [AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks];

/**
 * What four packs of cdk-nag find on the stacks under a construct. Constructs are looked at, not templates: a rule that
 * could not read a value counts as a finding.
 */
export function nagFindings(scope: IConstruct): readonly Finding[] {
  const stacks = scope.node.findAll().filter(Stack.isStack);
  return stacks.flatMap((stack) => packs.flatMap((Pack) => packFindings(stack, new Pack())));
}

function packFindings(stack: Stack, pack: InstanceType<(typeof packs)[number]>): readonly Finding[] {
  return pack.validateScope(stack).violations.flatMap(({ ruleName, description, violatingResources }) =>
    violatingResources.map(({ resourceLogicalId, constructPath }) => {
      const resource = resourceLogicalId ?? logicalIdOf(stack, constructPath);
      return { tool: 'cdk-nag', rule: ruleName, stack: stack.stackName, resource, message: description };
    }),
  );
}

function logicalIdOf(stack: Stack, path: string | undefined): string {
  const construct = stack.node.findAll().find(({ node }) => node.path === path);
  const element = construct?.node.findAll().find((one) => 'logicalId' in one);
  if (element === undefined || !('logicalId' in element))
    throw new CheckError(`cdk-nag names ${path}, which is no resource`);
  return String(stack.resolve(element.logicalId));
}
