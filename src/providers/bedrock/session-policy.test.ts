import { describe, expect, it } from 'vitest';
import { parseModelId } from '../../core/index.ts';
import { createSessionPolicy, SESSION_POLICY_LENGTH, type SessionScope } from './session-policy.ts';

const ACCOUNT = '111122223333';
const NOVA = 'amazon.nova-lite-v1:0';
const CLAUDE = 'anthropic.claude-sonnet-4-5-20250929-v1:0';

interface Statement {
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const modelOf = (providerModelId: string, id = providerModelId) => ({ id: parseModelId(id), providerModelId });

function statementsOf(models: SessionScope['models'], region = 'eu-central-1'): readonly Statement[] {
  const { Version, Statement } = JSON.parse(createSessionPolicy({ region, account: ACCOUNT, models }));
  expect(Version).toBe('2012-10-17');
  return Statement;
}

const INVOKE = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];
const foundation = (region: string, id: string) => `arn:aws:bedrock:${region}::foundation-model/${id}`;
const profile = (id: string, region = 'eu-central-1') => `arn:aws:bedrock:${region}:${ACCOUNT}:inference-profile/${id}`;
const viaProfile = { ArnLike: { 'bedrock:InferenceProfileArn': [profile('*')] } };

describe('a session policy', () => {
  it('lets foundation models be called and counted for in the region, and nothing else', () => {
    expect(statementsOf([modelOf(NOVA), modelOf(CLAUDE), modelOf(NOVA, 'other')])).toEqual([
      {
        Effect: 'Allow',
        Action: [...INVOKE, 'bedrock:CountTokens'],
        Resource: [foundation('eu-central-1', NOVA), foundation('eu-central-1', CLAUDE)],
      },
    ]);
  });

  it('lets a profile be called, and what is behind it through the profile alone', () => {
    expect(statementsOf([modelOf(`eu.${CLAUDE}`, CLAUDE)])).toEqual([
      { Effect: 'Allow', Action: [...INVOKE, 'bedrock:CountTokens'], Resource: [profile(`eu.${CLAUDE}`)] },
      { Effect: 'Allow', Action: INVOKE, Resource: [foundation('eu-*', CLAUDE)], Condition: viaProfile },
      { Effect: 'Allow', Action: ['bedrock:CountTokens'], Resource: [foundation('eu-central-1', CLAUDE)] },
    ]);
  });

  it.each([
    ['us', 'us-east-1', ['us-*']],
    ['us', 'ca-central-1', ['ca-central-1', 'us-*']],
    ['apac', 'ap-south-1', ['ap-*']],
    ['jp', 'ap-northeast-1', ['ap-northeast-*']],
    ['au', 'ap-southeast-2', ['ap-southeast-*']],
    ['ca', 'ca-central-1', ['ca-*']],
  ])('of a profile of %s called from %s lets calls through in %o', (geography, region, regions) => {
    const [, behind] = statementsOf([modelOf(`${geography}.${NOVA}`)], region);
    expect(behind?.Resource).toEqual(regions.map((one) => foundation(one, NOVA)));
  });

  it('of a global profile lets calls through in no region, too', () => {
    const [called, behind, worldwide] = statementsOf([modelOf(`global.${CLAUDE}`)]);
    expect(called?.Resource).toEqual([profile(`global.${CLAUDE}`)]);
    expect(behind?.Resource).toEqual([foundation('eu-central-1', CLAUDE)]);
    expect(worldwide).toEqual({
      Effect: 'Allow',
      Action: INVOKE,
      Resource: [foundation('', CLAUDE)],
      Condition: { ...viaProfile, StringEquals: { 'aws:RequestedRegion': 'unspecified' } },
    });
  });

  it('takes ARNs as they are: what is behind an application’s profile is told by the model’s own id', () => {
    const application = `arn:aws:bedrock:eu-west-1:${ACCOUNT}:application-inference-profile/a1b2`;
    const provisioned = `arn:aws:bedrock:eu-central-1:${ACCOUNT}:provisioned-model/c3d4`;
    const system = profile(`eu.${CLAUDE}`, 'eu-west-3');
    const own = profile('own', 'eu-west-3');
    const [called, behind, counted] = statementsOf([
      modelOf(application, NOVA),
      modelOf(provisioned, 'tuned'),
      modelOf(system, CLAUDE),
      modelOf(own, 'own'),
    ]);
    expect(called?.Resource).toEqual([application, own, provisioned, system].sort());
    expect(behind?.Resource).toEqual([foundation('*', NOVA), foundation('eu-*', CLAUDE)].sort());
    expect(behind?.Condition).toEqual({
      ArnLike: {
        'bedrock:InferenceProfileArn': [
          `arn:aws:bedrock:eu-west-1:${ACCOUNT}:application-inference-profile/*`,
          profile('*', 'eu-west-3'),
        ],
      },
    });
    expect(counted?.Resource).toEqual([foundation('eu-west-1', NOVA), foundation('eu-west-3', CLAUDE)].sort());
  });

  it('is of the partition of its region', () => {
    const gov = createSessionPolicy({ region: 'us-gov-west-1', account: ACCOUNT, models: [modelOf(`us-gov.${NOVA}`)] });
    expect(gov).toContain(`arn:aws-us-gov:bedrock:us-gov-*::foundation-model/${NOVA}`);
    expect(createSessionPolicy({ region: 'cn-north-1', account: ACCOUNT, models: [modelOf(NOVA)] })).toContain(
      'arn:aws-cn:',
    );
  });

  it('has room for a good number of models', () => {
    const many = (count: number, before = '') =>
      Array.from({ length: count }, (_, at) => modelOf(`${before}anthropic.claude-sonnet-4-5-202509${10 + at}-v1:0`));
    const lengthOf = (models: SessionScope['models']) =>
      createSessionPolicy({ region: 'eu-central-1', account: ACCOUNT, models }).length;
    expect(lengthOf(many(20))).toBeLessThanOrEqual(SESSION_POLICY_LENGTH);
    expect(lengthOf(many(5, 'eu.'))).toBeLessThanOrEqual(SESSION_POLICY_LENGTH);
    expect(lengthOf(many(8, 'eu.'))).toBeGreaterThan(SESSION_POLICY_LENGTH);
  });
});
