import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { SSMClient } from '@aws-sdk/client-ssm';
import { createHandler, createSettingLifecycle } from '../../custom-resources/runtime.ts';
import { createSecurityHubSetting } from '../security-hub-setting.ts';

export const handler = createHandler(
  createSettingLifecycle(createSecurityHubSetting({ securityHub: new SecurityHubClient(), ssm: new SSMClient() })),
);
