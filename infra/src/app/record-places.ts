import type { Stack } from 'aws-cdk-lib';
import type { Config, SecretRef } from '../../../src/config/index.ts';
import type { RecordPlaces } from '../record/record-access.ts';
import { readPublished } from './published.ts';
import type { Settings } from './settings.ts';

/** Where the record of a configuration is, with keys as they were published: what policies of roles are made from. */
export function toRecordPlaces(
  stack: Stack,
  settings: Settings,
  made: Pick<RecordPlaces, 'state' | 'journal' | 'log'>,
): RecordPlaces {
  const { config, deploy } = settings;
  const key = (of: string) => readPublished(stack, settings, `keys/${of}`);
  const { kms, root } = config.keys;
  const refs = [root, ...tokensOf(config), ...keyRefsOf(config)];
  const vault = config.audit.sinks.find((sink) => sink.kind === 's3');
  return {
    ...made,
    keys: {
      log: key('log'),
      state: key('state'),
      secrets: key('secrets'),
      ...(kms === undefined ? {} : { record: key('record') }),
    },
    tenants: [...new Set([...config.tenants.map(({ name }) => name), ...deploy.record.formerTenants])],
    otherKeys: [...Object.values(kms?.tenants ?? {}), ...(kms?.formerKeys ?? []), kms?.key].filter(isArn),
    secrets: unique(refs.flatMap((ref) => (ref !== undefined && 'secretsManager' in ref ? [ref.secretsManager] : []))),
    parameters: unique(refs.flatMap((ref) => (ref !== undefined && 'ssm' in ref ? [ref.ssm] : []))),
    ...(vault === undefined
      ? {}
      : {
          vault: {
            bucket: vault.bucket,
            prefix: vault.prefix,
            ...(vault.kmsKeyId?.startsWith('arn:') ? { key: vault.kmsKeyId } : {}),
          },
        }),
  };
}

function tokensOf({ audit }: Config): readonly SecretRef[] {
  return audit.sinks.flatMap((sink) => (sink.kind === 'webhook' && sink.token !== undefined ? [sink.token] : []));
}

function keyRefsOf({ keys }: Config): readonly SecretRef[] {
  const { kms } = keys;
  if (kms === undefined) return [];
  return [kms.key, ...Object.values(kms.tenants), ...kms.formerKeys].filter((ref) => typeof ref !== 'string');
}

function isArn(key: unknown): key is string {
  return typeof key === 'string';
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
