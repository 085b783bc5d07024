import { BedrockClient } from '@aws-sdk/client-bedrock';
import { SSMClient } from '@aws-sdk/client-ssm';
import { createHandler, createSettingLifecycle } from '../../custom-resources/runtime.ts';
import { createInvocationLoggingSetting } from '../invocation-logging-setting.ts';

/** The function behind `InvocationLogging`. */
export const handler = createHandler(
  createSettingLifecycle(createInvocationLoggingSetting({ bedrock: new BedrockClient(), ssm: new SSMClient() })),
);
