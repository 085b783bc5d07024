import { Aws, aws_iam as iam, aws_kms as kms, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';

export interface ServiceKeyProps {
  /** The alias, without `alias/`. */
  readonly alias: string;
  readonly description: string;
  /** What services of AWS may do with the key, each under conditions that name this account. */
  readonly statements: readonly iam.PolicyStatement[];
}

/**
 * A KMS key that services of AWS write under: rotated each year, kept when the stack goes, its use by anybody else a
 * matter of this account's own policies. Each service is let in by a statement that names its resources here, so that
 * it does nothing for another account that asks it to (the confused deputy of the IAM User Guide).
 */
export class ServiceKey extends Construct {
  readonly keyArn: string;

  constructor(scope: Construct, id: string, { alias, description, statements }: ServiceKeyProps) {
    super(scope, id);
    const keyPolicy = new iam.PolicyDocument({ statements: [accountStatement(), grantsStatement(), ...statements] });
    const key = new kms.CfnKey(this, 'Key', {
      description,
      enableKeyRotation: true,
      keyPolicy,
      pendingWindowInDays: 30,
    });
    // What lies under it is gone with it.
    key.applyRemovalPolicy(RemovalPolicy.RETAIN);
    new kms.CfnAlias(this, 'Alias', { aliasName: `alias/${alias}`, targetKeyId: key.attrKeyId });
    this.keyArn = key.attrArn;
  }
}

/** Leaves the key to the account's own policies. Without it nobody could ever change the key again. */
function accountStatement(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'AccountPolicies',
    principals: [new iam.AccountRootPrincipal()],
    actions: ['kms:*'],
    resources: ['*'],
  });
}

/** Refuses grants but those that a service of AWS makes for a resource: they would last beyond every policy. */
function grantsStatement(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'GrantsOfServicesAlone',
    effect: iam.Effect.DENY,
    principals: [new iam.StarPrincipal()],
    actions: ['kms:CreateGrant'],
    resources: ['*'],
    conditions: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' } },
  });
}

/** CloudWatch Logs, for log groups whose names begin with one of these. */
export function logGroupsStatement(namePrefixes: readonly string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'LogGroups',
    principals: [new iam.ServicePrincipal(`logs.${Aws.REGION}.${Aws.URL_SUFFIX}`)],
    actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:GenerateDataKey'],
    resources: ['*'],
    conditions: {
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': namePrefixes.map(
          (prefix) => `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:${prefix}*`,
        ),
      },
    },
  });
}

export interface WriterStatement {
  readonly sid: string;
  /** Of a service, such as `bedrock.amazonaws.com`. */
  readonly service: string;
  /** What of this account it writes for: ARNs, with wildcards. */
  readonly sources: readonly string[];
}

/** A service that writes objects under the key into a bucket, for resources of this account alone. */
export function writerStatement({ sid, service, sources }: WriterStatement): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid,
    principals: [new iam.ServicePrincipal(service)],
    actions: ['kms:GenerateDataKey', 'kms:Encrypt'],
    resources: ['*'],
    conditions: {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      ArnLike: { 'aws:SourceArn': [...sources] },
    },
  });
}

/** Macie, which looks through buckets by its own role in this account, and can read only what it may decrypt. */
export function macieStatement(): iam.PolicyStatement {
  const role = 'aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie';
  return new iam.PolicyStatement({
    sid: 'MacieReads',
    // The role is made when Macie is switched on; a principal that is not there yet would be refused.
    principals: [new iam.AccountRootPrincipal()],
    actions: ['kms:Decrypt'],
    resources: ['*'],
    conditions: { ArnEquals: { 'aws:PrincipalArn': `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/${role}` } },
  });
}

/** Whoever of this account calls Bedrock, for what Bedrock itself keeps under the key, such as guardrails. */
export function bedrockCallersStatement(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'ThroughBedrock',
    principals: [new iam.AnyPrincipal()],
    actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey', 'kms:CreateGrant'],
    resources: ['*'],
    conditions: {
      StringEquals: {
        'kms:CallerAccount': Aws.ACCOUNT_ID,
        'kms:ViaService': `bedrock.${Aws.REGION}.${Aws.URL_SUFFIX}`,
      },
    },
  });
}
