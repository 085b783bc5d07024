import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/index.ts';
import { checkSetup } from '../../../src/server/index.ts';
import { ACCOUNT, type Deployment, propertyOf, REGION, resourcesOf } from '../policy/resolved.suite.ts';
import { decide } from '../policy/simulation.suite.ts';
import { createApp } from './create-app.ts';
import { type ExampleParts, exampleSettings, exampleText, GATEWAY_ACCOUNT, VAULT_ACCOUNT } from './example.suite.ts';
import { toSettings } from './settings.ts';
import { planRoles } from './tenant-plan.ts';

const directory = mkdtempSync(join(tmpdir(), 'sallyport-infra-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function synthesize(parts: ExampleParts = {}): App {
  const settings = exampleSettings(parts);
  return createApp({ settings, outdir: join(directory, 'cdk.out'), configuration: directory, code: 'parameters' });
}

const stackOf = (app: App, part: string) => app.node.findChild(`Sallyport-prod-${part}`) as Stack;

/** Values of the parameters that a template reads from Systems Manager, by their logical ids: their names. */
function publishedIn(template: Template): Deployment {
  const parameters = Object.entries(template.findParameters('*'));
  return {
    values: Object.fromEntries(
      parameters.map(([id, { Default }]) => [id, toValue(String(Default ?? id).replace('/sallyport/prod/', ''))]),
    ),
  };
}

function toValue(name: string): string {
  if (name.startsWith('keys/')) return `arn:aws:kms:${REGION}:${ACCOUNT}:key/${name.slice('keys/'.length)}`;
  return name;
}

let app: App;
let record: Template;
beforeAll(() => {
  app = synthesize();
  record = Template.fromStack(stackOf(app, 'record'));
});

const inRecord = (type: string) =>
  Object.values(resourcesOf(record, type, publishedIn(record))).map(({ Properties }) => Properties);

/** The policies of a role of the record's stack. */
function identityOf(name: string): readonly unknown[] {
  const role = inRecord('AWS::IAM::Role').find(({ RoleName }) => RoleName === name);
  return propertyOf<readonly { PolicyDocument: unknown }[]>(role, 'Policies').map(
    ({ PolicyDocument }) => PolicyDocument,
  );
}

describe('the stacks of an environment', () => {
  it('are one for each part, protected in production, tagged, in their account and Region', () => {
    const stacks = app.node.children.filter((child) => Stack.isStack(child));
    expect(
      stacks.map(({ stackName, account, region, terminationProtection }) => [
        stackName,
        account,
        region,
        terminationProtection,
      ]),
    ).toEqual([
      ['Sallyport-prod-keys', '111122223333', 'eu-central-1', true],
      ['Sallyport-prod-gateway', '111122223333', 'eu-central-1', true],
      ['Sallyport-prod-network', '111122223333', 'eu-central-1', true],
      ['Sallyport-prod-vault', '444455556666', 'eu-west-1', true],
      ['Sallyport-prod-record', '111122223333', 'eu-central-1', true],
      ['Sallyport-prod-tenants-published', '111122223333', 'eu-central-1', true],
      ['Sallyport-prod-tenants', '111122223333', 'eu-central-1', true],
      ['Sallyport-prod-vectors', '111122223333', 'eu-central-1', true],
      ['Sallyport-prod-alarms', '111122223333', 'eu-central-1', true],
    ]);
  });

  it('publish each key where others and sallyport.yaml read it', () => {
    const keys = Template.fromStack(stackOf(app, 'keys'));
    const published = Object.values(resourcesOf(keys, 'AWS::SSM::Parameter')).map(
      ({ Properties }) => Properties['Name'],
    );
    const read = Object.values(record.findParameters('*'))
      .map(({ Default }) => String(Default))
      .filter((name) => name.startsWith('/sallyport/prod/keys/'));
    expect(read.length).toBeGreaterThan(4);
    expect(published).toEqual(expect.arrayContaining(read));
  });

  it('make the sequencer: one at a time, in the network, woken by what is inserted and each minute', () => {
    const [sequencer] = inRecord('AWS::Lambda::Function');
    expect(sequencer).toMatchObject({
      Handler: 'sequencer.handler',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      ReservedConcurrentExecutions: 1,
      Timeout: 300,
      Environment: { Variables: { SALLYPORT_CONFIG: '/opt/sallyport.yaml' } },
      VpcConfig: { SecurityGroupIds: ['network/security-groups/functions'] },
    });
    expect(inRecord('AWS::Lambda::EventSourceMapping')).toMatchObject([
      {
        FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
        BatchSize: 1_000,
        MaximumRetryAttempts: 2,
        DestinationConfig: { OnFailure: { Destination: expect.stringContaining('DeadLetters') } },
      },
    ]);
    expect(inRecord('AWS::Scheduler::Schedule')).toMatchObject([{ ScheduleExpression: 'rate(1 minute)' }]);
    expect(inRecord('AWS::SQS::Queue')).toMatchObject([{ KmsMasterKeyId: expect.stringContaining('key/messages') }]);
    expect(inRecord('AWS::SQS::QueuePolicy')).toMatchObject([
      {
        PolicyDocument: {
          Statement: [{ Effect: 'Deny', Action: ['sqs:*'], Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
        },
      },
    ]);
    expect(inRecord('AWS::Logs::LogGroup')).toMatchObject([
      { KmsKeyId: expect.stringContaining('key/logs'), RetentionInDays: 365 },
    ]);
  });

  it('wake people for each alarm of the guide that is about the record', () => {
    expect(inRecord('AWS::CloudWatch::Alarm').map(({ MetricName }) => MetricName)).toEqual([
      'Errors',
      'Invocations',
      'IteratorAge',
      'ApproximateNumberOfMessagesVisible',
      'WriteThrottleEvents',
      'WriteThrottleEvents',
      'RecordUnavailable',
      'RecordLag',
    ]);
    for (const { AlarmActions } of inRecord('AWS::CloudWatch::Alarm')) expect(AlarmActions).toEqual(['alarms/topic']);
  });
});

const point = (name: string) => `arn:aws:s3:${REGION}:${ACCOUNT}:accesspoint/sallyport-prod-${name}`;
const through = (service: string) => ({
  'kms:ViaService': `${service}.${REGION}.amazonaws.com`,
  'kms:CallerAccount': ACCOUNT,
});

/** What a role may do by its own policies. */
function by(role: string) {
  const principal = `arn:aws:iam::${ACCOUNT}:role/${role}`;
  const identity = identityOf(role);
  return {
    call: (action: string, resource: string) => decide({ principal, action, resource }, { identity }),
    /** With the key's own policy, of the stack of keys. */
    unwrap(of: string, context: Readonly<Record<string, string>>) {
      const keys = Object.values(resourcesOf(Template.fromStack(stackOf(app, 'keys')), 'AWS::KMS::Key'));
      const key = keys.find(({ Properties }) => JSON.stringify(Properties['Tags']).includes(`"${of}"`));
      const resource = `arn:aws:kms:${REGION}:${ACCOUNT}:key/${of}`;
      const asked = {
        principal,
        action: 'kms:Decrypt',
        resource,
        context: { 'aws:PrincipalArn': principal, ...context },
      };
      return decide(asked, { identity, resource: key?.Properties['KeyPolicy'] });
    },
  };
}

describe('roles of people', () => {
  const OBJECT = 'object/prod/tile/0/000';

  it('are those that somebody is named for', () => {
    const names = inRecord('AWS::IAM::Role').map(({ RoleName }) => RoleName);
    expect(names).toEqual(expect.arrayContaining(['sallyport-prod-auditor', 'sallyport-prod-operator']));
    expect(names).not.toContain('sallyport-prod-security');
    const auditor = inRecord('AWS::IAM::Role').find(({ RoleName }) => RoleName === 'sallyport-prod-auditor');
    expect(JSON.stringify(auditor?.['AssumeRolePolicyDocument'])).toContain(`${ACCOUNT}:role/people/audit`);
  });

  it('let an auditor read the log, and neither its journal nor what was said', async () => {
    const { call, unwrap } = by('sallyport-prod-auditor');
    expect(await call('s3:GetObject', `${point('log-auditor')}/${OBJECT}`)).toBe('Allowed');
    expect(await call('s3:GetObject', `${point('application')}/${OBJECT}`)).toBe('ImplicitlyDenied');
    expect(await call('s3:GetObject', `${point('log-auditor')}/object/prod/journal/a/b`)).toBe('ImplicitlyDenied');
    expect(await call('s3:PutObject', `${point('log-auditor')}/${OBJECT}`)).toBe('ImplicitlyDenied');
    expect(await unwrap('log', through('s3'))).toBe('Allowed');
    expect(await unwrap('record', { 'kms:EncryptionContext:tenant': 'bank' })).toBe('ImplicitlyDenied');
  });

  it('let an operator run commands, and neither take the log on nor take from the journal', async () => {
    const { call, unwrap } = by('sallyport-prod-operator');
    expect(await unwrap('record', { 'kms:EncryptionContext:tenant': 'bank' })).toBe('Allowed');
    expect(await call('s3:GetObject', `${point('application')}/${OBJECT}`)).toBe('Allowed');
    expect(await call('s3:PutObject', `${point('application')}/${OBJECT}`)).toBe('ImplicitlyDenied');
    const actions = JSON.stringify(identityOf('sallyport-prod-operator'));
    expect(actions).toContain('dynamodb:DescribeTable');
    expect(actions).not.toMatch(/dynamodb:(?:Scan|DeleteTable|UpdateTable|PartiQL)/);
  });
});

describe('the sequencer’s role', () => {
  const table = (name: string) => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;

  it('does what it does, and no more', async () => {
    const { call, unwrap } = by('sallyport-prod-sequencer');
    expect(await call('dynamodb:Scan', table('sallyport-prod-journal'))).toBe('ImplicitlyDenied');
    expect(await call('s3:PutObject', `${point('application')}/object/prod/tile/0/000`)).toBe('Allowed');
    expect(await call('s3:DeleteObjectVersion', `${point('application')}/object/prod/segments/1`)).toBe('Allowed');
    expect(await call('s3:DeleteObjectVersion', `${point('application')}/object/prod/tile/0/000`)).toBe(
      'ImplicitlyDenied',
    );
    expect(await call('s3:PutObject', 'arn:aws:s3:::bank-vault/2026-01-31-09-0000000000001234.checkpoint')).toBe(
      'Allowed',
    );
    expect(await call('s3:DeleteObject', 'arn:aws:s3:::bank-vault/x')).toBe('ImplicitlyDenied');
    expect(await unwrap('record', { 'kms:EncryptionContext:tenant': 'bank' })).toBe('Allowed');
    expect(await unwrap('record', { 'kms:EncryptionContext:tenant': 'other' })).toBe('ImplicitlyDenied');
    expect(await unwrap('log', through('s3'))).toBe('Allowed');
    expect(await unwrap('log', through('dynamodb'))).toBe('ImplicitlyDenied');
    expect(await unwrap('state', through('dynamodb'))).toBe('Allowed');
    expect(await unwrap('secrets', through('secretsmanager'))).toBe('Allowed');
    expect(await unwrap('messages', through('sqs'))).toBe('Allowed');
    expect(await unwrap('workflow', through('s3'))).toBe('ImplicitlyDenied');
    expect(
      await call('ssm:GetParameter', `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/sallyport/prod/keys/record`),
    ).toBe('Allowed');
    expect(
      await call('ssm:GetParameter', `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/sallyport/prod/tenants/bank/role`),
    ).toBe('ImplicitlyDenied');
    const root = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:sallyport/root-AbCdEf`;
    expect(await call('secretsmanager:GetSecretValue', root)).toBe('Allowed');
    expect(await call('secretsmanager:GetSecretValue', root.replace('root', 'roles'))).toBe('ImplicitlyDenied');
    expect(await call('bedrock:InvokeModel', `arn:aws:bedrock:${REGION}::foundation-model/amazon.nova-lite-v1:0`)).toBe(
      'ImplicitlyDenied',
    );
  });
});

describe('a configuration that does not go', () => {
  it('is refused where objects would not be under KMS', () => {
    expect(() => synthesize({ store: '' })).toThrow('`audit.store.kmsKeyId` is missing');
  });

  it('is refused where an erasure would be called complete before it is', () => {
    expect(() => synthesize({ store: 'kmsKeyId: alias/x\n  backupDays: 7' })).toThrow(
      '`deploy.record.recoveryDays` is more than `audit.backupDays`',
    );
  });

  it.each([
    [`account: "${VAULT_ACCOUNT}"`, 'who administers the log would administer its checkpoints'],
    ['', '`deploy.account` is missing'],
  ])('is refused where the vault would be nobody else’s: %s', (account, problem) => {
    const text = exampleText().replace(`account: "${GATEWAY_ACCOUNT}"\n  tags`, `${account}\n  tags`);
    const settings = toSettings(parseConfig(text, { path: 'sallyport.yaml' }));
    expect(() => createApp({ settings, outdir: directory, configuration: directory, code: 'parameters' })).toThrow(
      problem,
    );
  });

  it.each([
    ['region: eu-west-1, expected', 'region: eu-north-1, expected', 'is in eu-north-1'],
    [`Owner: "${VAULT_ACCOUNT}"`, 'Owner: "999900001111"', 'expects a bucket of 999900001111'],
    [
      'kind: s3, bucket: bank-vault, region: eu-west-1, ',
      'kind: webhook, url: "https://vault.example" } # ',
      'needs a sink',
    ],
  ])('is refused where no sink writes into the vault: %s', (from, to, problem) => {
    const settings = toSettings(parseConfig(exampleText().replace(from, to), { path: 'sallyport.yaml' }));
    expect(() => createApp({ settings, outdir: directory, configuration: directory, code: 'parameters' })).toThrow(
      problem,
    );
  });
});

describe('roles of tenants', () => {
  it('permit the models that Cedar may permit, as the gateway says them', async () => {
    const file = join(directory, 'sallyport.yaml');
    writeFileSync(file, exampleText());
    const { roles = [] } = await checkSetup({ configFile: file });
    const planned = planRoles(exampleSettings());
    expect(
      planned.map(({ roleName, tenants: [tenant] }) => [
        roleName,
        tenant?.scopes.flatMap(({ models }) => models.map(({ id }) => id)),
      ]),
    ).toEqual(roles.map(({ tenant, models }) => [`sallyport-prod-tenant-${tenant}`, models]));
    expect(roles.map(({ models }) => models.length)).toEqual([2, 1]);
    expect(planned.map(({ parameter }) => `ssm ${parameter}`)).toEqual(roles.map(({ role }) => role));
    const [{ externalId } = {}] = planned;
    expect(externalId).toBe('{{resolve:secretsmanager:sallyport/roles:SecretString:externalId}}');
  });

  it('stand beside one that embeds, of those models alone, where the tenant may call any', () => {
    const embedding = '- { id: "amazon.titan-embed-text-v2:0", provider: bedrock }';
    const own = synthesize({ models: embedding });
    const [role, ...others] = Object.values(
      resourcesOf(Template.fromStack(stackOf(own, 'tenants')), 'AWS::IAM::Role'),
    ).filter(({ Properties }) => String(Properties['RoleName']).includes('-embeds-'));
    // `acme` may call Nova alone.
    expect([role?.Properties['RoleName'], others]).toEqual(['sallyport-prod-embeds-bank', []]);
    const allowed = propertyOf<readonly { PolicyDocument: { Statement: readonly Record<string, unknown>[] } }[]>(
      role?.Properties,
      'Policies',
    ).flatMap(({ PolicyDocument }) => PolicyDocument.Statement.filter(({ Effect }) => Effect === 'Allow'));
    expect(new Set(allowed.flatMap(({ Resource }) => Resource))).toEqual(
      new Set([`arn:aws:bedrock:${REGION}::foundation-model/amazon.titan-embed-text-v2:0`]),
    );
    expect(JSON.stringify(allowed)).not.toContain('bedrock:GuardrailIdentifier');
    expect(JSON.stringify(role?.Properties['AssumeRolePolicyDocument'])).toContain('sallyport.prod.bank');
    const published = Object.values(
      resourcesOf(Template.fromStack(stackOf(own, 'tenants-published')), 'AWS::SSM::Parameter'),
    ).map(({ Properties }) => Properties['Name']);
    expect(published).toContain('/sallyport/prod/tenants/bank/embedding-role');
    const pooled = exampleSettings({
      models: embedding,
      tenants: '  - { name: bank, principals: [{ name: teller, roles: [assistant] }] }',
      providers: 'roles: { mode: pool, role: { ssm: /pool } }',
    });
    expect(planRoles(pooled).map((one) => one.embedding)).toEqual([undefined]);
  });

  it('are made in the tenant’s account, and published in the gateway’s', () => {
    const tenants = `  - name: bank
    role: { ssm: /bank/role }
    account: "999900001111"
    principals: [{ name: teller, roles: [assistant] }]`;
    const other = synthesize({ tenants });
    const made = stackOf(other, 'tenants-999900001111');
    expect(made.account).toBe('999900001111');
    const [role] = Object.values(resourcesOf(Template.fromStack(made), 'AWS::IAM::Role', { account: '999900001111' }));
    expect(JSON.stringify(role?.Properties['AssumeRolePolicyDocument'])).toContain('arn:aws:iam::111122223333:root');
    const published = Template.fromStack(stackOf(other, 'tenants-published'));
    expect(Object.values(resourcesOf(published, 'AWS::SSM::Parameter'))).toMatchObject([
      { Properties: { Name: '/bank/role', Value: 'arn:aws:iam::999900001111:role/sallyport-prod-tenant-bank' } },
    ]);
  });

  const many = (count: number) =>
    Array.from(
      { length: count },
      (_, at) => `  - { name: t-${at}, role: { ssm: /t/${at} }, principals: [{ name: app, roles: [small] }] }`,
    ).join('\n');

  it('are spread over stacks, and refused where an account would not take them', () => {
    const settings = exampleSettings({ tenants: many(201), deploy: 'tenants: { maxRoles: 300 }' });
    expect(planRoles(settings)).toHaveLength(201);
    expect(() => planRoles(exampleSettings({ tenants: many(201), deploy: 'tenants: { maxRoles: 250 }' }))).toThrow(
      "201 tenants' roles in account of the gateway, and `deploy.tenants.maxRoles` leaves 200",
    );
  });

  it.each([
    ['role: { env: BANK_ROLE }', 'is not `{ ssm: /NAME }`'],
    ['role: { ssm: /acme }', 'would all be published at /acme'],
  ])('are refused where they cannot be published: %s', (role, problem) => {
    const tenants = `  - { name: bank, ${role}, principals: [{ name: teller }] }
  - { name: acme, role: { ssm: /acme }, principals: [{ name: app }] }`;
    expect(() => planRoles(exampleSettings({ tenants }))).toThrow(problem);
  });

  it('are one for all in mode `pool`', () => {
    const tenants = '  - { name: bank, principals: [{ name: teller, roles: [assistant] }] }';
    const providers = 'roles: { mode: pool, role: { ssm: /pool } }';
    expect(planRoles(exampleSettings({ tenants, providers }))).toMatchObject([
      { roleName: 'sallyport-prod-pool-bedrock', mode: 'pool', parameter: '/pool', tenants: [{ name: 'bank' }] },
    ]);
  });
});
