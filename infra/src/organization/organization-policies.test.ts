import { describe, expect, it } from 'vitest';
import { type Call, decide, everything, type Policies } from '../policy/simulation.suite.ts';
import { createOrganizationPolicies } from './organization-policies.ts';
import { toPolicyText } from './policy.ts';

const account = '111122223333';
const rules = {
  ...{ partition: 'aws', organization: 'o-a1b2c3d4e5', regions: ['eu-central-1'], geographies: ['eu'] },
  models: ['amazon.nova-lite-v1:0', 'anthropic.claude-sonnet-4-5-20250929-v1:0'],
};
const administrator = `arn:aws:iam::${account}:role/Administrator`;
const nova = (region: string) => `arn:aws:bedrock:${region}::foundation-model/amazon.nova-lite-v1:0`;
const profile = (name: string, region = 'eu-central-1') =>
  `arn:aws:bedrock:${region}:${account}:inference-profile/${name}`;

const policies = createOrganizationPolicies(rules);
const documentsOf = (kind: string) => policies.filter((each) => each.kind === kind).map(({ document }) => document);

const documentNamed = (wanted: string) => {
  const found = policies.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`no policy ${wanted}`);
  return found.document;
};
const matches = (pattern: string, text: string) =>
  new RegExp(`^${pattern.split('*').map(RegExp.escape).join('.*')}$`).test(text);

/** What an administrator who may do everything can still do. */
function asAdministrator(
  action: string,
  resource: string,
  {
    serviceControl = documentsOf('SERVICE_CONTROL_POLICY'),
    ...more
  }: Partial<Call> & Pick<Policies, 'serviceControl'> = {},
) {
  return decide(
    {
      ...{ principal: administrator, action, resource, ...more },
      context: {
        'aws:RequestedRegion': 'eu-central-1',
        'aws:PrincipalArn': more.principal ?? administrator,
        ...more.context,
      },
    },
    { identity: [everything], serviceControl },
  );
}

describe('the policies of an organization', () => {
  it('are as short as an organization takes them, and say so where they are not', () => {
    expect(policies.map((policy) => toPolicyText(policy).length <= 5_120)).not.toContain(false);
    expect(policies.filter(({ kind }) => kind === 'SERVICE_CONTROL_POLICY')).toHaveLength(5);
    const many = Array.from({ length: 60 }, (_, index) => `vendor.a-model-of-some-name-${index}-v1:0`);
    expect(() => createOrganizationPolicies({ ...rules, models: many }).map(toPolicyText)).toThrow(
      /the policy `sallyport-models` has [0-9]+ characters/,
    );
  });

  it.each([
    ['bedrock-mantle:CreateInference', `arn:aws:bedrock-mantle:eu-central-1:${account}:project/p`],
    ['bedrock-mantle:CallWithBearerToken', '*'],
    ['bedrock:CallWithBearerToken', '*'],
    ['bedrock:InvokeTool', `arn:aws:bedrock::${account}:system-tool/grounding`],
    ['bedrock:InvokeModel', `arn:aws:bedrock::${account}:system-tool/grounding`],
    ['bedrock:CreateModelInvocationJob', nova('eu-central-1')],
    ['bedrock:InvokeAgent', `arn:aws:bedrock:eu-central-1:${account}:agent-alias/AAAAAAAAAA/BBBBBBBBBB`],
  ])('deny an administrator %s', async (action, resource) => {
    expect(await asAdministrator(action, resource)).toBe('ExplicitlyDenied');
  });

  it('deny keys of long life for Bedrock, and leave those of other services', async () => {
    const user = `arn:aws:iam::${account}:user/u`;
    const of = (service: string) =>
      asAdministrator('iam:CreateServiceSpecificCredential', user, {
        context: { 'iam:ServiceSpecificCredentialServiceName': service },
      });
    expect(await of('bedrock.amazonaws.com')).toBe('ExplicitlyDenied');
    expect(await of('codecommit.amazonaws.com')).toBe('Allowed');
  });

  it.each([
    ['bedrock:DeleteModelInvocationLoggingConfiguration', '*'],
    ['bedrock:PutEnforcedGuardrailConfiguration', '*'],
    ['bedrock:UpdateGuardrail', `arn:aws:bedrock:eu-central-1:${account}:guardrail/g`],
    ['cloudtrail:StopLogging', `arn:aws:cloudtrail:eu-central-1:${account}:trail/t`],
    ['guardduty:DeleteDetector', `arn:aws:guardduty:eu-central-1:${account}:detector/d`],
    ['logs:DeleteDataProtectionPolicy', `arn:aws:logs:eu-central-1:${account}:log-group:/sallyport/prod/invocations`],
  ])('keep %s for our own roles', async (action, resource) => {
    expect(await asAdministrator(action, resource)).toBe('ExplicitlyDenied');
    const setter = `arn:aws:iam::${account}:role/sallyport-prod-invocation-logging-setter`;
    expect(await asAdministrator(action, resource, { principal: setter })).toBe('Allowed');
  });

  it('let nobody make a role of our names but who deploys', async () => {
    const role = `arn:aws:iam::${account}:role/sallyport-evil-setter`;
    const tagged = { 'aws:RequestTag/sallyport:environment': 'prod' };
    expect(await asAdministrator('iam:CreateRole', role, { context: tagged })).toBe('ExplicitlyDenied');
    const deployer = `arn:aws:iam::${account}:role/cdk-sallyport-cfn-exec-role-${account}-eu-central-1`;
    expect(await asAdministrator('iam:CreateRole', role, { principal: deployer, context: tagged })).toBe('Allowed');
    expect(await asAdministrator('iam:CreateRole', `arn:aws:iam::${account}:role/other`)).toBe('Allowed');
  });

  describe.each(['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'])('for %s', (action) => {
    const ask = (resource: string, context: Record<string, string> = {}) =>
      asAdministrator(action, resource, { context });

    it('let a listed model be called where it is listed, and no other and nowhere else', async () => {
      expect(await ask(nova('eu-central-1'))).toBe('Allowed');
      expect(await ask('arn:aws:bedrock:eu-central-1::foundation-model/amazon.titan-text-express-v1')).toBe(
        'ExplicitlyDenied',
      );
      expect(await ask(nova('us-east-1'), { 'aws:RequestedRegion': 'us-east-1' })).toBe('ExplicitlyDenied');
      expect(await ask(`arn:aws:bedrock:eu-central-1:${account}:imported-model/abcdefghijkl`)).toBe('ExplicitlyDenied');
      expect(await ask(`arn:aws:bedrock:eu-central-1:${account}:provisioned-model/abcdefghijkl`)).toBe(
        'ExplicitlyDenied',
      );
    });

    it('let a profile of a listed geography take it to Regions that are not', async () => {
      const eu = profile('eu.amazon.nova-lite-v1:0');
      expect(await ask(eu)).toBe('Allowed');
      const there = { 'aws:RequestedRegion': 'eu-west-3', 'bedrock:InferenceProfileArn': eu };
      expect(await ask(nova('eu-west-3'), there)).toBe('Allowed');
      // Without the profile the same Region is closed.
      expect(await ask(nova('eu-west-3'), { 'aws:RequestedRegion': 'eu-west-3' })).toBe('ExplicitlyDenied');
      const us = profile('us.amazon.nova-lite-v1:0');
      expect(await ask(us)).toBe('ExplicitlyDenied');
      const away = { 'aws:RequestedRegion': 'us-east-1', 'bedrock:InferenceProfileArn': us };
      expect(await ask(nova('us-east-1'), away)).toBe('ExplicitlyDenied');
    });

    it('let a global profile take it anywhere where that is listed, and nowhere where it is not', async () => {
      const world = profile('global.amazon.nova-lite-v1:0');
      const context = { 'aws:RequestedRegion': 'unspecified', 'bedrock:InferenceProfileArn': world };
      const everywhere = createOrganizationPolicies({ ...rules, geographies: ['global'] });
      const serviceControl = everywhere
        .filter(({ kind }) => kind === 'SERVICE_CONTROL_POLICY')
        .map(({ document }) => document);
      expect(await asAdministrator(action, world, { serviceControl })).toBe('Allowed');
      expect(await asAdministrator(action, nova('us-east-1'), { serviceControl, context })).toBe('Allowed');
      expect(await ask(nova('us-east-1'), context)).toBe('ExplicitlyDenied');
      // The simulator takes no model without a Region, as AWS asks about here; the list has it all the same.
      const [{ NotResource = [] } = {}] = documentNamed('sallyport-models').Statement;
      expect(NotResource.some((pattern) => matches(pattern, nova('')))).toBe(true);
      expect(await ask(world)).toBe('ExplicitlyDenied');
    });

    it('let an application call by its own profile, which is made of listed models alone', async () => {
      const own = `arn:aws:bedrock:eu-central-1:${account}:application-inference-profile/abcdefghijkl`;
      expect(await ask(own)).toBe('Allowed');
      const there = { 'aws:RequestedRegion': 'eu-west-3', 'bedrock:InferenceProfileArn': own };
      expect(await ask(nova('eu-west-3'), there)).toBe('Allowed');
      const make = (resource: string) => asAdministrator('bedrock:CreateInferenceProfile', resource);
      expect(await make(profile('eu.amazon.nova-lite-v1:0'))).toBe('Allowed');
      expect(await make(profile('us.amazon.nova-lite-v1:0'))).toBe('ExplicitlyDenied');
    });
  });

  it('deny models beside Bedrock unless they are listed', async () => {
    const endpoint = `arn:aws:sagemaker:eu-central-1:${account}:endpoint/scorer`;
    const bot = `arn:aws:lex:eu-central-1:${account}:bot-alias/ABCDEFGHIJ/KLMNOPQRST`;
    expect(await asAdministrator('sagemaker:InvokeEndpoint', endpoint)).toBe('ExplicitlyDenied');
    // The simulator does not read Lex's ARNs.
    expect(documentNamed('sallyport-other-inference').Statement[1]).toMatchObject({ Sid: 'Lex', Resource: '*' });
    const listed = createOrganizationPolicies({ ...rules, sageMakerEndpoints: ['scorer'], lexBots: [bot] });
    const serviceControl = listed
      .filter(({ kind }) => kind === 'SERVICE_CONTROL_POLICY')
      .map(({ document }) => document);
    expect(await asAdministrator('sagemaker:InvokeEndpoint', endpoint, { serviceControl })).toBe('Allowed');
    const [, lex] = listed.find(({ name }) => name === 'sallyport-other-inference')?.document.Statement ?? [];
    expect(lex).toMatchObject({ NotResource: [bot] });
    expect(lex?.Resource).toBeUndefined();
    expect(await asAdministrator('sagemaker:InvokeEndpoint', `${endpoint}2`, { serviceControl })).toBe(
      'ExplicitlyDenied',
    );
  });

  it('have guardrails and tenants made with their tags', async () => {
    const profiled = `arn:aws:bedrock:eu-central-1:${account}:application-inference-profile/a`;
    const tenant = `arn:aws:iam::${account}:role/sallyport-prod-tenant-bank`;
    const tagged = { context: { 'aws:RequestTag/sallyport:environment': 'prod' } };
    for (const [action, resource] of [
      ['bedrock:CreateGuardrail', '*'],
      ['bedrock:CreateInferenceProfile', profiled],
      ['iam:CreateRole', tenant],
    ] as const) {
      expect(await asAdministrator(action, resource)).toBe('ExplicitlyDenied');
      expect(await asAdministrator(action, resource, tagged)).toBe('Allowed');
    }
  });

  it('keep objects for the organization, and services for its accounts', async () => {
    const ask = (principal: string, context: Record<string, string>) =>
      decide(
        { principal, action: 's3:PutObject', resource: 'arn:aws:s3:::sallyport-log/x', context },
        {
          identity: [everything],
          resourceControl: documentsOf('RESOURCE_CONTROL_POLICY'),
          resource: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:PutObject', Resource: '*' }],
          },
        },
      );
    const own = {
      'aws:PrincipalOrgID': 'o-a1b2c3d4e5',
      'aws:PrincipalIsAWSService': 'false',
      'aws:SecureTransport': 'true',
    };
    expect(await ask(administrator, own)).toBe('Allowed');
    expect(await ask(administrator, { ...own, 'aws:SecureTransport': 'false' })).toBe('ExplicitlyDenied');
    const stranger = 'arn:aws:iam::999999999999:role/stranger';
    expect(await ask(stranger, { ...own, 'aws:PrincipalOrgID': 'o-stranger00' })).toBe('ExplicitlyDenied');
    const service = {
      'aws:PrincipalIsAWSService': 'true',
      'aws:SourceAccount': account,
      'aws:SecureTransport': 'true',
    };
    expect(await ask('cloudtrail.amazonaws.com', { ...service, 'aws:SourceOrgID': 'o-a1b2c3d4e5' })).toBe('Allowed');
    expect(await ask('cloudtrail.amazonaws.com', { ...service, 'aws:SourceOrgID': 'o-stranger00' })).toBe(
      'ExplicitlyDenied',
    );
  });
});
