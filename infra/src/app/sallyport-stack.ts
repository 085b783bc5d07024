import { Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Settings } from './settings.ts';

export interface SallyportStackProps {
  readonly settings: Settings;
  /** Said of the stack in CloudFormation. */
  readonly description: string;
}

/**
 * A stack of one environment: named `Sallyport-ENVIRONMENT-PART`, in the configuration's Region and account, tagged,
 * and in production protected from being deleted.
 */
export class SallyportStack extends Stack {
  constructor(scope: Construct, part: string, { settings, description }: SallyportStackProps) {
    const { config, deploy } = settings;
    super(scope, `Sallyport-${config.environment}-${part}`, {
      description,
      env: { region: config.region, ...(deploy.account === undefined ? {} : { account: deploy.account }) },
      terminationProtection: config.production,
    });
    Tags.of(this).add('sallyport:environment', config.environment);
    for (const [name, value] of Object.entries(deploy.tags)) Tags.of(this).add(name, value);
  }
}
