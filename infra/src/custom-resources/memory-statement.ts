import { Aws, aws_iam as iam } from 'aws-cdk-lib';

/** Lets a custom resource keep what was there before it, in one parameter of Systems Manager. */
export function memoryStatement(parameter: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'WhatWasThereBefore',
    actions: ['ssm:GetParameter', 'ssm:PutParameter', 'ssm:DeleteParameter'],
    resources: [`arn:${Aws.PARTITION}:ssm:${Aws.REGION}:${Aws.ACCOUNT_ID}:parameter${parameter}`],
  });
}
