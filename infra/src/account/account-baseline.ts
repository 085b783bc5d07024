import { Aws, aws_iam as iam } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ServiceBucket } from '../keys/service-bucket.ts';
import { ServiceKey, writerStatement } from '../keys/service-key.ts';
import { type AccountPlace, AccountSetting, settingStatement } from './account-setting.ts';

/** `create` where there is none yet, `adopt` what is there, `off` leaves it alone. */
export type Mode = 'adopt' | 'create' | 'off';

export interface AccountBaselineProps {
  readonly place: AccountPlace;
  /** Default: `create`. */
  readonly guardDuty?: Mode;
  /** Default: `create`. */
  readonly securityHub?: Mode;
  /** Default: `create`. */
  readonly macie?: Mode;
  /**
   * Groups of buckets that Macie looks through each week, by name: documents, invocation logs, and logs that should have
   * no personal data in them. Bodies of the gateway's record it cannot read: they came encrypted. Default: none.
   */
  readonly macieJobs?: Readonly<Record<string, readonly string[]>>;
  /** How long Bedrock may keep what it gets, by its own names. Default: `none` alone. */
  readonly dataRetention?: readonly string[];
}

/** Beyond what GuardDuty always looks at. */
const FEATURES = ['S3_DATA_EVENTS', 'LAMBDA_NETWORK_LOGS', 'AI_PROTECTION'];
const FINDINGS_DAYS = 400;

/**
 * What an account has once in a Region: GuardDuty, Security Hub with the standard for AI, Macie, and the assertion of
 * how long Bedrock keeps what it gets. Each is looked at before it is touched; what somebody else set up is refused, or
 * adopted where that is asked for, and is there again as it was when the stack is gone.
 */
export class AccountBaseline extends Construct {
  constructor(scope: Construct, id: string, props: AccountBaselineProps) {
    super(scope, id);
    const { guardDuty = 'create', securityHub = 'create', macie = 'create', dataRetention = ['none'] } = props;
    if (guardDuty !== 'off') addGuardDuty(this, props.place, guardDuty);
    if (securityHub !== 'off') addSecurityHub(this, props.place, securityHub);
    if (macie !== 'off') addMacie(this, props, macie);
    new AccountSetting(this, 'DataRetention', {
      place: props.place,
      name: 'data-retention',
      resourceType: 'Custom::SallyportDataRetention',
      description: 'Looks how long Bedrock keeps what it gets.',
      statements: [settingStatement('DataRetention', ['bedrock:GetAccountDataRetention'])],
      properties: { Allowed: [...dataRetention] },
    });
  }
}

function addGuardDuty(scope: Construct, place: AccountPlace, mode: 'adopt' | 'create'): void {
  new AccountSetting(scope, 'GuardDuty', {
    place,
    name: 'guardduty',
    resourceType: 'Custom::SallyportGuardDuty',
    description: 'Sets GuardDuty.',
    statements: [
      settingStatement('GuardDuty', ['guardduty:ListDetectors', 'guardduty:GetAdministratorAccount']),
      new iam.PolicyStatement({
        sid: 'GuardDutyDetector',
        actions: [
          ...['guardduty:GetDetector', 'guardduty:UpdateDetector'],
          ...(mode === 'create' ? ['guardduty:DeleteDetector'] : []),
        ],
        resources: [`arn:${Aws.PARTITION}:guardduty:${Aws.REGION}:${Aws.ACCOUNT_ID}:detector/*`],
      }),
      ...(mode === 'create'
        ? [
            settingStatement('GuardDutyCreate', ['guardduty:CreateDetector']),
            serviceRoleStatement('guardduty.amazonaws.com'),
          ]
        : []),
    ],
    properties: { Mode: mode, Features: FEATURES },
  });
}

function addSecurityHub(scope: Construct, place: AccountPlace, mode: 'adopt' | 'create'): void {
  const standard = (name: string) => `arn:${Aws.PARTITION}:securityhub:${Aws.REGION}::standards/${name}`;
  new AccountSetting(scope, 'SecurityHub', {
    place,
    name: 'security-hub',
    resourceType: 'Custom::SallyportSecurityHub',
    description: 'Sets Security Hub and its standards.',
    statements: [
      settingStatement('SecurityHub', [
        ...['securityhub:DescribeHub', 'securityhub:GetEnabledStandards'],
        ...['securityhub:BatchEnableStandards', 'securityhub:BatchDisableStandards'],
        ...(mode === 'create' ? ['securityhub:EnableSecurityHub', 'securityhub:DisableSecurityHub'] : []),
      ]),
      ...(mode === 'create' ? [serviceRoleStatement('securityhub.amazonaws.com')] : []),
    ],
    properties: {
      Mode: mode,
      Standards: [
        standard('ai-security-best-practices/v/1.0.0'),
        standard('aws-foundational-security-best-practices/v/1.0.0'),
      ],
    },
  });
}

function addMacie(scope: Construct, { place, macieJobs = {} }: AccountBaselineProps, mode: 'adopt' | 'create'): void {
  const sources = ['export-configuration:*', 'classification-job/*'].map(
    (each) => `arn:${Aws.PARTITION}:macie2:${Aws.REGION}:${Aws.ACCOUNT_ID}:${each}`,
  );
  const { keyArn } = new ServiceKey(scope, 'FindingsKey', {
    alias: `${place.prefix}-findings`,
    description: 'What Macie finds',
    statements: [writerStatement({ sid: 'Macie', service: 'macie.amazonaws.com', sources })],
  });
  const bucket = new ServiceBucket(scope, 'Findings', {
    bucketName: `${place.prefix}-findings-${Aws.ACCOUNT_ID}`,
    keyArn,
    days: FINDINGS_DAYS,
    content: 'places-of-personal-data',
    statements: (bucketArn) => [
      new iam.PolicyStatement({
        sid: 'Macie',
        principals: [new iam.ServicePrincipal('macie.amazonaws.com')],
        actions: ['s3:GetBucketLocation', 's3:PutObject'],
        resources: [bucketArn, `${bucketArn}/macie/*`],
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnLike: { 'aws:SourceArn': sources },
        },
      }),
    ],
  });
  const { resource } = new AccountSetting(scope, 'Macie', {
    place,
    name: 'macie',
    resourceType: 'Custom::SallyportMacie',
    description: 'Sets Macie and its jobs.',
    statements: macieStatements(mode),
    properties: {
      Mode: mode,
      Account: Aws.ACCOUNT_ID,
      Prefix: place.prefix,
      ResultsBucket: bucket.bucketName,
      ResultsKey: keyArn,
      Jobs: Object.entries(macieJobs).map(([Name, Buckets]) => ({ Name, Buckets: [...Buckets] })),
    },
  });
  resource.node.addDependency(bucket.policy);
}

function macieStatements(mode: 'adopt' | 'create'): readonly iam.PolicyStatement[] {
  return [
    settingStatement('Macie', [
      ...['macie2:GetMacieSession', 'macie2:UpdateMacieSession'],
      ...['macie2:GetAutomatedDiscoveryConfiguration', 'macie2:UpdateAutomatedDiscoveryConfiguration'],
      ...['macie2:GetClassificationExportConfiguration', 'macie2:PutClassificationExportConfiguration'],
      'macie2:ListClassificationJobs',
      ...(mode === 'create' ? ['macie2:EnableMacie', 'macie2:DisableMacie'] : []),
    ]),
    new iam.PolicyStatement({
      sid: 'MacieJobs',
      actions: ['macie2:CreateClassificationJob', 'macie2:UpdateClassificationJob'],
      resources: [`arn:${Aws.PARTITION}:macie2:${Aws.REGION}:${Aws.ACCOUNT_ID}:classification-job/*`],
    }),
    ...(mode === 'create' ? [serviceRoleStatement('macie.amazonaws.com')] : []),
  ];
}

/** The first that switches a service on has its role made. */
function serviceRoleStatement(service: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'ServiceRole',
    actions: ['iam:CreateServiceLinkedRole'],
    resources: [`arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/aws-service-role/${service}/*`],
    conditions: { StringEquals: { 'iam:AWSServiceName': service } },
  });
}
