import { toText } from './issues.ts';
import { type ReferenceProblem, valueAt } from './references.ts';
import type { Path } from './yaml-document.ts';

/** Regions with FIPS 140-3 endpoints of the service (aws.amazon.com/compliance/fips). */
const NORTH_AMERICA = /^(?:us|ca)-/;
const BEDROCK = /^(?:us-east-[12]|us-west-2|ca-central-1|us-gov-(?:east|west)-1)$/;
/** All of the partitions `aws` and `aws-us-gov`. */
const KMS = /^(?!cn-|us-iso)/;

/** A place in the configuration that decides which endpoint a service is called at. */
interface ServiceUse {
  readonly service: string;
  readonly regions: RegExp;
  readonly path: Path;
  readonly region: unknown;
  readonly endpoint: unknown;
}

/**
 * What `fips: true` does not go with: primitives that are not approved, a cipher that is in no validated module, and
 * services in regions where no FIPS endpoint of theirs is known. Reads the document as it is.
 */
export function findFipsProblems(document: unknown): readonly ReferenceProblem[] {
  if (valueAt(document, ['fips']) !== true) return [];
  return [...unapproved(document), ...usesOf(document).filter(isWithoutEndpoint).map(toProblem)];
}

function unapproved(document: unknown): readonly ReferenceProblem[] {
  const passphrase = ['keys', 'passphrase'];
  const state = ['state', 'kind'];
  return [
    ...(valueAt(document, passphrase) === undefined
      ? []
      : [{ path: passphrase, text: '`keys.passphrase`: scrypt is not approved; with `fips` there is `keys.root`' }]),
    ...((valueAt(document, state) ?? 'file') === 'file'
      ? [
          {
            path: state,
            text: '`state.kind`: the cipher of state in a file is in no validated module; `fips` takes `dynamodb`',
          },
        ]
      : []),
  ];
}

function isWithoutEndpoint({ region, regions, endpoint }: ServiceUse): boolean {
  return endpoint === undefined && typeof region === 'string' && !regions.test(region);
}

function toProblem({ service, path, region }: ServiceUse): ReferenceProblem {
  // A region is of letters, digits and hyphens, or the schema says so at the same place.
  const where = /^[a-z0-9-]{1,32}$/.test(String(region)) ? ` in ${region}` : '';
  return {
    path,
    text: `\`${toText(path)}\`: no FIPS endpoint of ${service} is known${where}; give an endpoint that is one`,
  };
}

function usesOf(document: unknown): readonly ServiceUse[] {
  return [
    ...bedrockUses(document),
    ...placeUses(document),
    ...kmsUses(document),
    ...secretUses(document, document, []),
  ];
}

/** Bedrock itself, and STS where roles are assumed for it. */
function bedrockUses(document: unknown): readonly ServiceUse[] {
  const sts = valueAt(document, ['aws', 'endpoints', 'sts']);
  return entriesOf(document, 'providers').flatMap(([at, provider]) => {
    if (valueAt(provider, ['kind']) !== 'bedrock') return [];
    const path = ['providers', at, 'region'];
    const use = { path, region: valueAt(provider, ['region']) };
    const called = { ...use, service: 'Amazon Bedrock', regions: BEDROCK, endpoint: valueAt(provider, ['endpoint']) };
    if (valueAt(provider, ['roles']) === undefined) return [called];
    const tenants = entriesOf(document, 'tenants').flatMap(([tenant, entry]) => {
      const region = valueAt(entry, ['region']);
      if (region === undefined) return [];
      const there = { path: ['tenants', tenant, 'region'], region };
      return [
        { ...called, ...there },
        { ...there, service: 'AWS STS', regions: NORTH_AMERICA, endpoint: sts },
      ];
    });
    return [called, { ...use, service: 'AWS STS', regions: NORTH_AMERICA, endpoint: sts }, ...tenants];
  });
}

function placeUses(document: unknown): readonly ServiceUse[] {
  const sinks = entriesOf(valueAt(document, ['audit']), 'sinks').map(([at]) => ['audit', 'sinks', at]);
  const places = [
    ...[['audit', 'store'], ...sinks].map((path) => ({ path, kind: 's3', service: 'Amazon S3' })),
    { path: ['state'], kind: 'dynamodb', service: 'Amazon DynamoDB' },
  ];
  return places.flatMap(({ path, kind, service }) => {
    const place = valueAt(document, path);
    if (valueAt(place, ['kind']) !== kind) return [];
    const [region, endpoint] = [valueAt(place, ['region']), valueAt(place, ['endpoint'])];
    return [{ service, regions: NORTH_AMERICA, path: [...path, 'region'], region, endpoint }];
  });
}

function kmsUses(document: unknown): readonly ServiceUse[] {
  const path = ['keys', 'kms', 'key'];
  const key = valueAt(document, path);
  // Whoever reads the ARN that is elsewhere looks at its region then.
  const region = regionOf(key) ?? (typeof key === 'object' ? valueAt(document, ['region']) : undefined);
  const endpoint = valueAt(document, ['keys', 'kms', 'endpoint']);
  return [{ service: 'AWS KMS', regions: KMS, path, region, endpoint }];
}

const SECRET_SERVICES = [
  ['secretsManager', 'AWS Secrets Manager'],
  ['ssm', 'AWS Systems Manager'],
] as const;

/** References to secrets, wherever they stand. */
function secretUses(document: unknown, value: unknown, path: Path): readonly ServiceUse[] {
  if (typeof value !== 'object' || value === null || (path[0] === 'aws' && path.length === 1)) return [];
  const here = SECRET_SERVICES.flatMap(([key, service]) => {
    const id = valueAt(value, [key]);
    if (typeof id !== 'string') return [];
    const region = regionOf(id) ?? valueAt(document, ['region']);
    const endpoint = valueAt(document, ['aws', 'endpoints', key]);
    return [{ service, regions: NORTH_AMERICA, path: [...path, key], region, endpoint }];
  });
  const keys = Array.isArray(value) ? value.keys() : Object.keys(value);
  return [...here, ...[...keys].flatMap((key) => secretUses(document, valueAt(value, [key]), [...path, key]))];
}

/** Of an ARN: `arn:PARTITION:SERVICE:REGION:ACCOUNT:…`. */
function regionOf(id: unknown): string | undefined {
  const [arn, , , region] = typeof id === 'string' ? id.split(':') : [];
  return arn === 'arn' ? region : undefined;
}

function entriesOf(value: unknown, key: string): readonly (readonly [number, unknown])[] {
  const entries = valueAt(value, [key]);
  return Array.isArray(entries) ? [...entries.entries()] : [];
}
