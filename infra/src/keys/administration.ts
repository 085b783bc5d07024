import { accountPrincipal } from '../policy/arns.ts';
import type { Statement } from '../policy/policy-document.ts';

const ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:DisableKeyRotation',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListKeyRotations',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:ReplicateKey',
  'kms:RevokeGrant',
  'kms:RotateKeyOnDemand',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
  'kms:UpdatePrimaryRegion',
];

/**
 * Lets a key be administered by whom the account's own policies permit it. None of them lets anybody encrypt or decrypt,
 * as they could under `kms:*` (AWS KMS, "Default key policy").
 */
export function administeredByTheAccount(): Statement {
  return {
    Sid: 'AdministeredByTheAccount',
    Effect: 'Allow',
    Principal: accountPrincipal(),
    Action: ADMINISTRATION,
    Resource: '*',
  };
}
