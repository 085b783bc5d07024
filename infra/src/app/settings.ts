import { type Config, ConfigError } from '../../../src/config/index.ts';

/** A configuration that says where it is deployed, and keeps nothing durable on a disk. */
export interface Settings {
  readonly config: Config;
  readonly deploy: NonNullable<Config['deploy']>;
  readonly state: Extract<Config['state'], { kind: 'dynamodb' }>;
  readonly store: Extract<Config['audit']['store'], { kind: 's3' }>;
  /** What every name of ours begins with: `sallyport-prod`. */
  readonly prefix: string;
}

/** Takes a configuration for deployment. Throws a `ConfigError` that lists what keeps it from that. */
export function toSettings(config: Config): Settings {
  const { deploy, state, audit } = config;
  const problems: string[] = [];
  if (deploy === undefined) problems.push('`deploy` is missing: it says what is made in AWS');
  if (state.kind !== 'dynamodb')
    problems.push('`state.kind` must be `dynamodb`: no disk outlives a task or a function');
  if (audit.store.kind !== 's3')
    problems.push('`audit.store.kind` must be `s3`: no disk outlives a task or a function');
  if (audit.sequencer !== 'elsewhere')
    problems.push('`audit.sequencer` must be `elsewhere`: a function takes the log on');
  if (config.keys.root === undefined) problems.push('`keys.root` is missing: a key file would be on a disk');
  for (const part of [state, audit.store]) {
    if ('region' in part && part.region !== config.region) {
      problems.push(`\`${part.kind}\` is in ${part.region}: everything deployed is in \`region\`, ${config.region}`);
    }
  }
  if (deploy === undefined || state.kind !== 'dynamodb' || audit.store.kind !== 's3' || problems.length > 0) {
    throw new ConfigError(problems);
  }
  return { config, deploy, state, store: audit.store, prefix: `sallyport-${config.environment}` };
}
