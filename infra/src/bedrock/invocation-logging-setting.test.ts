import {
  BedrockClient,
  DeleteModelInvocationLoggingConfigurationCommand,
  GetModelInvocationLoggingConfigurationCommand,
  type LoggingConfig,
  PutModelInvocationLoggingConfigurationCommand,
} from '@aws-sdk/client-bedrock';
import { DeleteParametersCommand, GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CloudFormation, type StackOfOne, startCloudFormation } from '../../../tools/cloudformation.ts';
import { findMoto, type Moto, startMoto } from '../../../tools/moto/moto.ts';
import { createHandler, createSettingLifecycle } from '../custom-resources/runtime.ts';
import { createInvocationLoggingSetting } from './invocation-logging-setting.ts';

const place = await findMoto();
const memory = '/sallyport/test/before/invocation-logging';
const ours = {
  ...{ Mode: 'create', Memory: memory, Bucket: 'sallyport-test-invocations', LogGroup: '/sallyport/test/invocations' },
  Role: 'arn:aws:iam::111122223333:role/sallyport-test-invocation-logging',
};
const theirs: LoggingConfig = {
  s3Config: { bucketName: 'their-bucket', keyPrefix: 'x' },
  textDataDeliveryEnabled: true,
  imageDataDeliveryEnabled: false,
};

describe.skipIf('reason' in place)('invocation logging, in the Bedrock of moto', () => {
  let moto: Moto;
  let cloudFormation: CloudFormation;
  let bedrock: BedrockClient;
  let ssm: SSMClient;
  let stack: StackOfOne;

  beforeAll(async () => {
    if ('directory' in place) moto = await startMoto(place);
    cloudFormation = await startCloudFormation();
    const options = { endpoint: moto.endpoint, region: 'eu-central-1' };
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
    bedrock = new BedrockClient({ ...options, credentials });
    ssm = new SSMClient({ ...options, credentials });
  });
  afterAll(async () => {
    moto.stop();
    await cloudFormation.close();
  });

  const createStack = () =>
    cloudFormation.createStack(
      createHandler(createSettingLifecycle(createInvocationLoggingSetting({ bedrock, ssm })), {
        isAnswerUrl: () => true,
        log: () => undefined,
      }),
    );
  const read = async () => (await bedrock.send(new GetModelInvocationLoggingConfigurationCommand())).loggingConfig;
  const isRemembered = () =>
    ssm.send(new GetParameterCommand({ Name: memory })).then(
      () => true,
      () => false,
    );
  const putTheirs = () => bedrock.send(new PutModelInvocationLoggingConfigurationCommand({ loggingConfig: theirs }));

  beforeEach(async () => {
    await bedrock.send(new DeleteModelInvocationLoggingConfigurationCommand());
    await ssm.send(new DeleteParametersCommand({ Names: [memory] }));
    stack = createStack();
  });

  it('is made with every modality, changed, and taken away', async () => {
    expect(await stack.create(ours)).toMatchObject([{ Status: 'SUCCESS' }]);
    expect(await read()).toEqual({
      cloudWatchConfig: {
        logGroupName: ours.LogGroup,
        roleArn: ours.Role,
        largeDataDeliveryS3Config: { bucketName: ours.Bucket, keyPrefix: 'large' },
      },
      s3Config: { bucketName: ours.Bucket, keyPrefix: 'records' },
      textDataDeliveryEnabled: true,
      imageDataDeliveryEnabled: true,
      embeddingDataDeliveryEnabled: true,
      videoDataDeliveryEnabled: true,
      audioDataDeliveryEnabled: true,
    });
    expect(await stack.update({ ...ours, LogGroup: '/sallyport/test/other' })).toMatchObject([{ Status: 'SUCCESS' }]);
    expect((await read())?.cloudWatchConfig?.logGroupName).toBe('/sallyport/test/other');
    expect(await stack.remove()).toMatchObject([{ Status: 'SUCCESS' }]);
    expect(await read()).toEqual({});
    expect(await isRemembered()).toBe(false);
  });

  it('may be asked twice for everything', async () => {
    await stack.create(ours);
    const first = await read();
    expect(await stack.repeat()).toMatchObject({ Status: 'SUCCESS' });
    expect(await read()).toEqual(first);
    await stack.remove();
    expect(await stack.repeat()).toMatchObject({ Status: 'SUCCESS' });
    expect(await read()).toEqual({});
  });

  it('refuses what somebody else configured, and leaves it as it is when the stack is rolled back', async () => {
    await putTheirs();
    const before = await read();
    const answers = await stack.create(ours);
    expect(answers).toMatchObject([
      { Status: 'FAILED', Reason: expect.stringContaining('`adopt`') },
      { Status: 'SUCCESS' },
    ]);
    expect(await read()).toEqual(before);
  });

  it('adopts what is there, switches on what it leaves out, and puts it back at last', async () => {
    await putTheirs();
    const before = await read();
    expect(await stack.create({ Mode: 'adopt', Memory: memory })).toMatchObject([{ Status: 'SUCCESS' }]);
    expect(await read()).toMatchObject({
      s3Config: theirs.s3Config,
      imageDataDeliveryEnabled: true,
      videoDataDeliveryEnabled: true,
      audioDataDeliveryEnabled: true,
    });
    await stack.remove();
    expect(await read()).toMatchObject({ s3Config: before?.s3Config, imageDataDeliveryEnabled: false });
  });

  it('does not adopt what is not there', async () => {
    const [answer] = await stack.create({ Mode: 'adopt', Memory: memory });
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('`create`') });
    expect(await read()).toEqual({});
  });

  it('knows what was there before, where the first run was cut off between keeping that and answering', async () => {
    await putTheirs();
    await stack.create({ Mode: 'adopt', Memory: memory });
    await createStack().create({ Mode: 'adopt', Memory: memory });
    await stack.remove();
    expect(await read()).toMatchObject({ imageDataDeliveryEnabled: false });
  });

  it('leaves alone at last what somebody else put in its place', async () => {
    await stack.create(ours);
    await putTheirs();
    expect(await stack.remove()).toMatchObject([{ Status: 'SUCCESS' }]);
    expect((await read())?.s3Config?.bucketName).toBe('their-bucket');
  });

  it('keeps the old one where an update fails', async () => {
    await stack.create(ours);
    const { Role: _, ...incomplete } = ours;
    expect(await stack.update(incomplete)).toMatchObject([
      { Status: 'FAILED', Reason: 'the property `Role` is missing' },
      { Status: 'SUCCESS' },
    ]);
    expect((await read())?.s3Config?.bucketName).toBe(ours.Bucket);
  });
});
