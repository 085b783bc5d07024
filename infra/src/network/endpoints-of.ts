import { type EndpointService, endpointServices, type NetworkFeature } from './endpoint-services.data.ts';

export interface EndpointChoice {
  readonly features: readonly NetworkFeature[];
  /** Whether AWS is called at its FIPS 140-3 endpoints alone. */
  readonly fips?: boolean;
  /** Services whose endpoint the network has already, with private DNS: of each there can be one. */
  readonly existing?: readonly string[];
}

/** Services that these features call and the network has no endpoint of yet, each by the service that is called. */
export function endpointsOf({ features, fips = false, existing = [] }: EndpointChoice): readonly EndpointService[] {
  return endpointServices
    .filter((entry) => entry.features.some((feature) => features.includes(feature)))
    .map((entry) => (fips && entry.fips !== undefined ? { ...entry, service: entry.fips } : entry))
    .filter(({ service }) => !existing.includes(service));
}

/** Services that are called at a FIPS name for which AWS has no endpoint service: calls to them lead nowhere. */
export function withoutFips(features: readonly NetworkFeature[]): readonly string[] {
  return endpointsOf({ features, fips: true })
    .filter(({ kind, fips, service }) => kind === 'interface' && fips === undefined && CALLED.includes(service))
    .map(({ service }) => service);
}

/** Those that the gateway calls itself. What Fargate calls for a task, or callers, is at plain names. */
const CALLED = ['bedrock-runtime', 'sts', 'kms', 'secretsmanager', 'ssm'];
