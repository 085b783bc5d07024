import { BedrockClient } from '@aws-sdk/client-bedrock';
import { createHandler } from '../../custom-resources/runtime.ts';
import { createDataRetentionCheck } from '../data-retention.ts';

export const handler = createHandler(createDataRetentionCheck(new BedrockClient()));
