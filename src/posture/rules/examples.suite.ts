import type { Claims } from '../rule.ts';

type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties?: unknown }>>;

/** A template, or what it has beside its resources and what is claimed of it. */
export interface Example {
  readonly resources: Resources;
  readonly more?: Readonly<Record<string, unknown>>;
  readonly claims?: Claims;
}

export interface Examples {
  readonly fails: readonly Example[];
  readonly passes: readonly Example[];
  readonly unassessed?: readonly Example[];
}

const example = (resources: Resources, more: Omit<Example, 'resources'> = {}): Example => ({ resources, ...more });
const one = (Type: string, Properties: unknown, more: Omit<Example, 'resources'> = {}): Example =>
  example({ One: { Type, Properties } }, more);

const PARAMETER = { more: { Parameters: { P: { Type: 'String' } } } };
const P = { Ref: 'P' };
const MODEL = 'arn:aws:bedrock:eu-central-1::foundation-model/amazon.titan-text-express-v1';
const GUARDRAIL = 'arn:aws:bedrock:eu-central-1:111122223333:guardrail/abc123';
const GUARDED = { StringEquals: { 'bedrock:GuardrailIdentifier': `${GUARDRAIL}:3` } };

const allow = (Action: unknown, Resource: unknown = '*', Condition?: unknown) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});
const deny = (Action: unknown, Condition?: unknown, Resource: unknown = '*') => ({
  ...allow(Action, Resource, Condition),
  Effect: 'Deny',
});
const document = (...Statement: readonly unknown[]) => ({ Version: '2012-10-17', Statement });

/** A role with one policy; `trust` is what may assume it. */
const role = (statements: readonly unknown[], properties: Readonly<Record<string, unknown>> = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: document({
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
    }),
    Policies: [{ PolicyName: 'own', PolicyDocument: document(...statements) }],
    ...properties,
  },
});
const ofRole = (...statements: readonly unknown[]) => example({ One: role(statements) });
const assumedBy = (Principal: unknown, Condition?: unknown) =>
  example({
    One: role([allow('bedrock:InvokeModel', MODEL, GUARDED)], {
      AssumeRolePolicyDocument: document({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', Condition }),
    }),
  });
const UNREAD_ROLE = example({ One: role([], { ManagedPolicyArns: ['arn:aws:iam::111122223333:policy/elsewhere'] }) });
const COMPUTED_ROLE = example({ One: role([allow(P)]) }, PARAMETER);
const ADMINISTRATOR = example({
  One: role([], { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }),
});

const endpoint = (service: string, ...statements: readonly unknown[]) =>
  one('AWS::EC2::VPCEndpoint', {
    ServiceName: { 'Fn::Sub': `com.amazonaws.\${AWS::Region}.${service}` },
    VpcId: 'vpc-0a1b2c3d',
    ...(statements.length === 0 ? {} : { PolicyDocument: document(...statements) }),
  });
const ROLE = { AWS: 'arn:aws:iam::111122223333:role/gateway' };
const by = (Principal: unknown, Action: unknown, Resource: unknown, Condition?: unknown) => ({
  ...allow(Action, Resource, Condition),
  Principal,
});
const organization = (...statements: readonly unknown[]) =>
  one('AWS::Organizations::Policy', { Name: 'n', Type: 'SERVICE_CONTROL_POLICY', Content: document(...statements) });

const guardrail = (properties: unknown, more: Omit<Example, 'resources'> = {}) =>
  one('AWS::Bedrock::Guardrail', properties, more);
const pii = (entity: unknown) => ({ SensitiveInformationPolicyConfig: { PiiEntitiesConfig: [entity] } });
const content = (filter: unknown) => ({ ContentPolicyConfig: { FiltersConfig: [filter] } });
const grounding = (filter: unknown) => ({ ContextualGroundingPolicyConfig: { FiltersConfig: [filter] } });
const HATE = { Type: 'HATE', InputStrength: 'HIGH', OutputStrength: 'HIGH' };
const ONE_REGION = { claims: { regions: ['eu-central-1'] } };

const ALL = Object.fromEntries(
  ['text', 'image', 'embedding', 'video', 'audio'].map((name) => [`${name}DataDeliveryEnabled`, true]),
);
const logging = (loggingConfig: unknown, resources: Resources = {}) =>
  example({
    Log: { Type: 'Custom::InvocationLogging', Properties: { ServiceToken: 'x', loggingConfig } },
    ...resources,
  });
const bucket = (properties: unknown) => ({ Copy: { Type: 'AWS::S3::Bucket', Properties: properties } });
const KEY = { 'Fn::GetAtt': ['Key', 'Arn'] };
const encryptedUnder = (KMSMasterKeyID: unknown) => ({
  ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID } }],
});
const EXPIRING = { Rules: [{ Status: 'Enabled', ExpirationInDays: 30 }] };
const TO_COPY = { ...ALL, s3Config: { bucketName: { Ref: 'Copy' } } };

const tagged = (tenant: unknown, ...statements: readonly unknown[]) =>
  role(statements, { Tags: [{ Key: 'sallyport:tenant', Value: tenant }] });
const LEADING = (
  value: string,
  more: Readonly<Record<string, unknown>> = { Null: { 'dynamodb:LeadingKeys': 'false' } },
) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [value] },
  ...more,
});
const TABLE = 'arn:aws:dynamodb:eu-central-1:111122223333:table/state';

const queuePolicy = (statement: unknown) =>
  one('AWS::SQS::QueuePolicy', { Queues: ['q'], PolicyDocument: document(statement) });
const networkPolicy = (Policy: unknown, more: Omit<Example, 'resources'> = {}) =>
  one('AWS::OpenSearchServerless::SecurityPolicy', { Name: 'n', Type: 'network', Policy }, more);
const firewall = (own: unknown, ofRule: unknown, more: Omit<Example, 'resources'> = {}) =>
  one(
    'AWS::WAFv2::WebACL',
    {
      VisibilityConfig: { SampledRequestsEnabled: own },
      Rules: [{ VisibilityConfig: { SampledRequestsEnabled: ofRule } }],
    },
    more,
  );

/** Of every rule, templates that fail, that pass, and that cannot be assessed. */
export const examples: Readonly<Record<string, Examples>> = {
  'cloudformation-readable': {
    fails: [],
    passes: [],
    unassessed: [
      example({}, { more: { Transform: 'AWS::Serverless-2016-10-31' } }),
      one('AWS::CloudFormation::Stack', { TemplateURL: 'https://example.com/x' }),
      one('AWS::Serverless::Function', {}),
      example({ 'Fn::ForEach::Topics': [] as unknown as { Type: string } }),
    ],
  },
  'bedrock-guardrail-inert': {
    fails: [
      guardrail({ Name: 'empty' }),
      guardrail(pii({ Type: 'EMAIL', Action: 'NONE' })),
      guardrail(pii({ Type: 'EMAIL', Action: 'BLOCK', InputEnabled: false })),
      guardrail(pii({ Type: 'EMAIL', Action: 'BLOCK', OutputAction: 'NONE' })),
      guardrail({ SensitiveInformationPolicyConfig: { RegexesConfig: [{ Name: 'r', Pattern: 'x', Action: 'NONE' }] } }),
      guardrail(content({ Type: 'HATE', InputStrength: 'NONE', OutputStrength: 'HIGH' })),
      guardrail(grounding({ Type: 'GROUNDING', Threshold: 0 })),
      guardrail({ TopicPolicyConfig: { TopicsConfig: [{ Name: 't', Type: 'DENY', InputAction: 'NONE' }] } }),
      guardrail({ WordPolicyConfig: { WordsConfig: [{ Text: 't', OutputEnabled: 'false' }] } }),
    ],
    passes: [
      guardrail({ ...content(HATE), ...pii({ Type: 'EMAIL', Action: 'ANONYMIZE' }) }),
      guardrail(content({ Type: 'PROMPT_ATTACK', InputStrength: 'HIGH', OutputStrength: 'NONE' })),
      guardrail(grounding({ Type: 'GROUNDING', Threshold: 0.7 })),
      guardrail({ AutomatedReasoningPolicyConfig: { Policies: ['arn'] } }),
    ],
    unassessed: [
      guardrail(pii({ Type: 'EMAIL', Action: P }), PARAMETER),
      guardrail(pii({ Type: 'EMAIL', Action: 'BLOCK', InputEnabled: P }), PARAMETER),
      guardrail(grounding({ Type: 'GROUNDING', Threshold: P }), PARAMETER),
      guardrail({ ContentPolicyConfig: { FiltersConfig: P } }, PARAMETER),
    ],
  },
  'bedrock-guardrail-version': {
    fails: [
      one('AWS::Bedrock::EnforcedGuardrailConfiguration', { GuardrailIdentifier: 'x', GuardrailVersion: 'DRAFT' }),
      one('AWS::Bedrock::EnforcedGuardrailConfiguration', { GuardrailIdentifier: 'x' }),
      one('AWS::Bedrock::Agent', { GuardrailConfiguration: { GuardrailVersion: 'DRAFT' } }),
      one('AWS::Bedrock::Agent', {}),
    ],
    passes: [
      one('AWS::Bedrock::EnforcedGuardrailConfiguration', { GuardrailIdentifier: 'x', GuardrailVersion: '2' }),
      one('AWS::Bedrock::EnforcedGuardrailConfiguration', { GuardrailVersion: { 'Fn::GetAtt': ['V', 'Version'] } }),
      one('AWS::Bedrock::Agent', { GuardrailConfiguration: { GuardrailVersion: '1' } }),
      one('AWS::Bedrock::Agent', { GuardrailConfiguration: { GuardrailVersion: { 'Fn::GetAtt': ['V', 'Version'] } } }),
    ],
    unassessed: [one('AWS::Bedrock::EnforcedGuardrailConfiguration', { GuardrailVersion: P }, PARAMETER)],
  },
  'bedrock-enforced-guardrail-selective': {
    fails: [
      one('AWS::Bedrock::EnforcedGuardrailConfiguration', { SelectiveContentGuarding: { Messages: 'SELECTIVE' } }),
      one('AWS::Bedrock::EnforcedGuardrailConfiguration', { ModelEnforcement: { ExcludedModels: ['x'] } }),
    ],
    passes: [
      one('AWS::Bedrock::EnforcedGuardrailConfiguration', { SelectiveContentGuarding: { Messages: 'COMPREHENSIVE' } }),
    ],
    unassessed: [
      one('AWS::Bedrock::EnforcedGuardrailConfiguration', { SelectiveContentGuarding: P }, PARAMETER),
      one('AWS::Bedrock::EnforcedGuardrailConfiguration', { ModelEnforcement: { ExcludedModels: P } }, PARAMETER),
    ],
  },
  'bedrock-guardrail-residency': {
    fails: [
      guardrail({ ContentPolicyConfig: { ContentFiltersTierConfig: { TierName: 'STANDARD' } } }, ONE_REGION),
      guardrail({ CrossRegionConfig: { GuardrailProfileArn: 'x' } }, ONE_REGION),
    ],
    passes: [
      guardrail({ TopicPolicyConfig: { TopicsTierConfig: { TierName: 'CLASSIC' } } }, ONE_REGION),
      guardrail(content(HATE), ONE_REGION),
    ],
    unassessed: [
      guardrail(
        { CrossRegionConfig: { GuardrailProfileArn: 'x' } },
        { claims: { regions: ['eu-central-1', 'eu-west-1'] } },
      ),
      guardrail({ CrossRegionConfig: P }, { ...PARAMETER, ...ONE_REGION }),
    ],
  },
  'bedrock-model-residency': {
    fails: [
      { ...ofRole(allow('bedrock:InvokeModel', 'arn:aws:bedrock:us-east-1::foundation-model/x')), ...ONE_REGION },
      { ...ofRole(allow('bedrock:InvokeModel', 'arn:aws:bedrock:*::foundation-model/x')), ...ONE_REGION },
      { ...ofRole(allow('bedrock:*', '*')), ...ONE_REGION },
      { ...ofRole(allow('bedrock:InvokeModel', 'arn:aws:bedrock:::foundation-model/x')), ...ONE_REGION },
      {
        ...ofRole(allow('bedrock:InvokeModel', 'arn:aws:bedrock:eu-central-1:111122223333:inference-profile/global.x')),
        ...ONE_REGION,
      },
    ],
    passes: [
      { ...ofRole(allow('bedrock:InvokeModel', MODEL), allow('s3:GetObject', 'arn:aws:s3:::b/*')), ...ONE_REGION },
      {
        ...ofRole(
          allow('bedrock:InvokeModel', [
            { 'Fn::Sub': 'arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/x' },
            { 'Fn::GetAtt': ['Profile', 'Arn'] },
          ]),
        ),
        ...ONE_REGION,
      },
    ],
    unassessed: [{ ...COMPUTED_ROLE, ...ONE_REGION }],
  },
  'bedrock-invocation-log-modalities': {
    fails: [
      logging({ ...TO_COPY, videoDataDeliveryEnabled: false }),
      logging({ s3Config: { bucketName: 'x' }, textDataDeliveryEnabled: true }),
    ],
    passes: [logging(TO_COPY), logging(JSON.stringify(TO_COPY))],
    unassessed: [
      logging({ ...TO_COPY, videoDataDeliveryEnabled: P }),
      one('Custom::AWS', { Create: { 'Fn::Join': ['', ['{"action":"putModelInvocationLoggingConfiguration', P]] } }),
    ],
  },
  'bedrock-invocation-log-copy': {
    fails: [
      logging(TO_COPY, bucket({ LifecycleConfiguration: EXPIRING })),
      logging(TO_COPY, bucket({ BucketEncryption: encryptedUnder(KEY) })),
      logging(
        TO_COPY,
        bucket({ BucketEncryption: encryptedUnder(KEY), LifecycleConfiguration: EXPIRING, ObjectLockEnabled: true }),
      ),
      logging(
        { cloudWatchConfig: { logGroupName: 'g', largeDataDeliveryS3Config: { bucketName: 'named' } } },
        bucket({ BucketName: 'named' }),
      ),
    ],
    passes: [
      logging(TO_COPY, bucket({ BucketEncryption: encryptedUnder(KEY), LifecycleConfiguration: EXPIRING })),
      logging({ CloudWatchConfig: { LogGroupName: 'g' } }),
    ],
    unassessed: [
      logging(TO_COPY),
      logging(TO_COPY, bucket({ BucketEncryption: P, LifecycleConfiguration: P })),
      one('Custom::AWS', { Create: { 'Fn::Join': ['', ['{"action":"putModelInvocationLoggingConfiguration', P]] } }),
    ],
  },
  'ec2-endpoint-policy-missing': {
    fails: [endpoint('bedrock-runtime'), endpoint('kms-fips')],
    passes: [
      endpoint('bedrock-runtime', by(ROLE, 'bedrock:InvokeModel', MODEL)),
      endpoint('guardduty-data', by(ROLE, '*', '*')),
    ],
    unassessed: [one('AWS::EC2::VPCEndpoint', { ServiceName: P }, PARAMETER)],
  },
  'ec2-endpoint-policy-open': {
    fails: [
      endpoint('bedrock-runtime', by(ROLE, '*', '*')),
      endpoint('bedrock-runtime', by(ROLE, 'bedrock:??*', '*')),
      endpoint('s3', by('*', 's3:GetObject', '*')),
      endpoint('s3', by('*', 's3:GetObject', '*', { StringLike: { 'aws:PrincipalArn': '*' } })),
      endpoint('s3', by({ AWS: '*' }, 's3:GetObject', '*', { StringEqualsIfExists: { 'aws:PrincipalAccount': '1' } })),
      endpoint('s3', { Effect: 'Allow', Principal: ROLE, NotAction: 's3:PutObject', Resource: '*' }),
      endpoint('s3', allow('s3:GetObject', 'arn:aws:s3:::prod-eu-central-1-starport-layer-bucket/*')),
      endpoint('s3', by('*', 's3:GetObject', 'arn:aws:s3:::prod-*-starport-layer-bucket/*')),
    ],
    passes: [
      endpoint('bedrock-runtime', by(ROLE, 'bedrock:InvokeModel', MODEL)),
      endpoint('s3', by('*', 's3:GetObject', '*', { ArnEquals: { 'aws:PrincipalArn': ROLE.AWS } })),
      endpoint('s3', by('*', 's3:GetObject', 'arn:aws:s3:::prod-eu-central-1-starport-layer-bucket/*')),
      endpoint('s3', by('*', 's3:GetObject', '*'), {
        ...deny('*', { StringNotEquals: { 'aws:PrincipalAccount': '111122223333' } }),
        Principal: '*',
      }),
    ],
    unassessed: [one('AWS::EC2::VPCEndpoint', { ServiceName: 'x', PolicyDocument: P }, PARAMETER)],
  },
  'ec2-endpoint-policy-other-accounts': {
    fails: [
      endpoint('s3', by(ROLE, 's3:PutObject', '*')),
      endpoint('s3', by(ROLE, 's3:PutObject', 'arn:aws:s3:::*/x')),
      endpoint('sqs', by(ROLE, 'sqs:SendMessage', 'arn:aws:sqs:eu-central-1:*:q')),
      endpoint('sqs', { Effect: 'Allow', Principal: ROLE, Action: 'sqs:SendMessage', NotResource: 'x' }),
    ],
    passes: [
      endpoint('s3', by(ROLE, 's3:PutObject', 'arn:aws:s3:::record/*')),
      endpoint('s3', by(ROLE, 's3:PutObject', { 'Fn::Sub': '${Bucket.Arn}/*' })),
      endpoint('bedrock-runtime', by(ROLE, 'bedrock:InvokeModel', MODEL)),
      endpoint('sqs', by(ROLE, 'sqs:SendMessage', { 'Fn::Sub': 'arn:aws:sqs:*:${AWS::AccountId}:q' })),
      endpoint('kms', by(ROLE, 'kms:Decrypt', '*', { StringEquals: { 'aws:ResourceAccount': '111122223333' } })),
      endpoint('kms', by(ROLE, 'kms:Decrypt', '*'), {
        ...deny('*', { StringNotEquals: { 'aws:ResourceOrgID': 'o-1' } }),
        Principal: '*',
      }),
    ],
  },
  'ec2-mantle-endpoint': {
    fails: [endpoint('bedrock-mantle'), endpoint('bedrock-mantle', by(ROLE, 'bedrock-mantle:CreateInference', '*'))],
    passes: [endpoint('bedrock-runtime')],
    unassessed: [one('AWS::EC2::VPCEndpoint', { ServiceName: P }, PARAMETER)],
  },
  'iam-mantle-allowed': {
    fails: [
      ofRole(allow('bedrock-mantle:*')),
      ofRole(allow('bedrock*')),
      ofRole({ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }),
      ADMINISTRATOR,
    ],
    passes: [
      ofRole(allow('bedrock:*')),
      ofRole(allow('*'), deny('bedrock-mantle:*')),
      example({
        One: role([allow('*')], { PermissionsBoundary: { Ref: 'Bound' } }),
        Bound: {
          Type: 'AWS::IAM::ManagedPolicy',
          Properties: { PolicyDocument: document(allow('bedrock:InvokeModel')) },
        },
      }),
    ],
    unassessed: [UNREAD_ROLE, COMPUTED_ROLE, example({ One: role([], { ManagedPolicyArns: P }) }, PARAMETER)],
  },
  'iam-bearer-token-allowed': {
    fails: [
      ofRole(allow('bedrock:*')),
      ofRole(allow('bedrock-mantle:CallWithBearerToken')),
      ADMINISTRATOR,
      one('AWS::IAM::ServiceSpecificCredential', { ServiceName: 'bedrock.amazonaws.com', UserName: 'u' }),
    ],
    passes: [ofRole(allow('bedrock:InvokeModel')), ofRole(allow('*'), deny(['bedrock:CallWith*', 'bedrock-mantle:*']))],
    unassessed: [UNREAD_ROLE],
  },
  'iam-guardrail-not-required': {
    fails: [
      ofRole(allow('bedrock:InvokeModel', MODEL)),
      ofRole(
        allow('bedrock:Invoke*', MODEL, { StringEqualsIfExists: { 'bedrock:GuardrailIdentifier': `${GUARDRAIL}:3` } }),
      ),
      ofRole(allow('bedrock:InvokeModel', 'arn:aws:bedrock:*::foundation-model/*embed*')),
      ofRole(
        allow('bedrock:InvokeModel', MODEL),
        deny(
          'bedrock:InvokeModel',
          { StringNotEquals: { 'bedrock:GuardrailIdentifier': `${GUARDRAIL}:3` } },
          `${MODEL}-other`,
        ),
      ),
      ADMINISTRATOR,
    ],
    passes: [
      ofRole(allow(['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'], MODEL, GUARDED)),
      ofRole(allow('bedrock:InvokeModel', 'arn:aws:bedrock:eu-central-1::foundation-model/amazon.titan-embed-text-v2')),
      ofRole(
        allow('bedrock:InvokeModel', MODEL),
        deny('bedrock:InvokeModel', { StringNotEquals: { 'bedrock:GuardrailIdentifier': `${GUARDRAIL}:3` } }),
      ),
      ofRole(
        allow('bedrock:InvokeModel', MODEL),
        deny('bedrock:InvokeModel', { Null: { 'bedrock:GuardrailIdentifier': 'true' } }, MODEL),
      ),
      example({
        One: role([allow('bedrock:InvokeModel', MODEL)], { PermissionsBoundary: { Ref: 'Bound' } }),
        Bound: {
          Type: 'AWS::IAM::ManagedPolicy',
          Properties: {
            PolicyDocument: document(
              allow('*'),
              deny('bedrock:*', { StringNotEquals: { 'bedrock:GuardrailIdentifier': `${GUARDRAIL}:3` } }),
            ),
          },
        },
      }),
      ofRole(allow('s3:GetObject', 'arn:aws:s3:::b/*')),
    ],
    unassessed: [UNREAD_ROLE],
  },
  'iam-guardrail-unversioned': {
    fails: [
      ofRole(allow('bedrock:InvokeModel', MODEL, { StringEquals: { 'bedrock:GuardrailIdentifier': GUARDRAIL } })),
      ofRole(allow('bedrock:InvokeModel', MODEL, { StringLike: { 'bedrock:GuardrailIdentifier': `${GUARDRAIL}:*` } })),
      ofRole(
        allow('bedrock:InvokeModel', MODEL, { StringEquals: { 'bedrock:GuardrailIdentifier': `${GUARDRAIL}:DRAFT` } }),
      ),
      organization(deny('bedrock:InvokeModel', { StringNotEquals: { 'bedrock:GuardrailIdentifier': GUARDRAIL } })),
      ofRole(
        allow('bedrock:InvokeModel', MODEL, {
          StringEquals: { 'bedrock:GuardrailIdentifier': { 'Fn::GetAtt': ['Guardrail', 'GuardrailArn'] } },
        }),
      ),
    ],
    passes: [
      ofRole(allow('bedrock:InvokeModel', MODEL, GUARDED)),
      ofRole(
        allow('bedrock:InvokeModel', MODEL, {
          StringEquals: {
            'bedrock:GuardrailIdentifier': { 'Fn::Sub': '${Guardrail.GuardrailArn}:${Version.Version}' },
          },
        }),
      ),
      ofRole(deny('bedrock:InvokeModel', { Null: { 'bedrock:GuardrailIdentifier': 'true' } })),
    ],
    unassessed: [
      {
        ...ofRole(allow('bedrock:InvokeModel', MODEL, { StringEquals: { 'bedrock:GuardrailIdentifier': P } })),
        ...PARAMETER,
      },
    ],
  },
  'iam-guardrail-evaded': {
    fails: [
      ofRole(allow('bedrock:InvokeModel', MODEL, GUARDED), allow('bedrock:CreateModelInvocationJob')),
      ofRole(allow('bedrock:InvokeModel*', MODEL, GUARDED), allow('bedrock:RetrieveAndGenerate')),
    ],
    passes: [
      ofRole(allow('bedrock:InvokeModel', MODEL, GUARDED)),
      ofRole(allow('bedrock:CreateModelInvocationJob')),
      ofRole(
        allow('bedrock:*', MODEL, GUARDED),
        deny([
          'bedrock:*Job',
          'bedrock:InvokeAgent',
          'bedrock:InvokeInlineAgent',
          'bedrock:*Flow*',
          'bedrock:RetrieveAnd*',
          'bedrock:OptimizePrompt',
        ]),
      ),
    ],
    unassessed: [
      UNREAD_ROLE,
      example({
        One: role([allow('bedrock:Invoke*', MODEL, GUARDED)], {
          ManagedPolicyArns: ['arn:aws:iam::111122223333:policy/elsewhere'],
        }),
      }),
    ],
  },
  'iam-third-way-out': {
    fails: [
      ofRole(allow('bedrock:InvokeModel', MODEL, GUARDED), allow('bedrock:InvokeTool')),
      ofRole(allow('bedrock:InvokeModel', MODEL, GUARDED), allow('bedrock-agentcore:*')),
      ofRole(allow('bedrock:InvokeModel', '*', GUARDED)),
    ],
    passes: [
      ofRole(allow('bedrock:InvokeModel', MODEL, GUARDED)),
      ofRole(
        allow('bedrock:InvokeModel', '*', GUARDED),
        deny('bedrock:*', undefined, 'arn:aws:bedrock:*:*:system-tool/*'),
      ),
      ofRole(allow('bedrock:InvokeTool')),
    ],
    unassessed: [
      example({
        One: role([allow('bedrock:InvokeModel', MODEL, GUARDED)], {
          ManagedPolicyArns: ['arn:aws:iam::111122223333:policy/elsewhere'],
        }),
      }),
    ],
  },
  'iam-attribution': {
    fails: [
      assumedBy({ AWS: 'arn:aws:iam::111122223333:root' }),
      assumedBy('*', { StringEquals: { 'sts:ExternalId': 'x' } }),
      assumedBy({ AWS: 'x' }, { StringLikeIfExists: { 'sts:RoleSessionName': 'x' } }),
      example({
        One: {
          Type: 'AWS::IAM::User',
          Properties: { Policies: [{ PolicyDocument: document(allow('bedrock:InvokeModel', MODEL)) }] },
        },
      }),
    ],
    passes: [
      assumedBy({ Service: 'lambda.amazonaws.com' }),
      assumedBy(
        { AWS: 'arn:aws:iam::111122223333:role/gateway' },
        { StringEquals: { 'aws:RequestTag/tenant': 'bank' } },
      ),
      ofRole(allow('s3:GetObject', 'arn:aws:s3:::b/*')),
    ],
    unassessed: [
      example({ One: role([allow('bedrock:InvokeModel', MODEL)], { AssumeRolePolicyDocument: P }) }, PARAMETER),
    ],
  },
  'iam-phantom-action': {
    fails: [
      ofRole(allow('bedrock:Converse')),
      organization(deny('bedrock:ConverseStream')),
      ofRole(allow('bedrok:InvokeModel')),
      ofRole({ Effect: 'Allow', NotAction: 'bedrock:StartAsyncInvoke', Resource: '*' }),
    ],
    passes: [ofRole(allow(['bedrock:InvokeModel', 'bedrock:invoke*', '*']))],
    unassessed: [COMPUTED_ROLE],
  },
  'iam-phantom-condition-key': {
    fails: [ofRole(allow('bedrock:InvokeModel', MODEL, { StringEquals: { 'bedrock:ModelId': 'x' } }))],
    passes: [
      ofRole(allow('bedrock:InvokeModel', MODEL, GUARDED)),
      ofRole(allow('s3:GetObject', '*', { StringEquals: { 'aws:PrincipalTag/tenant': 'x', 's3:prefix': 'y' } })),
      assumedBy({ Federated: 'x' }, { StringEquals: { 'token.actions.githubusercontent.com:sub': 'x' } }),
    ],
    unassessed: [COMPUTED_ROLE],
  },
  'iam-undefined-condition-key': {
    fails: [
      ofRole(allow('bedrock:ApplyGuardrail', '*', GUARDED)),
      ofRole(allow('bedrock:InvokeModelWithResponseStream', MODEL, { StringEquals: { 'bedrock:ModelArn': MODEL } })),
      ofRole(allow('bedrock:InvokeModel', MODEL, { StringEquals: { 'aws:ResourceTag/tenant': 'bank' } })),
      ofRole(allow('dynamodb:*', TABLE, LEADING('bank', {}))),
      ofRole(deny('bedrock:CreateModelInvocationJob', { StringEquals: { 'bedrock:GuardrailIdentifier': 'x' } })),
    ],
    passes: [
      ofRole(allow('bedrock:InvokeModel', MODEL, GUARDED)),
      ofRole(allow(['dynamodb:GetItem', 'dynamodb:Query'], TABLE, LEADING('bank'))),
      ofRole(deny('s3:*', { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } })),
      ofRole(deny('s3:*', { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } })),
      ofRole(
        allow('bedrock:InvokeModel', 'arn:aws:bedrock:eu-central-1:111122223333:application-inference-profile/*', {
          StringEquals: { 'aws:ResourceTag/tenant': 'bank' },
        }),
      ),
    ],
    unassessed: [COMPUTED_ROLE],
  },
  'iam-source-vpce-deny': {
    fails: [
      ofRole(deny('*', { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } })),
      one('AWS::S3::BucketPolicy', {
        PolicyDocument: document({
          ...deny('s3:*', { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' }, Bool: { 'aws:ViaAWSService': 'false' } }),
          Principal: '*',
        }),
      }),
    ],
    passes: [
      ofRole(
        deny('*', { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' }, BoolIfExists: { 'aws:ViaAWSService': 'false' } }),
      ),
      one('AWS::S3::BucketPolicy', {
        PolicyDocument: document({
          ...deny('s3:*', {
            StringNotEquals: { 'aws:SourceVpce': 'vpce-1' },
            BoolIfExists: { 'aws:ViaAWSService': 'false', 'aws:PrincipalIsAWSService': 'false' },
          }),
          Principal: '*',
        }),
      }),
    ],
    unassessed: [COMPUTED_ROLE],
  },
  'iam-confused-deputy': {
    fails: [
      queuePolicy(by({ Service: 's3.amazonaws.com' }, 'sqs:SendMessage', '*')),
      one('AWS::KMS::Key', {
        KeyPolicy: document(
          by({ Service: 'bedrock.amazonaws.com' }, 'kms:GenerateDataKey', '*', {
            StringEqualsIfExists: { 'aws:SourceAccount': '1' },
          }),
        ),
      }),
      assumedBy({ Service: 'bedrock.amazonaws.com' }),
    ],
    passes: [
      queuePolicy(
        by({ Service: 's3.amazonaws.com' }, 'sqs:SendMessage', '*', { StringEquals: { 'aws:SourceAccount': '1' } }),
      ),
      queuePolicy(by(ROLE, 'sqs:SendMessage', '*')),
      assumedBy({ Service: 'lambda.amazonaws.com' }),
      assumedBy({ Service: 'bedrock.amazonaws.com' }, { StringEquals: { 'aws:SourceAccount': '1' } }),
    ],
    unassessed: [one('AWS::SQS::QueuePolicy', { PolicyDocument: P }, PARAMETER)],
  },
  'iam-tenant-overlap': {
    fails: [
      example({
        One: tagged('bank', allow('s3:GetObject', 'arn:aws:s3:::b/bank*')),
        Two: tagged('bank-of-two', allow('s3:GetObject', 'arn:aws:s3:::b/bank-of-two/*')),
      }),
      example({
        One: tagged('a', allow('dynamodb:GetItem', TABLE, LEADING('a*'))),
        Two: tagged('ab', allow('dynamodb:GetItem', TABLE, LEADING('ab#*'))),
      }),
    ],
    passes: [
      example({
        One: tagged('a', allow('s3:GetObject', 'arn:aws:s3:::b/a/*'), allow('dynamodb:GetItem', TABLE, LEADING('a#*'))),
        Two: tagged('b', allow('s3:GetObject', 'arn:aws:s3:::b/b/*'), allow('dynamodb:GetItem', TABLE, LEADING('b#*'))),
        Other: role([], { Tags: P }),
      }),
      example({
        One: tagged('a', allow('s3:GetObject', { 'Fn::Sub': '${BucketA.Arn}/*' })),
        Two: tagged('b', allow('s3:GetObject', { 'Fn::Sub': '${BucketB.Arn}/*' })),
      }),
      example({
        One: tagged('a', allow('s3:GetObject', 'arn:aws:s3:::b/${aws:PrincipalTag/tenant}/*')),
        Two: tagged('b', allow('s3:GetObject', 'arn:aws:s3:::b/${aws:PrincipalTag/tenant}/*')),
      }),
    ],
    unassessed: [example({ One: tagged('a', allow(P)) }, PARAMETER)],
  },
  'dynamodb-leading-keys': {
    fails: [
      ofRole(allow('dynamodb:GetItem', TABLE, LEADING('a', {}))),
      ofRole(allow('dynamodb:GetItem', TABLE, LEADING('a')), allow('dynamodb:Scan', TABLE)),
      ofRole(allow('dynamodb:*', TABLE, LEADING('a', {}))),
    ],
    passes: [
      ofRole(allow(['dynamodb:GetItem', 'dynamodb:Query'], TABLE, LEADING('a'))),
      ofRole(allow('dynamodb:*', TABLE, LEADING('a'))),
      ofRole(allow('dynamodb:Scan', TABLE)),
      ofRole(allow('dynamodb:GetItem', TABLE, { StringEquals: { 'dynamodb:LeadingKeys': 'a' } })),
    ],
    unassessed: [
      example({
        One: role([allow('dynamodb:GetItem', TABLE, LEADING('a'))], {
          ManagedPolicyArns: ['arn:aws:iam::111122223333:policy/elsewhere'],
        }),
      }),
    ],
  },
  'organizations-one-door-denied': {
    fails: [
      organization(deny('bedrock:CallWithBearerToken')),
      organization(deny('bedrock-mantle:CallWithBearerToken')),
      organization(deny('bedrock:Invoke*', { StringNotEquals: { 'aws:RequestedRegion': 'eu-central-1' } })),
    ],
    passes: [
      organization(deny(['bedrock:CallWithBearerToken', 'bedrock-mantle:CallWithBearerToken'])),
      organization(deny(['bedrock:InvokeModel', 'bedrock-mantle:CreateInference'])),
      one('AWS::Organizations::Policy', { Content: JSON.stringify(document(deny('s3:DeleteBucket'))) }),
      one('AWS::Organizations::Policy', {
        Content: { 'Fn::Sub': JSON.stringify(document(deny('s3:DeleteBucket', undefined, '${Log.Arn}'))) },
      }),
    ],
    unassessed: [
      one('AWS::Organizations::Policy', { Content: '{' }),
      one('AWS::Organizations::Policy', { Content: P }, PARAMETER),
    ],
  },
  'kms-key-per-class': {
    fails: [
      example({
        Log: { Type: 'AWS::Logs::LogGroup', Properties: { KmsKeyId: KEY } },
        State: { Type: 'AWS::DynamoDB::Table', Properties: { SSESpecification: { KMSMasterKeyId: { Ref: 'Key' } } } },
      }),
      example({
        Record: {
          Type: 'AWS::S3::Bucket',
          Properties: { ObjectLockEnabled: true, BucketEncryption: encryptedUnder(KEY) },
        },
        Log: { Type: 'AWS::Logs::LogGroup', Properties: { KmsKeyId: KEY } },
      }),
    ],
    passes: [
      example({
        Log: { Type: 'AWS::Logs::LogGroup', Properties: { KmsKeyId: KEY } },
        Another: { Type: 'AWS::Logs::LogGroup', Properties: { KmsKeyId: KEY } },
        State: { Type: 'AWS::DynamoDB::Table', Properties: { SSESpecification: { KMSMasterKeyId: { Ref: 'Other' } } } },
        Plain: { Type: 'AWS::S3::Bucket', Properties: {} },
        Queue: { Type: 'AWS::SQS::Queue', Properties: { KmsMasterKeyId: 'alias/aws/sqs' } },
      }),
      example({
        Log: { Type: 'AWS::Logs::LogGroup', Properties: { KmsKeyId: KEY } },
        Tagged: {
          Type: 'AWS::S3::Bucket',
          Properties: { BucketEncryption: encryptedUnder(KEY), Tags: [{ Key: 'sallyport:data-class', Value: 'logs' }] },
        },
      }),
    ],
    unassessed: [
      one('AWS::Logs::LogGroup', { KmsKeyId: { 'Fn::If': ['C', 'a', 'b'] } }),
      one('AWS::S3::Bucket', { ObjectLockEnabled: true, BucketEncryption: { 'Fn::If': ['C', {}, {}] } }),
    ],
  },
  'logs-converse-blind-filter': {
    fails: [
      one('AWS::Logs::MetricFilter', { FilterPattern: '{ $.operation = "InvokeModel" }' }),
      one('AWS::Logs::SubscriptionFilter', { FilterPattern: '{ $.operation = "InvokeModel*" }' }),
    ],
    passes: [
      one('AWS::Logs::MetricFilter', {
        FilterPattern: '{ $.operation = "InvokeModel*" || $.operation = "Converse*" }',
      }),
      one('AWS::Logs::MetricFilter', { FilterPattern: '{ $.schemaType = "ModelInvocationLog" }' }),
    ],
    unassessed: [one('AWS::Logs::MetricFilter', { FilterPattern: { 'Fn::If': ['C', 'a', 'b'] } })],
  },
  'wafv2-sampled-requests': {
    fails: [firewall(true, false), firewall(false, true), one('AWS::WAFv2::WebACL', {})],
    passes: [
      firewall(false, false),
      one('AWS::WAFv2::RuleGroup', { VisibilityConfig: { SampledRequestsEnabled: false } }),
    ],
    unassessed: [
      firewall(P, false, PARAMETER),
      one('AWS::WAFv2::WebACL', { VisibilityConfig: { SampledRequestsEnabled: false }, Rules: P }, PARAMETER),
    ],
  },
  'apigateway-data-trace': {
    fails: [
      one('AWS::ApiGateway::Stage', { MethodSettings: [{ DataTraceEnabled: true }] }),
      one('AWS::ApiGatewayV2::Stage', { DefaultRouteSettings: { DataTraceEnabled: 'true' } }),
      one('AWS::ApiGateway::Deployment', { StageDescription: { MethodSettings: [{ DataTraceEnabled: true }] } }),
    ],
    passes: [
      one('AWS::ApiGateway::Stage', { MethodSettings: [{ DataTraceEnabled: false }, { HttpMethod: '*' }] }),
      one('AWS::ApiGateway::Stage', {}),
      one('AWS::ApiGatewayV2::Stage', {}),
      one('AWS::ApiGateway::Deployment', {}),
    ],
    unassessed: [
      one('AWS::ApiGateway::Stage', { MethodSettings: [{ DataTraceEnabled: P }] }, PARAMETER),
      one('AWS::ApiGateway::Stage', { MethodSettings: P }, PARAMETER),
    ],
  },
  'states-execution-data': {
    fails: [one('AWS::StepFunctions::StateMachine', { LoggingConfiguration: { IncludeExecutionData: true } })],
    passes: [
      one('AWS::StepFunctions::StateMachine', { LoggingConfiguration: { IncludeExecutionData: false, Level: 'ALL' } }),
      one('AWS::StepFunctions::StateMachine', {}),
    ],
    unassessed: [one('AWS::StepFunctions::StateMachine', { LoggingConfiguration: P }, PARAMETER)],
  },
  'aoss-public-network': {
    fails: [
      networkPolicy('[{"AllowFromPublic":true}]'),
      networkPolicy('{"Rules":[]}'),
      networkPolicy('[{"AllowFromPublic":false},{"AllowFromPublic":true}]'),
    ],
    passes: [
      networkPolicy('[{"AllowFromPublic":false,"SourceVPCEs":["vpce-1"]}]'),
      one('AWS::OpenSearchServerless::SecurityPolicy', { Type: 'encryption', Policy: '{}' }),
    ],
    unassessed: [networkPolicy(P, PARAMETER)],
  },
};
