import { Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { OrganizationGuards } from '../organization/organization-guards.ts';
import type { OrganizationRules } from '../organization/organization-rules.ts';
import type { Settings } from './settings.ts';

type Organization = NonNullable<Settings['deploy']['organization']>;

/** A Region's first word tells its partition; all others are AWS's own. */
const PARTITIONS: Readonly<Record<string, string>> = { cn: 'aws-cn', 'us-gov': 'aws-us-gov' };
/** What ids of profiles begin with, and no id of a model. */
const GEOGRAPHY = /^(us|us-gov|eu|apac|au|ca|jp|global)\.(.+)$/;

/** Policies of the organization, in its management account: deployed with credentials of that account. */
export class OrganizationStack extends Stack {
  constructor(scope: Construct, settings: Settings, organization: Organization) {
    const { config, deploy } = settings;
    super(scope, `Sallyport-${config.environment}-organization`, {
      description: 'Sallyport: what no account of the organization may do',
      env: { account: organization.account, region: config.region },
      terminationProtection: config.production,
    });
    for (const [name, value] of Object.entries(deploy.tags)) Tags.of(this).add(name, value);
    new OrganizationGuards(this, 'Guards', {
      rules: toRules(settings, organization),
      targets: organization.targets,
    });
  }
}

/** The models that the configuration lists, where it calls them. */
export function toRules({ config }: Settings, organization: Organization): OrganizationRules {
  const providers = config.providers.filter(({ kind }) => kind === 'bedrock');
  const called = config.models.filter(({ provider }) => providers.some(({ name }) => name === provider));
  const ids = called.flatMap(({ id, providerModelId }) => [providerModelId.startsWith('arn:') ? id : providerModelId]);
  const regions = providers.flatMap((provider) => ('region' in provider ? [provider.region] : []));
  const tenants = config.tenants.flatMap(({ region }) => (region === undefined ? [] : [region]));
  const partition = Object.entries(PARTITIONS).find(([first]) => config.region.startsWith(`${first}-`))?.[1] ?? 'aws';
  return {
    partition,
    organization: organization.id,
    regions: [...new Set([...regions, ...tenants])].toSorted(),
    models: [...new Set(ids.map((id) => GEOGRAPHY.exec(id)?.[2] ?? id))].toSorted(),
    geographies: [...new Set(ids.flatMap((id) => GEOGRAPHY.exec(id)?.[1] ?? []))].toSorted(),
    sageMakerEndpoints: organization.sageMakerEndpoints,
    lexBots: organization.lexBots,
  };
}
