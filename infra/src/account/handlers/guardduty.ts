import { GuardDutyClient } from '@aws-sdk/client-guardduty';
import { SSMClient } from '@aws-sdk/client-ssm';
import { createHandler, createSettingLifecycle } from '../../custom-resources/runtime.ts';
import { createGuardDutySetting } from '../guardduty-setting.ts';

export const handler = createHandler(
  createSettingLifecycle(createGuardDutySetting({ guardDuty: new GuardDutyClient(), ssm: new SSMClient() })),
);
