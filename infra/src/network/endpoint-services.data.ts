import { Aws } from 'aws-cdk-lib';

/** What a deployment has enabled, by what it makes the network reach. */
export const networkFeatures = [
  'record',
  'bedrock',
  'roles',
  'kms',
  'secrets',
  'parameters',
  'container',
  'restApi',
  'workflow',
  'vectors',
  'bedrockSettings',
  'baseline',
  'metricsApi',
  'tracing',
  'events',
  'topics',
  'queues',
  'comprehend',
  'comprehendMedical',
] as const;

export type NetworkFeature = (typeof networkFeatures)[number];

/** A service of AWS that a network without a way out reaches by an endpoint of its own. */
export interface EndpointService {
  /** What stands behind `com.amazonaws.REGION.` in the endpoint's service name. */
  readonly service: string;
  readonly kind: 'interface' | 'gateway' | 'collection';
  /** Any of these needs it. */
  readonly features: readonly NetworkFeature[];
  /** US dollars for an hour in one Availability Zone, without data: list price of us-east-1. */
  readonly hourlyUsd: number;
  /** Whether it takes a policy (AWS PrivateLink guide, services that integrate). */
  readonly hasPolicy: boolean;
  /** The same by FIPS 140-3 endpoints, where AWS has that as an endpoint service. */
  readonly fips?: string;
  /** Names that lead to it, which the network's resolver lets through. */
  readonly names: readonly string[];
}

const region = `${Aws.REGION}.${Aws.URL_SUFFIX}`;
const HOURLY_USD = 0.01;

function interfaceTo(service: string, features: readonly NetworkFeature[], fips?: string): EndpointService {
  const names = [service, ...(fips === undefined ? [] : [fips])].map((host) => `${host}.${region}`);
  const more = fips === undefined ? {} : { fips };
  return { service, kind: 'interface', features, hourlyUsd: HOURLY_USD, hasPolicy: true, names, ...more };
}

/**
 * Service, and which feature calls it. The last seven features are of no part of the gateway: they are for what a
 * deployment puts beside it.
 */
export const endpointServices: readonly EndpointService[] = [
  {
    service: 's3',
    kind: 'gateway',
    features: ['record', 'container', 'workflow'],
    hourlyUsd: 0,
    hasPolicy: true,
    names: ['s3', 's3-fips', '*.s3', '*.s3-fips', '*.s3-accesspoint', '*.s3-accesspoint-fips'].map(
      (host) => `${host}.${region}`,
    ),
  },
  {
    service: 'dynamodb',
    kind: 'gateway',
    features: ['record'],
    hourlyUsd: 0,
    hasPolicy: true,
    // The second is what the SDK calls where it knows the account.
    names: [`dynamodb.${region}`, `*.ddb.${region}`, `dynamodb-fips.${region}`],
  },
  interfaceTo('bedrock-runtime', ['bedrock'], 'bedrock-runtime-fips'),
  interfaceTo('sts', ['roles'], 'sts-fips'),
  interfaceTo('kms', ['kms'], 'kms-fips'),
  interfaceTo('secretsmanager', ['secrets']),
  interfaceTo('ssm', ['parameters'], 'ssm-fips'),
  interfaceTo('logs', ['container']),
  { ...interfaceTo('ecr.api', ['container']), names: [`api.ecr.${region}`] },
  { ...interfaceTo('ecr.dkr', ['container']), names: [`dkr.ecr.${region}`, `*.dkr.ecr.${region}`] },
  { ...interfaceTo('execute-api', ['restApi']), names: [`*.execute-api.${region}`] },
  interfaceTo('states', ['workflow']),
  {
    service: 'aoss',
    kind: 'collection',
    features: ['vectors'],
    hourlyUsd: HOURLY_USD,
    hasPolicy: false,
    names: [`*.${Aws.REGION}.aoss.${Aws.URL_SUFFIX}`],
  },
  interfaceTo('bedrock', ['bedrockSettings'], 'bedrock-fips'),
  interfaceTo('guardduty', ['baseline'], 'guardduty-fips'),
  interfaceTo('macie2', ['baseline']),
  interfaceTo('securityhub', ['baseline']),
  interfaceTo('monitoring', ['metricsApi']),
  interfaceTo('xray', ['tracing']),
  interfaceTo('events', ['events']),
  interfaceTo('sns', ['topics']),
  interfaceTo('sqs', ['queues'], 'sqs-fips'),
  interfaceTo('comprehend', ['comprehend']),
  interfaceTo('comprehendmedical', ['comprehendMedical']),
];
