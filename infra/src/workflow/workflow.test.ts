import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { faults } from '../../../src/core/index.ts';
import { ACCOUNT, propertyOf, REGION, resourcesOf } from '../policy/resolved.suite.ts';
import { decide } from '../policy/simulation.suite.ts';
import { steps, toDefinition } from './definition.ts';
import { SanitizeWorkflow } from './sanitize-workflow.ts';

const key = (of: string) => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${of}`;
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const functionOf = (step: string) => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:sallyport-prod-workflow-${step}`;

const stack = new Stack(new App({ analyticsReporting: false }), 'Workflow', { env: { region: REGION } });
new SanitizeWorkflow(stack, 'Workflow', {
  prefix: 'sallyport-prod',
  bucket: { name: 'acme-workflow', prefix: 'prod/' },
  stateMachines: ['sallyport-prod-claims'],
  code: { s3Bucket: 'code', s3Key: 'lambda-arm64.zip' },
  layers: [`arn:aws:lambda:${REGION}:${ACCOUNT}:layer:configuration:1`],
  network: { vpc: 'vpc-0a1b2c3d', subnets: ['a'], securityGroups: ['sg-gateway'] },
  keys: { workflow: key('workflow'), logs: key('logs'), environment: key('secrets') },
  statements: [],
  modelStatements: [
    { Sid: 'AssumeTenants', Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: role('sallyport-prod-tenant-*') },
  ],
  applications: [role('people/claims')],
});
const template = Template.fromStack(stack);
const allOf = (type: string) => Object.values(resourcesOf(template, type)).map(({ Properties }) => Properties);
const named = (name: string) => allOf('AWS::IAM::Role').find(({ RoleName }) => RoleName === name);
const policiesOf = (name: string) =>
  propertyOf<readonly { PolicyDocument: unknown }[]>(named(name), 'Policies').map((one) => one.PolicyDocument);

const definition = toDefinition((step) => `sallyport-${step}`);

describe('the definition', () => {
  it('is the guide’s', () => {
    const page = readFileSync(resolve(import.meta.dirname, '../../../docs/guide/workflow.md'), 'utf8');
    const [text = ''] = /(?<=```json\n)[\s\S]*?(?=```)/.exec(page) ?? [];
    expect(definition).toEqual(JSON.parse(text));
  });

  /** The states that an execution goes through, if a step answers an outcome, or fails. */
  function walk(answer: (state: string) => string | undefined) {
    const visited: string[] = [];
    let outcome: string | undefined;
    for (let at = definition.StartAt; ; ) {
      visited.push(at);
      const state = definition.States[at];
      if (state === undefined || state.Type === 'Succeed') return { visited, ended: 'succeeded' };
      if (state.Type === 'Choice') {
        at = state.Choices.find(({ StringEquals }) => StringEquals === outcome)?.Next ?? state.Default;
        continue;
      }
      outcome = answer(at);
      // A failure that nothing catches ends the execution (Step Functions, "Handling errors").
      if (outcome === undefined) return { visited, ended: 'Catch' in state ? 'caught' : 'failed' };
      at = state.Next;
    }
  }

  it('ends at every step that fails, and calls the model only after one that cleared', () => {
    expect(walk(() => 'cleared').visited).toEqual(Object.keys(definition.States));
    for (const failing of Object.keys(definition.States).filter((one) => definition.States[one]?.Type === 'Task')) {
      const { visited, ended } = walk((state) => (state === failing ? undefined : 'cleared'));
      expect([failing, ended, visited.at(-1)]).toEqual([failing, 'failed', failing]);
    }
    for (const outcome of ['refused', 'blocked', '', 'CLEARED', 'anything']) {
      expect(walk(() => outcome)).toEqual({
        visited: ['Sanitise', 'Guard', 'Record request', 'Cleared?', 'Done'],
        ended: 'succeeded',
      });
    }
  });
});

describe('what is tried again', () => {
  const tasks = Object.values(definition.States).filter((state) => state.Type === 'Task');
  const retried = tasks.flatMap(({ Retry }) => Retry);

  it('is what passes by itself, a few times and ever later, and never what was refused', () => {
    expect(tasks).toHaveLength(6);
    expect(retried).toHaveLength(6);
    const names = new Set(retried.flatMap(({ ErrorEquals }) => ErrorEquals));
    // `States.ALL` and `States.TaskFailed` are every refusal too, and a time-out is no sign that a second try fits.
    expect([...names].filter((name) => name.startsWith('States.'))).toEqual([]);
    const status = new Map<string, number>(Object.entries(faults).map(([code, fault]) => [code, fault.status]));
    const ours = [...names].filter((name) => name.startsWith('Sallyport.')).map((name) => name.slice(10));
    expect(ours.map((code) => [code, Number(status.get(code)) >= 500])).toEqual(ours.map((code) => [code, true]));
    expect([...names].filter((name) => name.startsWith('Lambda.'))).toContain('Lambda.TooManyRequestsException');
    for (const { MaxAttempts, BackoffRate, JitterStrategy } of retried) {
      expect([MaxAttempts, BackoffRate > 1, JitterStrategy]).toEqual([4, true, 'FULL']);
    }
  });

  it('ends: each step after its function has, and the execution while its content is still there', () => {
    const functions = allOf('AWS::Lambda::Function').map(({ Timeout }) => Number(Timeout));
    for (const { TimeoutSeconds } of tasks) expect(TimeoutSeconds).toBeGreaterThan(Math.max(...functions));
    const [rule] = propertyOf<{ Rules: readonly { ExpirationInDays: number }[] }>(
      allOf('AWS::S3::Bucket')[0],
      'LifecycleConfiguration',
    ).Rules;
    expect(definition.TimeoutSeconds).toBeLessThan(Number(rule?.ExpirationInDays) * 86_400);
    expect(definition.TimeoutSeconds).toBeGreaterThan(tasks.length * Math.max(...functions));
  });
});

describe('state machines', () => {
  it('are standard ones of that definition, whose history is under a key and whose log has no data', () => {
    const [machine, ...others] = allOf('AWS::StepFunctions::StateMachine');
    expect(others).toEqual([]);
    expect(machine).toMatchObject({
      StateMachineName: 'sallyport-prod-claims',
      StateMachineType: 'STANDARD',
      Definition: toDefinition((step) => `sallyport-prod-workflow-${step}`),
      EncryptionConfiguration: { Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: key('workflow') },
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
      TracingConfiguration: { Enabled: false },
    });
    for (const group of allOf('AWS::Logs::LogGroup')) expect(group['KmsKeyId']).toBe(key('logs'));
    expect(allOf('AWS::Logs::LogGroup')).toHaveLength(6);
  });

  it('invoke the five steps and nothing else, for Step Functions of this account alone', async () => {
    const identity = policiesOf('sallyport-prod-states');
    const invoke = (resource: string) =>
      decide({ principal: role('sallyport-prod-states'), action: 'lambda:InvokeFunction', resource }, { identity });
    expect(await Promise.all(steps.map((step) => invoke(functionOf(step))))).toEqual(steps.map(() => 'Allowed'));
    expect(await invoke(`arn:aws:lambda:${REGION}:${ACCOUNT}:function:sallyport-prod-gateway`)).toBe(
      'ImplicitlyDenied',
    );
    expect(named('sallyport-prod-states')?.['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [
        {
          Condition: {
            StringEquals: { 'aws:SourceAccount': ACCOUNT },
            ArnLike: { 'aws:SourceArn': [`arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:sallyport-prod-claims`] },
          },
        },
      ],
    });
  });
});

describe('the functions of steps', () => {
  it('are invoked by the state machines’ role, and by no administrator', async () => {
    const identity = [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }];
    const policies = allOf('AWS::Lambda::ResourcePolicy');
    expect(policies.map(({ ResourceArn }) => ResourceArn)).toEqual(steps.map(functionOf));
    for (const { ResourceArn, PolicyDocument } of policies) {
      const by = (name: string) =>
        decide(
          {
            principal: role(name),
            action: 'lambda:InvokeFunction',
            resource: String(ResourceArn),
            context: { 'aws:PrincipalArn': role(name) },
          },
          { identity, resource: PolicyDocument },
        );
      expect([await by('sallyport-prod-states'), await by('Administrator')]).toEqual(['Allowed', 'ExplicitlyDenied']);
    }
  });

  it('call models by one of them alone', async () => {
    const assume = (step: string) =>
      decide(
        {
          principal: role(`sallyport-prod-workflow-${step}`),
          action: 'sts:AssumeRole',
          resource: role('sallyport-prod-tenant-bank'),
        },
        {
          identity: policiesOf(`sallyport-prod-workflow-${step}`),
          resource: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' },
            ],
          },
        },
      );
    expect(await assume('invoke')).toBe('Allowed');
    for (const step of steps.filter((one) => one !== 'invoke')) expect(await assume(step)).toBe('ImplicitlyDenied');
  });

  it('have interfaces that Lambda makes, and their code cannot', async () => {
    for (const step of steps) {
      const make = (context: Readonly<Record<string, string>>) =>
        decide(
          {
            principal: role(`sallyport-prod-workflow-${step}`),
            action: 'ec2:CreateNetworkInterface',
            resource: `arn:aws:ec2:${REGION}:${ACCOUNT}:network-interface/*`,
            context,
          },
          { identity: policiesOf(`sallyport-prod-workflow-${step}`) },
        );
      expect([await make({}), await make({ 'lambda:SourceFunctionArn': functionOf(step) })]).toEqual([
        'Allowed',
        'ExplicitlyDenied',
      ]);
    }
  });

  it('are in the network, and log under the key', () => {
    for (const { VpcConfig } of allOf('AWS::Lambda::Function')) {
      expect(VpcConfig).toEqual({ SubnetIds: ['a'], SecurityGroupIds: ['sg-gateway'] });
    }
    expect(allOf('AWS::Logs::LogGroup').map(({ KmsKeyId }) => KmsKeyId)).toEqual(Array(6).fill(key('logs')));
  });

  it('are the bundle’s handlers, with their environment under a key', () => {
    expect(allOf('AWS::Lambda::Function').map(({ Handler, KmsKeyArn }) => [Handler, KmsKeyArn])).toEqual(
      steps.map((step) => [`steps.${step}`, key('secrets')]),
    );
  });
});

describe('the bucket between steps', () => {
  const [bucket] = allOf('AWS::S3::Bucket');
  const [policy] = allOf('AWS::S3::BucketPolicy');
  const identity = [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }];
  const toReal = (document: unknown) =>
    JSON.parse(JSON.stringify(document).replaceAll(/WorkflowExchange\w+\.Arn/g, 'arn:aws:s3:::acme-workflow'));
  const call = (who: string, at: string, context: Readonly<Record<string, string>> = {}) =>
    decide(
      {
        principal: role(who),
        action: 's3:GetObject',
        resource: `arn:aws:s3:::acme-workflow/prod/${at}`,
        context: {
          'aws:PrincipalArn': role(who),
          'aws:SourceVpc': 'vpc-0a1b2c3d',
          'aws:SecureTransport': 'true',
          'aws:ViaAWSService': 'false',
          'aws:PrincipalIsAWSService': 'false',
          ...context,
        },
      },
      { identity, resource: toReal(propertyOf(policy, 'PolicyDocument')) },
    );

  it('keeps no version, lock or copy of what it empties', () => {
    for (const kept of ['VersioningConfiguration', 'ObjectLockEnabled', 'ReplicationConfiguration']) {
      expect(bucket).not.toHaveProperty(kept);
    }
  });

  it('is under its key, not public, and empties itself', () => {
    expect(bucket).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key('workflow') } },
        ],
      },
      PublicAccessBlockConfiguration: { BlockPublicPolicy: true, RestrictPublicBuckets: true },
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 2, Status: 'Enabled' }] },
    });
  });

  it('gives states to steps alone, all of it in the network alone and by TLS alone', async () => {
    expect(await call('sallyport-prod-workflow-guard', 'states/x')).toBe('Allowed');
    expect(await call('sallyport-prod-application', 'replies/acme/x')).toBe('Allowed');
    expect(await call('sallyport-prod-application', 'states/x')).toBe('ExplicitlyDenied');
    expect(await call('Administrator', 'states/x')).toBe('ExplicitlyDenied');
    expect(await call('sallyport-prod-application', 'replies/acme/x', { 'aws:SourceVpc': 'vpc-ffffffff' })).toBe(
      'ExplicitlyDenied',
    );
    expect(await call('sallyport-prod-application', 'replies/acme/x', { 'aws:SecureTransport': 'false' })).toBe(
      'ExplicitlyDenied',
    );
  });
});

describe('the applications’ role', () => {
  it('puts requests down, starts executions and takes replies, and no more', async () => {
    const identity = JSON.parse(
      JSON.stringify(policiesOf('sallyport-prod-application')).replaceAll(
        /WorkflowExchange\w+\.Arn/g,
        'arn:aws:s3:::acme-workflow',
      ),
    );
    const may = (action: string, resource: string) =>
      decide({ principal: role('sallyport-prod-application'), action, resource }, { identity });
    const machine = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:sallyport-prod-claims`;
    expect(await may('s3:PutObject', 'arn:aws:s3:::acme-workflow/prod/requests/acme/x')).toBe('Allowed');
    expect(await may('s3:GetObject', 'arn:aws:s3:::acme-workflow/prod/replies/acme/x')).toBe('Allowed');
    expect(await may('states:StartExecution', machine)).toBe('Allowed');
    expect(await may('s3:GetObject', 'arn:aws:s3:::acme-workflow/prod/requests/acme/x')).toBe('ImplicitlyDenied');
    expect(await may('states:UpdateStateMachine', machine)).toBe('ImplicitlyDenied');
  });
});
