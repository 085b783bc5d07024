import type { Statement } from '../policy/policy-document.ts';

const INTERFACES = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * What Lambda needs of a function's role to put the function into a network, and the same denied to the function's own code
 * (AWS Lambda, "Giving Lambda functions access to resources in an Amazon VPC").
 */
export function networkStatements(functionArn: string): readonly Statement[] {
  return [
    // None of these takes a resource, or they make it.
    { Sid: 'InterfacesByLambda', Effect: 'Allow', Action: INTERFACES, Resource: '*' },
    {
      Sid: 'NoInterfacesByCode',
      Effect: 'Deny',
      Action: INTERFACES,
      Resource: '*',
      Condition: { ArnEquals: { 'lambda:SourceFunctionArn': functionArn } },
    },
  ];
}
