import { type BedrockClient, GetAccountDataRetentionCommand } from '@aws-sdk/client-bedrock';
import { type Lifecycle, Refusal, readTexts } from '../custom-resources/runtime.ts';

/**
 * That Bedrock keeps what it gets for no longer than is agreed: looked at with each deployment, and never changed. Who
 * changes it decides on a contract; Bedrock's own modes are `none`, `default`, `inherit`, `aws_review` and
 * `provider_data_share`, which hands prompts to the makers of models.
 *
 * Source: Amazon Bedrock API Reference, `GetAccountDataRetention`.
 */
export function createDataRetentionCheck(bedrock: BedrockClient): Lifecycle {
  return {
    physicalId: 'sallyport-data-retention',
    async put(properties) {
      const allowed = readTexts(properties, 'Allowed');
      const { mode = 'unknown' } = await bedrock.send(new GetAccountDataRetentionCommand());
      if (!allowed.includes(mode)) {
        throw new Refusal(`Bedrock's data retention of the account is \`${mode}\`, and may be ${allowed.join(' or ')}`);
      }
      return { Mode: mode };
    },
    remove: async () => undefined,
  };
}
