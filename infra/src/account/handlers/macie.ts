import { Macie2Client } from '@aws-sdk/client-macie2';
import { SSMClient } from '@aws-sdk/client-ssm';
import { createHandler, createSettingLifecycle } from '../../custom-resources/runtime.ts';
import { createMacieSetting } from '../macie-setting.ts';

export const handler = createHandler(
  createSettingLifecycle(createMacieSetting({ macie: new Macie2Client(), ssm: new SSMClient() })),
);
