import { BedrockClient } from '@aws-sdk/client-bedrock';
import { SSMClient } from '@aws-sdk/client-ssm';
import { createHandler, createSettingLifecycle } from '../../custom-resources/runtime.ts';
import { createEnforcedGuardrailSetting } from '../enforced-guardrail-setting.ts';

export const handler = createHandler(
  createSettingLifecycle(createEnforcedGuardrailSetting({ bedrock: new BedrockClient(), ssm: new SSMClient() })),
);
