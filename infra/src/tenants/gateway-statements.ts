import { toRoleArn } from '../policy/arns.ts';
import type { Statement } from '../policy/policy-document.ts';

/** What the gateway's role needs to assume tenants' roles: those of its own environment, in these accounts. */
export function assumingStatements(prefix: string, accounts: readonly (string | undefined)[]): readonly Statement[] {
  const roles = accounts.flatMap((account) =>
    ['tenant-*', 'pool-*', 'embeds-*'].map((name) => toRoleArn(`${prefix}-${name}`, account)),
  );
  return [
    {
      Sid: 'AssumeRolesOfTenants',
      Effect: 'Allow',
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Resource: roles,
    },
  ];
}
