import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';

/** An app of one stack with faults that each tool is to find: a bucket with nothing, beside a key that is as it should. */
export function createPlanted(): { readonly app: App; readonly files: readonly string[]; readonly outdir: string } {
  const outdir = mkdtempSync(join(tmpdir(), 'sallyport-checks-'));
  const app = new App({
    outdir,
    analyticsReporting: false,
    treeMetadata: false,
    builtinCloudFormationValidation: false,
  });
  const stack = new Stack(app, 'Sallyport-test-planted');
  new CfnBucket(stack, 'Open', {});
  new CfnKey(stack, 'Key', {
    enableKeyRotation: true,
    keyPolicy: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::111122223333:root` },
          Action: ['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:PutKeyPolicy'],
          Resource: '*',
        },
      ],
    },
  });
  new CfnResource(stack, 'Misspelt', { type: 'AWS::SQS::Queue', properties: { QueueNam: 'x' } });
  new CfnResource(stack, 'Machine', {
    type: 'AWS::StepFunctions::StateMachine',
    properties: {
      RoleArn: 'arn:aws:iam::111122223333:role/x',
      DefinitionString: '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}',
      LoggingConfiguration: { IncludeExecutionData: true, Level: 'ALL' },
    },
  });
  app.synth();
  const files = readdirSync(outdir).filter((name) => name.endsWith('.template.json'));
  return { app, files: files.map((name) => join(outdir, name)), outdir };
}
