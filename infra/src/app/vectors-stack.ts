import type { Construct } from 'constructs';
import { ConfigError } from '../../../src/config/index.ts';
import { toRoleArn } from '../policy/arns.ts';
import { TenantVectors } from '../vectors/tenant-vectors.ts';
import { readPublished, toParameters } from './published.ts';
import { SallyportStack } from './sallyport-stack.ts';
import type { Settings } from './settings.ts';

/** Vector collections of tenants. Throws a `ConfigError` for a tenant that has no role of its own, or does not exist. */
export class VectorsStack extends SallyportStack {
  constructor(scope: Construct, settings: Settings, vectors: NonNullable<Settings['deploy']['vectors']>) {
    super(scope, 'vectors', { settings, description: 'Sallyport: vectors of tenants' });
    const { config, prefix } = settings;
    const names = vectors.tenants ?? config.tenants.map(({ name }) => name);
    const problems: string[] = [];
    const tenants = names.map((name) => {
      const tenant = config.tenants.find((one) => one.name === name);
      if (tenant === undefined) problems.push(`\`deploy.vectors.tenants\`: there is no tenant ${name}`);
      else if (tenant.role === undefined)
        problems.push(`\`deploy.vectors\`: tenant ${name} has no \`role\` that could be let in`);
      return { name, principals: [toRoleArn(`${prefix}-tenant-${name}`, tenant?.account)] };
    });
    if (problems.length > 0) throw new ConfigError(problems);
    new TenantVectors(this, 'Vectors', {
      prefix,
      parameters: toParameters(settings),
      mode: vectors.mode,
      tenants,
      key: readPublished(this, settings, 'keys/vectors'),
      endpoint: vectors.endpoint ?? readPublished(this, settings, 'network/endpoints/aoss'),
      maxUnits: vectors.maxUnits,
    });
  }
}
