import { Aws } from 'aws-cdk-lib';
import type { DataClass } from '../keys/data-classes.data.ts';
import { toArn } from '../policy/arns.ts';
import type { Statement } from '../policy/policy-document.ts';
import { type RecordPlaces, recordStatements } from '../record/record-access.ts';
import { toTableArn } from '../record/table-properties.ts';
import { assumingStatements } from '../tenants/gateway-statements.ts';
import { modelStatements } from '../tenants/model-statements.ts';
import { toRecordPlaces } from './record-places.ts';
import { readSecretReferences } from './secret-references.ts';
import type { Settings } from './settings.ts';
import { planRoles } from './tenant-plan.ts';

/** Where the record is before its stack is made, by the names that the configuration has. */
export function toGatewayPlaces(settings: Settings, keyOf: (of: DataClass) => string): RecordPlaces {
  const { config, state, store } = settings;
  const places = toRecordPlaces(settings, keyOf, {
    state: toTableArn(state.table),
    journal: toTableArn(state.journalTable),
    log: {
      arn: store.bucket.startsWith('arn:') ? store.bucket : toBucketArn(store.bucket),
      prefix: store.prefix,
      removesSegments: config.tenants.some(({ retentionDays }) => retentionDays !== undefined),
    },
  });
  return { ...places, ...readSecretReferences(config) };
}

/**
 * What the gateway's own role may do: the record and the state, secrets, and to assume tenants' roles; models themselves
 * only where no provider has roles, since whoever has the gateway would have them then.
 */
export function gatewayStatements(settings: Settings, keyOf: (of: DataClass) => string): readonly Statement[] {
  const roles = planRoles(settings);
  return [
    ...recordStatements('gateway', toGatewayPlaces(settings, keyOf)),
    ...(roles.length === 0
      ? []
      : assumingStatements(settings.prefix, [...new Set(roles.map(({ account }) => account))])),
    ...ownModelStatements(settings),
  ];
}

/** Models that the gateway calls as itself: of providers without roles and without credentials of their own. */
export function ownModelStatements({ config }: Settings): readonly Statement[] {
  return config.providers.flatMap((provider) => {
    if (provider.kind !== 'bedrock' || provider.roles !== undefined || provider.credentials !== undefined) return [];
    const models = config.models.filter(({ provider: of }) => of === provider.name);
    const scope = { region: provider.region, account: Aws.ACCOUNT_ID, models };
    return modelStatements(scope).map((statement) => ({
      ...statement,
      Sid: `${statement.Sid}${toSid(provider.name)}`,
    }));
  });
}

function toSid(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]/g, '');
}

export function toBucketArn(bucket: string): string {
  return bucket.startsWith('arn:') ? bucket : toArn('s3', bucket, { region: '', account: '' });
}
