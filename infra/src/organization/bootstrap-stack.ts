import {
  Aws,
  BootstraplessSynthesizer,
  CfnOutput,
  type IStackSynthesizer,
  aws_iam as iam,
  RemovalPolicy,
  Stack,
  type StackProps,
  aws_s3 as s3,
  aws_ssm as ssm,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ServiceKey } from '../keys/service-key.ts';
import {
  type DeploymentGrant,
  deploymentGrants,
  deploymentPolicies,
  linkedTo,
  madeUnderKeys,
  passedTo,
} from './deployment.data.ts';

/** The CDK's: names of all that the bootstrap makes have it. */
export const QUALIFIER = 'sallyport';
/** The version of the CDK's own bootstrap whose roles and names these are; it looks for 6 at least. */
const VERSION = '21';

export interface BootstrapStackProps extends Pick<StackProps, 'env'> {
  /** ARNs of the principals that deploy: a pipeline's role. */
  readonly deployers: readonly string[];
  /** Names of secrets that templates refer to: external ids, which stand in trust policies and are none. Default: none. */
  readonly externalIds?: readonly string[];
}

/**
 * What the CDK needs in an account, in the place of its own bootstrap, whose role for CloudFormation is an administrator.
 * Here that role may do what our stacks take, by action and, where AWS has them, by names of ours: it makes what holds
 * content, and reads none of it.
 *
 * It could still write a role of our names that reads more than it may itself; policies of the organization, and reviews
 * of the difference that a deployment shows, are what stands against that.
 *
 * Source: AWS CDK Developer Guide, "Customize AWS CDK bootstrapping", its contract of names and of the version.
 */
export class BootstrapStack extends Stack {
  constructor(scope: Construct, id: string, { deployers, externalIds = [], ...props }: BootstrapStackProps) {
    super(scope, id, {
      ...props,
      description: 'What deploying Sallyport takes in an account: a bucket for assets and four roles.',
      synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer,
      stackName: 'Sallyport-bootstrap',
    });
    const place = `${Aws.ACCOUNT_ID}-${Aws.REGION}`;
    const trusted = deployers.map((arn) => new iam.ArnPrincipal(arn));
    const bucket = this.#createAssets(place);
    const execution = new iam.CfnRole(this, 'Execution', {
      roleName: `cdk-${QUALIFIER}-cfn-exec-role-${place}`,
      description: "CloudFormation's, for our stacks.",
      assumeRolePolicyDocument: trust([new iam.ServicePrincipal('cloudformation.amazonaws.com')]),
      managedPolicyArns: toDocuments(externalIds).map(
        ([name, policyDocument]) =>
          new iam.CfnManagedPolicy(this, `Execution-${name}`, {
            managedPolicyName: `cdk-${QUALIFIER}-execution-${name}-${Aws.REGION}`,
            policyDocument,
          }).ref,
      ),
    });
    this.#addRole('deploy-role', trusted, deployStatements(bucket.attrArn, execution.attrArn));
    this.#addRole('file-publishing-role', trusted, publishStatements(bucket.attrArn));
    // Looks at networks that are adopted, by their tags; nothing else is looked up.
    this.#addRole('lookup-role', trusted, [
      new iam.PolicyStatement({
        actions: [
          'ec2:DescribeAvailabilityZones',
          'ec2:DescribeSubnets',
          'ec2:DescribeVpcs',
          'ec2:DescribeRouteTables',
        ],
        resources: ['*'],
      }),
    ]);
    new ssm.CfnParameter(this, 'Version', {
      name: `/cdk-bootstrap/${QUALIFIER}/version`,
      type: 'String',
      value: VERSION,
    });
    new CfnOutput(this, 'BucketName', { value: bucket.ref });
    new CfnOutput(this, 'BootstrapVersion', { value: VERSION });
  }

  #createAssets(place: string): s3.CfnBucket {
    const { keyArn } = new ServiceKey(this, 'AssetsKey', {
      alias: `cdk-${QUALIFIER}-assets-key`,
      description: 'Templates and code that are deployed',
      statements: [],
    });
    const bucket = new s3.CfnBucket(this, 'Assets', {
      bucketName: `cdk-${QUALIFIER}-assets-${place}`,
      bucketEncryption: {
        serverSideEncryptionConfiguration: [
          {
            bucketKeyEnabled: true,
            serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: keyArn },
          },
        ],
      },
      ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] },
      publicAccessBlockConfiguration: {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      versioningConfiguration: { status: 'Enabled' },
      lifecycleConfiguration: {
        rules: [{ id: 'Old', status: 'Enabled', noncurrentVersionExpiration: { noncurrentDays: 90 } }],
      },
    });
    bucket.applyRemovalPolicy(RemovalPolicy.RETAIN);
    new s3.CfnBucketPolicy(this, 'AssetsPolicy', {
      bucket: bucket.ref,
      policyDocument: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({
            sid: 'WithTlsAlone',
            effect: iam.Effect.DENY,
            principals: [new iam.AnyPrincipal()],
            actions: ['s3:*'],
            resources: [bucket.attrArn, `${bucket.attrArn}/*`],
            conditions: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ],
      }),
    });
    return bucket;
  }

  #addRole(name: string, principals: readonly iam.IPrincipal[], statements: readonly iam.PolicyStatement[]): void {
    new iam.CfnRole(this, name, {
      roleName: `cdk-${QUALIFIER}-${name}-${Aws.ACCOUNT_ID}-${Aws.REGION}`,
      assumeRolePolicyDocument: trust(principals),
      policies: [{ policyName: 'default', policyDocument: new iam.PolicyDocument({ statements: [...statements] }) }],
    });
  }
}

function trust(principals: readonly iam.IPrincipal[]): iam.PolicyDocument {
  return new iam.PolicyDocument({
    statements: [new iam.PolicyStatement({ principals: [...principals], actions: ['sts:AssumeRole'] })],
  });
}

function deployStatements(bucketArn: string, executionArn: string): readonly iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      sid: 'Stacks',
      actions: [
        ...['cloudformation:CreateChangeSet', 'cloudformation:DeleteChangeSet', 'cloudformation:DeleteStack'],
        ...['cloudformation:DescribeChangeSet', 'cloudformation:DescribeStackEvents', 'cloudformation:DescribeStacks'],
        ...['cloudformation:ExecuteChangeSet', 'cloudformation:GetTemplate', 'cloudformation:GetTemplateSummary'],
        ...['cloudformation:RollbackStack', 'cloudformation:ContinueUpdateRollback'],
        'cloudformation:UpdateTerminationProtection',
      ],
      resources: [`arn:${Aws.PARTITION}:cloudformation:${Aws.REGION}:${Aws.ACCOUNT_ID}:stack/Sallyport-*/*`],
    }),
    new iam.PolicyStatement({
      sid: 'Execution',
      actions: ['iam:PassRole'],
      resources: [executionArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
    }),
    new iam.PolicyStatement({
      sid: 'Templates',
      actions: ['s3:GetObject', 's3:GetBucketLocation', 's3:ListBucket'],
      resources: [bucketArn, `${bucketArn}/*`],
    }),
    new iam.PolicyStatement({
      sid: 'Version',
      actions: ['ssm:GetParameter', 'ssm:GetParameters'],
      resources: [
        `arn:${Aws.PARTITION}:ssm:${Aws.REGION}:${Aws.ACCOUNT_ID}:parameter/cdk-bootstrap/${QUALIFIER}/version`,
      ],
    }),
    assetKeyStatement(['kms:Decrypt']),
  ];
}

function publishStatements(bucketArn: string): readonly iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      sid: 'Assets',
      actions: [
        's3:GetBucketLocation',
        's3:GetEncryptionConfiguration',
        's3:GetObject',
        's3:ListBucket',
        's3:PutObject',
      ],
      resources: [bucketArn, `${bucketArn}/*`],
    }),
    assetKeyStatement(['kms:Decrypt', 'kms:GenerateDataKey']),
  ];
}

/** The key of the assets, by its alias, and by S3 alone. */
function assetKeyStatement(actions: readonly string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'AssetsKey',
    actions: [...actions],
    resources: [`arn:${Aws.PARTITION}:kms:${Aws.REGION}:${Aws.ACCOUNT_ID}:key/*`],
    conditions: {
      StringEquals: { 'kms:ViaService': `s3.${Aws.REGION}.${Aws.URL_SUFFIX}` },
      'ForAnyValue:StringEquals': { 'kms:ResourceAliases': `alias/cdk-${QUALIFIER}-assets-key` },
    },
  });
}

/** The grants, each in the policy of its service, and in one of its own what is handed to services. */
function toDocuments(externalIds: readonly string[]): readonly (readonly [string, iam.PolicyDocument])[] {
  const granted = Object.entries(deploymentPolicies).map(
    ([name, services]) =>
      [name, deploymentGrants.filter(({ service }) => services.includes(service)).map(toStatement)] as const,
  );
  const handed = [
    new iam.PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [`arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/sallyport-*`],
      conditions: { StringEquals: { 'iam:PassedToService': [...passedTo] } },
    }),
    new iam.PolicyStatement({
      actions: ['iam:CreateServiceLinkedRole'],
      resources: [`arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/aws-service-role/*`],
      conditions: { StringEquals: { 'iam:AWSServiceName': [...linkedTo] } },
    }),
    new iam.PolicyStatement({
      actions: ['s3:GetObject'],
      resources: [`arn:${Aws.PARTITION}:s3:::cdk-${QUALIFIER}-assets-${Aws.ACCOUNT_ID}-${Aws.REGION}/*`],
    }),
    assetKeyStatement(['kms:Decrypt']),
    ...makerStatements(),
    ...(externalIds.length === 0 ? [] : [externalIdStatement(externalIds)]),
  ];
  return [...granted, ['handed', handed] as const].map(([name, statements]) => [
    name,
    new iam.PolicyDocument({ statements: [...statements], minimize: false }),
  ]);
}

/** Keys of ours, through the services that keep something under them: the keys' own policies say the same. */
function makerStatements(): readonly iam.PolicyStatement[] {
  const resources = [`arn:${Aws.PARTITION}:kms:${Aws.REGION}:${Aws.ACCOUNT_ID}:key/*`];
  const conditions = {
    StringEquals: { 'kms:ViaService': madeUnderKeys.map((service) => `${service}.${Aws.REGION}.${Aws.URL_SUFFIX}`) },
    'ForAnyValue:StringLike': { 'kms:ResourceAliases': 'alias/sallyport-*' },
  };
  const actions = ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey', 'kms:RetireGrant'];
  return [
    new iam.PolicyStatement({ sid: 'KeysOfWhatIsMade', actions, resources, conditions }),
    new iam.PolicyStatement({
      sid: 'GrantsForWhatIsMade',
      actions: ['kms:CreateGrant'],
      resources,
      conditions: { ...conditions, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    }),
  ];
}

/** CloudFormation reads what a template refers to by its own role. Behind a secret's name are six characters of AWS's. */
function externalIdStatement(names: readonly string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'ExternalIds',
    actions: ['secretsmanager:GetSecretValue'],
    resources: names.map(
      (name) => `arn:${Aws.PARTITION}:secretsmanager:${Aws.REGION}:${Aws.ACCOUNT_ID}:secret:${name}-??????`,
    ),
  });
}

function toStatement({ service, actions, names, scope = 'regional' }: DeploymentGrant): iam.PolicyStatement {
  const region = scope === 'regional' ? Aws.REGION : '';
  const account = scope === 'bare' ? '' : Aws.ACCOUNT_ID;
  return new iam.PolicyStatement({
    actions: actions.map((action) => `${service}:${action}`),
    resources: names.map((name) =>
      name === '*' ? '*' : `arn:${Aws.PARTITION}:${service}:${region}:${account}:${name}`,
    ),
  });
}
