import { toTableArn } from '../record/table-properties.ts';
import type { TenantData } from '../tenants/tenant-statements.ts';
import { toBucketArn } from './gateway-access.ts';
import type { Settings } from './settings.ts';

/** What belongs to tenants of the gateway's account beside models, as far as their roles are to have it. */
export function toTenantData(
  { config, deploy, state }: Settings,
  keyOf: (dataClass: 'state' | 'workflow') => string,
): TenantData {
  const { workflow } = config;
  const { readsState, exchanges } = deploy.tenants;
  return {
    ...(readsState ? { state: { table: toTableArn(state.table), key: keyOf('state') } } : {}),
    ...(exchanges && workflow !== undefined
      ? { exchange: { bucket: toBucketArn(workflow.bucket), key: keyOf('workflow'), prefix: workflow.prefix } }
      : {}),
  };
}
