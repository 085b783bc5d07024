import {
  type BedrockClient,
  DeleteModelInvocationLoggingConfigurationCommand,
  GetModelInvocationLoggingConfigurationCommand,
  type LoggingConfig,
  PutModelInvocationLoggingConfigurationCommand,
} from '@aws-sdk/client-bedrock';
import type { SSMClient } from '@aws-sdk/client-ssm';
import {
  createMemory,
  type Properties,
  Refusal,
  readChoice,
  readText,
  type Setting,
} from '../custom-resources/runtime.ts';

/** What is logged: everything that goes in and out, whatever its form. A modality left out is a road unseen. */
const everything = {
  textDataDeliveryEnabled: true,
  imageDataDeliveryEnabled: true,
  embeddingDataDeliveryEnabled: true,
  videoDataDeliveryEnabled: true,
  audioDataDeliveryEnabled: true,
} satisfies LoggingConfig;

interface Wanted {
  /** `create`: ours, where there was none. `adopt`: what is there stays, and what it does not log is switched on. */
  readonly mode: 'adopt' | 'create';
  readonly memory: string;
  readonly ours: LoggingConfig;
}

interface Found {
  readonly config?: LoggingConfig;
}

export interface InvocationLoggingClients {
  readonly bedrock: BedrockClient;
  readonly ssm: SSMClient;
}

/**
 * Bedrock's model invocation logging, of which an account has one in a Region.
 *
 * Source: Amazon Bedrock User Guide, "Monitor model invocation using CloudWatch Logs and Amazon S3". It sees calls at
 * `bedrock-runtime` alone: what goes by `bedrock-mantle` is not logged, which is why that is denied elsewhere.
 */
export function createInvocationLoggingSetting({ bedrock, ssm }: InvocationLoggingClients): Setting<Wanted, Found> {
  async function read(): Promise<Found> {
    const { loggingConfig } = await bedrock.send(new GetModelInvocationLoggingConfigurationCommand());
    return hasDestination(loggingConfig) ? { config: loggingConfig } : {};
  }

  const write = (loggingConfig: LoggingConfig) =>
    bedrock.send(new PutModelInvocationLoggingConfigurationCommand({ loggingConfig }));

  return {
    physicalId: 'sallyport-invocation-logging',
    parse,
    memory: ({ memory }) => createMemory(ssm, memory),
    read,
    check({ config }, { mode }) {
      if (mode === 'create' && config !== undefined) {
        throw new Refusal(
          'invocation logging is configured here already, by somebody else: take it over with `adopt`, or leave it `off`',
        );
      }
      if (mode === 'adopt' && config === undefined) {
        throw new Refusal('there is no invocation logging here to adopt: make it with `create`');
      }
    },
    async apply({ mode, ours }, found) {
      if (mode === 'create') {
        await write({ ...ours, ...everything });
        return { Destinations: describeDestinations(ours) };
      }
      const { config = found.config ?? {} } = await read();
      await write({ ...config, ...everything });
      return { Destinations: describeDestinations(config) };
    },
    async restore(found, wanted) {
      const { config } = await read();
      const expected = wanted.mode === 'create' ? wanted.ours : (found.config ?? {});
      // Whoever changed it since has it now.
      if (config === undefined || !haveSameDestinations(config, expected)) return;
      if (found.config === undefined) await bedrock.send(new DeleteModelInvocationLoggingConfigurationCommand());
      else await write(found.config);
    },
  };
}

function parse(properties: Properties): Wanted {
  const mode = readChoice(properties, 'Mode', ['adopt', 'create']);
  const memory = readText(properties, 'Memory');
  if (mode === 'adopt') return { mode, memory, ours: {} };
  const bucketName = readText(properties, 'Bucket');
  const ours: LoggingConfig = {
    cloudWatchConfig: {
      logGroupName: readText(properties, 'LogGroup'),
      roleArn: readText(properties, 'Role'),
      largeDataDeliveryS3Config: { bucketName, keyPrefix: 'large' },
    },
    s3Config: { bucketName, keyPrefix: 'records' },
  };
  return { mode, memory, ours };
}

function hasDestination(config: LoggingConfig | undefined): config is LoggingConfig {
  return Boolean(config?.cloudWatchConfig?.logGroupName) || Boolean(config?.s3Config?.bucketName);
}

function haveSameDestinations(one: LoggingConfig, other: LoggingConfig): boolean {
  return describeDestinations(one) === describeDestinations(other);
}

function describeDestinations({ cloudWatchConfig, s3Config }: LoggingConfig): string {
  return [cloudWatchConfig?.logGroupName ?? '', s3Config?.bucketName ?? ''].join(' ');
}
