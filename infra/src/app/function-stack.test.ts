import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError, loadConfig, parseConfig } from '../../../src/config/index.ts';
import { propertyOf, resourcesOf } from '../policy/resolved.suite.ts';
import type { CodeSource } from './code.ts';
import { createApp } from './create-app.ts';
import { renderDoors } from './door-configurations.ts';
import { type ExampleParts, exampleText } from './example.suite.ts';
import { toSettings } from './settings.ts';

const directory = mkdtempSync(join(tmpdir(), 'sallyport-function-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const IAM =
  'frontDoor: { kind: rest-iam, principals: [{ role: { ssm: /billing/role }, tenant: bank, principal: teller }] }';

function synthesize(parts: ExampleParts, code: CodeSource = 'parameters') {
  const settings = toSettings(parseConfig(exampleText(parts), { path: 'sallyport.yaml' }));
  return createApp({ settings, outdir: join(directory, 'cdk.out'), configuration: directory, code });
}

const made = new Map<string, Template>();

/** The template of a stack, made once for each configuration. */
function templateOf(parts: ExampleParts, part = 'function'): Template {
  const name = `${part} ${JSON.stringify(parts)}`;
  const template =
    made.get(name) ?? Template.fromStack(synthesize(parts).node.findChild(`Sallyport-prod-${part}`) as Stack);
  made.set(name, template);
  return template;
}

/** Properties of a stack's resources of a type, with what is published elsewhere under its name. */
function inStack(parts: ExampleParts, type: string, part?: string) {
  const template = templateOf(parts, part);
  const parameters = Object.entries(template.findParameters('*'));
  const values = Object.fromEntries(parameters.map(([id, { Default }]) => [id, String(Default ?? id)]));
  return Object.values(resourcesOf(template, type, { values })).map(({ Properties }) => Properties);
}

describe('the stack of the function', () => {
  it('has one API for callers with keys of the gateway’s, and with `iamApi` another for those who sign', () => {
    const names = (parts: ExampleParts) => inStack(parts, 'AWS::ApiGateway::RestApi').map(({ Name }) => Name);
    expect(names({ deploy: 'function: {}' })).toEqual(['sallyport-prod']);
    expect(names({ deploy: 'function: { iamApi: true }', more: IAM })).toEqual([
      'sallyport-prod',
      'sallyport-prod-iam',
    ]);
    expect(() => synthesize({ deploy: 'function: { iamApi: true }' })).toThrow(ConfigError);
  });

  it('runs each on the configuration of its door, and lets in by IAM the roles that the configuration names', () => {
    const parts = { deploy: 'function: { iamApi: true }', more: IAM };
    expect(
      inStack(parts, 'AWS::Lambda::Function').map(({ FunctionName, Environment }) => [FunctionName, Environment]),
    ).toEqual([
      ['sallyport-prod-gateway', { Variables: { SALLYPORT_CONFIG: '/opt/sallyport.yaml' } }],
      ['sallyport-prod-gateway-iam', { Variables: { SALLYPORT_CONFIG: '/opt/sallyport-iam.yaml' } }],
    ]);
    const [, iam] = inStack(parts, 'AWS::ApiGateway::RestApi');
    const [callers] = propertyOf<{ Statement: readonly { Condition: object }[] }>(iam, 'Policy').Statement;
    expect(callers?.Condition).toEqual({
      StringEquals: { 'aws:SourceVpce': ['/sallyport/prod/network/endpoints/execute-api'] },
      ArnEquals: { 'aws:PrincipalArn': ['/billing/role'] },
    });
  });

  it('is in the network, under its keys, with the role that is there before it', () => {
    expect(inStack({ deploy: 'function: {}' }, 'AWS::Lambda::Function')).toMatchObject([
      {
        KmsKeyArn: '/sallyport/prod/keys/secrets',
        VpcConfig: { SecurityGroupIds: ['/sallyport/prod/network/security-groups/gateway'] },
        Role: 'arn:aws:iam::111122223333:role/sallyport-prod-gateway',
      },
    ]);
    const published = inStack({ deploy: 'function: {}' }, 'AWS::SSM::Parameter', 'network').map(({ Name }) => Name);
    expect(published).toContain('/sallyport/prod/network/endpoints/execute-api');
  });

  it('sets API Gateway’s role for logs only where it is told to', () => {
    expect(inStack({ deploy: 'function: {}' }, 'AWS::ApiGateway::Account')).toEqual([]);
    expect(inStack({ deploy: 'function: { apiLogsRole: create }' }, 'AWS::ApiGateway::Account')).toHaveLength(1);
  });

  it('takes code that is signed alone where it is told to, and so does the sequencer', () => {
    const parts = { deploy: 'function: {}\n  codeSigning: true' };
    const configured = (part: string) =>
      inStack(parts, 'AWS::Lambda::Function', part).map(({ CodeSigningConfigArn }) => CodeSigningConfigArn);
    expect(configured('function')).toEqual(['/sallyport/prod/code-signing']);
    expect(configured('record')).toEqual(['/sallyport/prod/code-signing']);
    expect(inStack(parts, 'AWS::SSM::Parameter', 'gateway').map(({ Name }) => Name)).toEqual([
      '/sallyport/prod/code-signing',
      '/sallyport/prod/code-signing/profile',
    ]);
  });

  it('keeps no instance started of code that is not known when templates are made', () => {
    expect(() => synthesize({ deploy: 'function: { provisionedConcurrency: 2 }' })).toThrow('comes to no version');
  });
});

describe('the configuration of functions behind REST APIs', () => {
  it('is the user’s with the door of each, loads as it is, and its policies with it', async () => {
    const from = join(directory, 'own');
    mkdirSync(from, { recursive: true });
    writeFileSync(join(from, 'sallyport.yaml'), exampleText({ deploy: 'function: { iamApi: true }', more: IAM }));
    const to = join(directory, 'rendered');
    renderDoors(join(from, 'sallyport.yaml'), { directory: to, hasIam: true });
    expect((await loadConfig(join(to, 'sallyport.yaml'))).frontDoor).toEqual({ kind: 'rest', transfer: 'stream' });
    expect((await loadConfig(join(to, 'sallyport-iam.yaml'))).frontDoor).toMatchObject({
      kind: 'rest-iam',
      principals: [{ role: { ssm: '/billing/role' } }],
    });
    expect(readFileSync(join(to, 'sallyport-iam.yaml'), 'utf8')).toContain('main.cedar');
  });
});
