import { Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConfigError } from '../../../src/config/index.ts';
import { Vault } from '../record/vault.ts';
import type { Settings } from './settings.ts';

/**
 * The bucket of checkpoints, in the account of `deploy.vault`: deployed with credentials of that account, by who does not
 * administer the gateway. Throws a `ConfigError` where no sink is there for it, or it would be in the gateway's account.
 */
export class VaultStack extends Stack {
  constructor(scope: Construct, settings: Settings, vault: NonNullable<Settings['deploy']['vault']>) {
    const { config, deploy, prefix } = settings;
    super(scope, `Sallyport-${config.environment}-vault`, {
      description: 'Sallyport: checkpoints of the log, kept by another account',
      env: { account: vault.account, region: vault.region },
      terminationProtection: config.production,
    });
    Tags.of(this).add('sallyport:environment', config.environment);
    for (const [name, value] of Object.entries(deploy.tags)) Tags.of(this).add(name, value);
    const sink = config.audit.sinks.find((one) => one.kind === 's3');
    const problems: string[] = [];
    if (sink === undefined)
      problems.push('`deploy.vault` needs a sink of `audit.sinks` of `kind: s3`, whose bucket it makes');
    if (sink !== undefined && sink.region !== vault.region) {
      problems.push(`the sink ${sink.name} is in ${sink.region}, and \`deploy.vault.region\` is ${vault.region}`);
    }
    if (sink?.expectedBucketOwner !== undefined && sink.expectedBucketOwner !== vault.account) {
      problems.push(
        `the sink ${sink.name} expects a bucket of ${sink.expectedBucketOwner}, not of \`deploy.vault.account\``,
      );
    }
    if (deploy.account === undefined) {
      problems.push('`deploy.account` is missing: the vault lets nobody but that account write');
    }
    if (deploy.account === vault.account) {
      problems.push(
        '`deploy.vault.account` is `deploy.account`: who administers the log would administer its checkpoints',
      );
    }
    if (sink === undefined || deploy.account === undefined || problems.length > 0) throw new ConfigError(problems);
    new Vault(this, 'Vault', {
      prefix,
      bucketName: sink.bucket,
      keyPrefix: sink.prefix,
      writerAccount: deploy.account,
      lockedDays: vault.lockedDays,
      lockMode: vault.lockMode === 'governance' ? 'GOVERNANCE' : 'COMPLIANCE',
      isUnderItsKey: sink.kmsKeyId?.startsWith('arn:') === true,
    });
  }
}
