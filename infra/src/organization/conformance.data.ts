/** Managed rules of AWS Config, by what they look at; parameters where a rule's own default is not ours. */
export const conformanceRules: readonly {
  readonly identifier: string;
  readonly parameters?: Readonly<Record<string, string>>;
}[] = [
  { identifier: 'CLOUD_TRAIL_ENABLED' },
  { identifier: 'CLOUD_TRAIL_ENCRYPTION_ENABLED' },
  { identifier: 'CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED' },
  { identifier: 'CLOUDWATCH_LOG_GROUP_ENCRYPTED' },
  { identifier: 'CMK_BACKING_KEY_ROTATION_ENABLED' },
  { identifier: 'DYNAMODB_PITR_ENABLED' },
  { identifier: 'DYNAMODB_TABLE_ENCRYPTED_KMS' },
  { identifier: 'GUARDDUTY_ENABLED_CENTRALIZED' },
  { identifier: 'IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS' },
  { identifier: 'KMS_CMK_NOT_SCHEDULED_FOR_DELETION' },
  { identifier: 'LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED' },
  { identifier: 'ROOT_ACCOUNT_MFA_ENABLED' },
  { identifier: 'S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED' },
  { identifier: 'S3_BUCKET_SSL_REQUESTS_ONLY' },
  { identifier: 'S3_BUCKET_VERSIONING_ENABLED' },
  { identifier: 'S3_DEFAULT_ENCRYPTION_KMS' },
  { identifier: 'SECRETSMANAGER_USING_CMK' },
  { identifier: 'SECURITYHUB_ENABLED' },
  { identifier: 'SNS_ENCRYPTED_KMS' },
  { identifier: 'VPC_DEFAULT_SECURITY_GROUP_CLOSED' },
  { identifier: 'VPC_FLOW_LOGS_ENABLED' },
];
