import { BedrockClient } from '@aws-sdk/client-bedrock';
import {
  CreateDetectorCommand,
  DeleteDetectorCommand,
  GetDetectorCommand,
  GuardDutyClient,
  ListDetectorsCommand,
} from '@aws-sdk/client-guardduty';
import { Macie2Client } from '@aws-sdk/client-macie2';
import {
  DescribeHubCommand,
  DisableSecurityHubCommand,
  EnableSecurityHubCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { DeleteParameterCommand, GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AccountServer, startAccountServer } from '../../../tools/account-server.ts';
import { type CloudFormation, startCloudFormation } from '../../../tools/cloudformation.ts';
import { findMoto, type Moto, startMoto } from '../../../tools/moto/moto.ts';
import { createHandler, createSettingLifecycle, type Lifecycle } from '../custom-resources/runtime.ts';
import { createDataRetentionCheck } from './data-retention.ts';
import { createEnforcedGuardrailSetting } from './enforced-guardrail-setting.ts';
import { createGuardDutySetting } from './guardduty-setting.ts';
import { createMacieSetting } from './macie-setting.ts';
import { createSecurityHubSetting } from './security-hub-setting.ts';

const place = await findMoto();
const Memory = '/sallyport/test/before/it';

describe.skipIf('reason' in place)('settings that an account has once', () => {
  let moto: Moto;
  let account: AccountServer;
  let cloudFormation: CloudFormation;
  let guardDuty: GuardDutyClient;
  let macie: Macie2Client;
  let securityHub: SecurityHubClient;
  let bedrock: BedrockClient;
  let ssm: SSMClient;

  beforeAll(async () => {
    if ('directory' in place) moto = await startMoto(place);
    account = await startAccountServer(moto.endpoint);
    cloudFormation = await startCloudFormation();
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
    const options = { endpoint: account.url, region: 'eu-central-1', credentials, maxAttempts: 1 };
    guardDuty = new GuardDutyClient(options);
    macie = new Macie2Client(options);
    securityHub = new SecurityHubClient(options);
    bedrock = new BedrockClient(options);
    ssm = new SSMClient(options);
  });
  afterAll(async () => {
    await cloudFormation.close();
    await account.close();
    moto.stop();
  });
  beforeEach(async () => {
    account.refuse(undefined);
    account.changes.length = 0;
    await ssm.send(new DeleteParameterCommand({ Name: Memory })).catch(() => undefined);
  });

  const stackOf = (lifecycle: Lifecycle) =>
    cloudFormation.createStack(createHandler(lifecycle, { isAnswerUrl: () => true, log: () => undefined }));
  const isRemembered = () =>
    ssm.send(new GetParameterCommand({ Name: Memory })).then(
      () => true,
      () => false,
    );

  describe('GuardDuty', () => {
    const Features = ['S3_DATA_EVENTS', 'LAMBDA_NETWORK_LOGS', 'AI_PROTECTION'];
    const stack = () => stackOf(createSettingLifecycle(createGuardDutySetting({ guardDuty, ssm })));
    const detectors = async () => (await guardDuty.send(new ListDetectorsCommand())).DetectorIds ?? [];
    const featuresOf = async (DetectorId: string | undefined) => {
      const { Features: features = [] } = await guardDuty.send(new GetDetectorCommand({ DetectorId }));
      return Object.fromEntries(features.map(({ Name, Status }) => [Name, Status]));
    };
    const makeTheirs = () =>
      guardDuty.send(
        new CreateDetectorCommand({
          Enable: true,
          Features: [
            { Name: 'S3_DATA_EVENTS', Status: 'ENABLED' },
            { Name: 'EKS_AUDIT_LOGS', Status: 'ENABLED' },
          ],
        }),
      );

    beforeEach(async () => {
      account.state.administrator = undefined;
      for (const DetectorId of await detectors()) await guardDuty.send(new DeleteDetectorCommand({ DetectorId }));
    });

    it('is made with its features, may be asked twice, and is taken away', async () => {
      const made = stack();
      expect(await made.create({ Mode: 'create', Memory, Features })).toMatchObject([{ Status: 'SUCCESS' }]);
      await made.repeat();
      const [id, ...others] = await detectors();
      expect(others).toEqual([]);
      expect(await featuresOf(id)).toEqual(Object.fromEntries(Features.map((name) => [name, 'ENABLED'])));
      await made.update({ Mode: 'create', Memory, Features: [...Features, 'RDS_LOGIN_EVENTS'] });
      expect(await featuresOf(id)).toMatchObject({ RDS_LOGIN_EVENTS: 'ENABLED', AI_PROTECTION: 'ENABLED' });
      await made.remove();
      await made.repeat();
      expect([await detectors(), await isRemembered()]).toEqual([[], false]);
    });

    it("is not made beside somebody else's, which stays as it is", async () => {
      await makeTheirs();
      account.changes.length = 0;
      const answers = await stack().create({ Mode: 'create', Memory, Features });
      expect(answers).toMatchObject([{ Status: 'FAILED', Reason: expect.stringContaining('`adopt`') }, {}]);
      expect(account.changes).toEqual([]);
    });

    it('is adopted with what it has, gets what it lacks, and is given back as it was', async () => {
      const { DetectorId } = await makeTheirs();
      const adopting = stack();
      expect(await adopting.create({ Mode: 'adopt', Memory, Features })).toMatchObject([{ Status: 'SUCCESS' }]);
      expect(await featuresOf(DetectorId)).toEqual({
        ...Object.fromEntries(Features.map((name) => [name, 'ENABLED'])),
        EKS_AUDIT_LOGS: 'ENABLED',
      });
      await adopting.remove();
      expect(await featuresOf(DetectorId)).toEqual({
        ...{ S3_DATA_EVENTS: 'ENABLED', EKS_AUDIT_LOGS: 'ENABLED' },
        ...{ LAMBDA_NETWORK_LOGS: 'DISABLED', AI_PROTECTION: 'DISABLED' },
      });
    });

    it('takes back what it did where AWS refuses half-way', async () => {
      const { DetectorId } = await makeTheirs();
      account.refuse(`POST /detector/${DetectorId}`);
      const answers = await stack().create({ Mode: 'adopt', Memory, Features });
      expect(answers[0]).toMatchObject({
        Status: 'FAILED',
        Reason: 'AWS or the function failed: AccessDeniedException',
      });
      account.refuse(undefined);
      expect(await featuresOf(DetectorId)).toMatchObject({ EKS_AUDIT_LOGS: 'ENABLED', S3_DATA_EVENTS: 'ENABLED' });
    });

    it('refuses a feature that there is not', async () => {
      expect(await stack().create({ Mode: 'create', Memory, Features: ['MIND_READING'] })).toMatchObject([
        { Status: 'FAILED', Reason: expect.stringContaining('`Features`') },
        { Status: 'SUCCESS' },
      ]);
      expect(await detectors()).toEqual([]);
    });

    it('is not changed where an administrator governs it', async () => {
      await makeTheirs();
      account.state.administrator = '444455556666';
      account.changes.length = 0;
      const [answer] = await stack().create({ Mode: 'adopt', Memory, Features });
      expect(answer).toMatchObject({
        Status: 'FAILED',
        Reason: 'account 444455556666 governs GuardDuty here: have it switch on AI_PROTECTION, LAMBDA_NETWORK_LOGS',
      });
      expect(account.changes).toEqual([]);
    });
  });

  describe('Security Hub', () => {
    const ai = 'arn:aws:securityhub:eu-central-1::standards/ai-security-best-practices/v/1.0.0';
    const theirs = 'arn:aws:securityhub:eu-central-1::standards/pci-dss/v/4.0.1';
    const stack = () => stackOf(createSettingLifecycle(createSecurityHubSetting({ securityHub, ssm })));
    const isOn = () =>
      securityHub.send(new DescribeHubCommand()).then(
        () => true,
        () => false,
      );
    beforeEach(async () => {
      await securityHub.send(new DisableSecurityHubCommand()).catch(() => undefined);
      account.state.standards = [];
    });

    it('is switched on with the standard, and off again', async () => {
      const made = stack();
      expect(await made.create({ Mode: 'create', Memory, Standards: [ai] })).toMatchObject([{ Status: 'SUCCESS' }]);
      await made.repeat();
      expect([await isOn(), account.state.standards]).toEqual([true, [ai]]);
      await made.remove();
      await made.repeat();
      expect(await isOn()).toBe(false);
    });

    it('is adopted with its standards, and loses ours alone', async () => {
      await securityHub.send(new EnableSecurityHubCommand());
      account.state.standards = [theirs];
      expect(await stack().create({ Mode: 'create', Memory, Standards: [ai] })).toMatchObject([
        { Status: 'FAILED', Reason: expect.stringContaining('`adopt`') },
        { Status: 'SUCCESS' },
      ]);
      const adopting = stack();
      await adopting.create({ Mode: 'adopt', Memory, Standards: [ai, theirs] });
      expect(account.state.standards).toEqual([theirs, ai]);
      await adopting.remove();
      expect([await isOn(), account.state.standards]).toEqual([true, [theirs]]);
    });

    it('is not adopted where it is off, nor where one may not ask', async () => {
      expect(await stack().create({ Mode: 'adopt', Memory, Standards: [ai] })).toMatchObject([
        { Status: 'FAILED', Reason: expect.stringContaining('`create`') },
        { Status: 'SUCCESS' },
      ]);
      account.refuse('GET /accounts');
      expect((await stack().create({ Mode: 'create', Memory, Standards: [ai] }))[0]).toMatchObject({
        Status: 'FAILED',
        Reason: 'AWS or the function failed: AccessDeniedException',
      });
      account.refuse(undefined);
      expect(await isOn()).toBe(false);
    });
  });

  describe('Macie', () => {
    const properties = {
      ...{ Mode: 'create', Memory, Account: '111122223333', Prefix: 'sallyport-test' },
      ...{ ResultsBucket: 'sallyport-test-findings', ResultsKey: 'arn:aws:kms:eu-central-1:111122223333:key/1' },
      Jobs: [{ Name: 'documents', Buckets: ['sallyport-test-documents'] }],
    };
    const stack = () => stackOf(createSettingLifecycle(createMacieSetting({ macie, ssm })));
    const running = () => account.state.jobs.filter(({ jobStatus }) => jobStatus === 'RUNNING').map(({ name }) => name);
    beforeEach(() => {
      account.state.macie = undefined;
      account.state.jobs = [{ jobId: 'theirs', name: 'their-job', jobStatus: 'RUNNING', definition: {} }];
      account.state.macieExport = undefined;
      account.state.isDiscovering = false;
    });

    it('is switched on with discovery, a place for results and its jobs, and off again', async () => {
      const made = stack();
      expect(await made.create(properties)).toMatchObject([{ Status: 'SUCCESS' }]);
      await made.repeat();
      expect(account.state).toMatchObject({
        isDiscovering: true,
        macieExport: { s3Destination: { bucketName: 'sallyport-test-findings', keyPrefix: 'macie' } },
      });
      expect(running()).toEqual(['their-job', expect.stringMatching(/^sallyport-test-documents-[0-9a-f]{12}$/)]);
      expect(account.state.jobs[1]?.definition).toMatchObject({
        jobType: 'SCHEDULED',
        managedDataIdentifierSelector: 'ALL',
        s3JobDefinition: { bucketDefinitions: [{ accountId: '111122223333', buckets: ['sallyport-test-documents'] }] },
      });
      await made.remove();
      expect([account.state.macie, running()]).toEqual([undefined, ['their-job']]);
    });

    it('has another job for other buckets, and cancels the one before', async () => {
      const made = stack();
      await made.create(properties);
      const [, before] = running();
      await made.update({
        ...properties,
        Jobs: [{ Name: 'documents', Buckets: ['sallyport-test-documents', 'more'] }],
      });
      const [theirs, after, ...others] = running();
      expect([theirs, others]).toEqual(['their-job', []]);
      expect(after).not.toBe(before);
    });

    it('is adopted with where results go already, and given back as it was', async () => {
      account.state.macie = 'PAUSED';
      const theirs = { s3Destination: { bucketName: 'their-results', kmsKeyArn: 'k' } };
      account.state.macieExport = theirs;
      expect((await stack().create(properties))[0]).toMatchObject({
        Status: 'FAILED',
        Reason: expect.stringContaining('`adopt`'),
      });
      const adopting = stack();
      expect(await adopting.create({ ...properties, Mode: 'adopt' })).toMatchObject([{ Status: 'SUCCESS' }]);
      expect(account.state).toMatchObject({ macie: 'ENABLED', isDiscovering: true, macieExport: theirs });
      await adopting.remove();
      expect(account.state).toMatchObject({ isDiscovering: false, macieExport: theirs });
      expect([account.state.macie, running()]).toEqual(['PAUSED', ['their-job']]);
    });
  });

  describe('the enforced guardrail', () => {
    const arnOf = (id: string) => `arn:aws:bedrock:eu-central-1:111122223333:guardrail/${id}`;
    const properties = {
      ...{ Memory, Guardrail: arnOf('real'), Version: '3', ObservingGuardrail: arnOf('observing') },
      ObservingVersion: '2',
    };
    const stack = () => stackOf(createSettingLifecycle(createEnforcedGuardrailSetting({ bedrock, ssm })));
    const enforced = () =>
      account.state.enforcedGuardrails.map(({ guardrailArn, guardrailVersion }) => [guardrailArn, guardrailVersion]);
    beforeEach(() => {
      account.state.enforcedGuardrails = [];
    });

    it('comes by its stages, one at a time, and goes', async () => {
      const made = stack();
      expect(await made.create({ ...properties, Stage: 'grant' })).toMatchObject([{ Status: 'SUCCESS' }]);
      expect(enforced()).toEqual([]);
      await made.update({ ...properties, Stage: 'observe' });
      await made.repeat();
      expect(enforced()).toEqual([[arnOf('observing'), '2']]);
      await made.update({ ...properties, Stage: 'enforce' });
      expect(enforced()).toEqual([[arnOf('real'), '3']]);
      expect(account.state.enforcedGuardrails[0]?.selectiveContentGuarding).toEqual({
        system: 'COMPREHENSIVE',
        messages: 'COMPREHENSIVE',
      });
      await made.remove();
      expect(enforced()).toEqual([]);
    });

    it('leaves out no stage on the way there, and all of them on the way back and there again', async () => {
      expect((await stack().create({ ...properties, Stage: 'enforce' }))[0]).toMatchObject({
        Status: 'FAILED',
        Reason: '`enforce` comes after `grant`: deploy that first, and look',
      });
      const made = stack();
      await made.create({ ...properties, Stage: 'grant' });
      expect((await made.update({ ...properties, Stage: 'enforce' }))[0]).toMatchObject({ Status: 'FAILED' });
      expect(enforced()).toEqual([]);
      await made.update({ ...properties, Stage: 'observe' });
      await made.update({ ...properties, Stage: 'enforce' });
      await made.update({ ...properties, Stage: 'grant' });
      expect(enforced()).toEqual([]);
      expect(await made.update({ ...properties, Stage: 'enforce' })).toMatchObject([{ Status: 'SUCCESS' }]);
      expect(enforced()).toEqual([[arnOf('real'), '3']]);
    });

    it('does not come beside another, and never touches it', async () => {
      const theirs = { configId: 'theirs', guardrailArn: arnOf('theirs'), guardrailVersion: '1' };
      account.state.enforcedGuardrails = [theirs];
      expect(await stack().create({ ...properties, Stage: 'grant' })).toMatchObject([
        { Status: 'FAILED', Reason: expect.stringContaining('somebody else') },
        { Status: 'SUCCESS' },
      ]);
      expect(account.state.enforcedGuardrails).toEqual([theirs]);
    });

    it('is never a draft', async () => {
      const [answer] = await stack().create({ ...properties, Version: 'DRAFT', Stage: 'grant' });
      expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('numbered version') });
    });
  });

  it('are looked at where nobody else may change them: how long Bedrock keeps what it gets', async () => {
    const looking = stackOf(createDataRetentionCheck(bedrock));
    account.state.dataRetention = 'none';
    expect(await looking.create({ Allowed: ['none'] })).toMatchObject([{ Status: 'SUCCESS', Data: { Mode: 'none' } }]);
    account.state.dataRetention = 'provider_data_share';
    expect((await looking.update({ Allowed: ['none'] }))[0]).toMatchObject({
      Status: 'FAILED',
      Reason: "Bedrock's data retention of the account is `provider_data_share`, and may be none",
    });
    await looking.remove();
    expect(account.changes).toEqual([]);
  });
});
