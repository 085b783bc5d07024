import type { Model } from '../../core/index.ts';

/** Whose calls a policy is for. */
export interface SessionScope {
  readonly region: string;
  /** The account that calls are made in: 12 digits. */
  readonly account: string;
  readonly models: readonly Pick<Model, 'id' | 'providerModelId'>[];
}

/** How long a session policy may be (AWS STS, `AssumeRole`, `Policy`). */
export const SESSION_POLICY_LENGTH = 2_048;

/** Where an inference profile takes calls, by how its id begins. A call has to be let through at each of these. */
const GEOGRAPHIES: Readonly<Record<string, string>> = {
  us: 'us-*',
  'us-gov': 'us-gov-*',
  eu: 'eu-*',
  apac: 'ap-*',
  jp: 'ap-northeast-*',
  au: 'ap-southeast-*',
  ca: 'ca-*',
};
const GLOBAL = 'global';
const INVOKE = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];
const COUNT = 'bedrock:CountTokens';
const ARN = /^arn:(aws[a-z-]*):bedrock:([a-z0-9-]+):([0-9]{12})?:([a-z-]+)\/(.+)$/;

/** ARNs that calls of a model meet. */
interface Met {
  /** Called itself. */
  readonly called: string;
  /** Foundation models that only a call of a profile reaches. */
  readonly behind?: readonly string[];
  /** The one that a global profile reaches, in no region. */
  readonly worldwide?: string;
  /** The one that tokens are counted by. */
  readonly counted?: string;
}

/**
 * A policy of IAM, as JSON, under which a session may call these models and nothing else. Where one is an inference
 * profile, the foundation model behind it is let through in the profile's regions for calls of a profile alone. Of an
 * application's profile nothing tells the foundation model but the model's own `id`.
 */
export function createSessionPolicy({ region, account, models }: SessionScope): string {
  const partition = partitionOf(region);
  const met = models.map((model) => meet(model, { partition, region, account }));
  const behind = unique(met.flatMap((one) => one.behind ?? []));
  const worldwide = unique(met.flatMap((one) => one.worldwide ?? []));
  const counted = unique(met.flatMap((one) => one.counted ?? []));
  // Which profiles they are, the first statement says: a call of another one does not get past it.
  const profiles = unique(met.flatMap((one) => (one.behind === undefined ? [] : one.called.replace(/\/.*$/, '/*'))));
  const byProfile = { ArnLike: { 'bedrock:InferenceProfileArn': profiles } };
  const unspecified = { StringEquals: { 'aws:RequestedRegion': 'unspecified' } };
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      allow([...INVOKE, COUNT], unique(met.map(({ called }) => called))),
      ...(behind.length === 0 ? [] : [allow(INVOKE, behind, byProfile)]),
      ...(worldwide.length === 0 ? [] : [allow(INVOKE, worldwide, { ...byProfile, ...unspecified })]),
      ...(counted.length === 0 ? [] : [allow([COUNT], counted)]),
    ],
  });
}

interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

function meet({ id, providerModelId }: SessionScope['models'][number], place: Place): Met {
  const [arn, , region = place.region, , type, name = ''] = ARN.exec(providerModelId) ?? [];
  if (arn === undefined) {
    const split = splitProfile(providerModelId);
    if (split === undefined) return { called: foundationModel(place, place.region, providerModelId) };
    const { partition, account } = place;
    const profile = `arn:${partition}:bedrock:${place.region}:${account}:inference-profile/${providerModelId}`;
    return { called: profile, ...behindProfile(split, place, place.region) };
  }
  if (type === 'inference-profile') {
    const split = splitProfile(name);
    return { called: arn, ...(split === undefined ? {} : behindProfile(split, place, region)) };
  }
  if (type !== 'application-inference-profile') return { called: arn };
  const counted = foundationModel(place, region, id);
  return { called: arn, behind: [foundationModel(place, '*', id)], counted };
}

function behindProfile({ geography, model }: Profile, place: Place, region: string): Omit<Met, 'called'> {
  const here = foundationModel(place, region, model);
  if (geography === GLOBAL) return { behind: [here], worldwide: foundationModel(place, '', model), counted: here };
  const regions = GEOGRAPHIES[geography] ?? region;
  const covers = region.startsWith(regions.slice(0, -1));
  return { behind: [foundationModel(place, regions, model), ...(covers ? [] : [here])], counted: here };
}

interface Profile {
  readonly geography: string;
  readonly model: string;
}

/** The parts of a system-defined profile's id; undefined where it is none. */
function splitProfile(id: string): Profile | undefined {
  const at = id.indexOf('.');
  const geography = id.slice(0, at);
  if (at < 0 || (geography !== GLOBAL && !Object.hasOwn(GEOGRAPHIES, geography))) return undefined;
  return { geography, model: id.slice(at + 1) };
}

function foundationModel({ partition }: Place, region: string, model: string): string {
  return `arn:${partition}:bedrock:${region}::foundation-model/${model}`;
}

function partitionOf(region: string): string {
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return region.startsWith('cn-') ? 'aws-cn' : 'aws';
}

function allow(Action: readonly string[], Resource: readonly string[], Condition?: object): object {
  return { Effect: 'Allow', Action, Resource, ...(Condition === undefined ? {} : { Condition }) };
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
