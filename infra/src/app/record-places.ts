import type { Config, SecretRef } from '../../../src/config/index.ts';
import type { DataClass } from '../keys/data-classes.data.ts';
import type { RecordPlaces } from '../record/record-access.ts';
import type { Settings } from './settings.ts';

/** Where the record of a configuration is, with keys by their classes: what policies of roles are made from. */
export function toRecordPlaces(
  settings: Settings,
  keyOf: (of: DataClass) => string,
  made: Pick<RecordPlaces, 'state' | 'journal' | 'log'>,
): RecordPlaces {
  const { config, deploy } = settings;
  const { kms, root } = config.keys;
  const refs = [root, ...tokensOf(config), ...keyRefsOf(config)];
  const vault = config.audit.sinks.find((sink) => sink.kind === 's3');
  return {
    ...made,
    keys: {
      log: keyOf('log'),
      state: keyOf('state'),
      secrets: keyOf('secrets'),
      ...(kms === undefined ? {} : { record: keyOf('record') }),
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
