import { fail, type Problem, type Rule, toOutcomes, unassessed } from '../../rule.ts';
import type { Resource } from '../../template.ts';
import { at, listAt, toText, UNKNOWN, writtenAt } from '../../values.ts';

interface Place {
  readonly path: readonly string[];
  readonly dataClass: string;
}

const PLACES: Readonly<Record<string, Place>> = {
  'AWS::Logs::LogGroup': { path: ['KmsKeyId'], dataClass: 'logs' },
  'AWS::DynamoDB::Table': { path: ['SSESpecification', 'KMSMasterKeyId'], dataClass: 'state' },
  'AWS::SecretsManager::Secret': { path: ['KmsKeyId'], dataClass: 'secrets' },
  'AWS::SQS::Queue': { path: ['KmsMasterKeyId'], dataClass: 'messages' },
  'AWS::SNS::Topic': { path: ['KmsMasterKeyId'], dataClass: 'messages' },
};

export const keyPerClass: Rule = {
  id: 'kms-key-per-class',
  title: 'Each class of data has a key of its own',
  severity: 'medium',
  standards: ['GENSEC01-BP03', 'GENSEC03-BP01'],
  rationale:
    'Who may read logs must not be able to read prompts: under one key the policy of the key cannot tell them apart, and ' +
    'to destroy one class is to destroy all.',
  remediation:
    'Make a key for the record, the state, logs, secrets and messages. The tag `sallyport:data-class` says what a ' +
    'resource holds where its type does not.',
  source:
    'https://docs.aws.amazon.com/prescriptive-guidance/latest/security-reference-architecture-generative-ai/introduction.html',
  examine: ({ template }) => {
    const encrypted = template.resources.flatMap((resource) => {
      const dataClass = classOf(resource);
      const key = keyOf(resource);
      return dataClass === undefined || key === undefined ? [] : [{ resource, dataClass, key }];
    });
    return encrypted.flatMap(({ resource, dataClass, key }) => {
      if (key === UNKNOWN) return toOutcomes(resource, [unassessed('', 'the key is computed')]);
      const other = encrypted.find((one) => one.key === key && one.dataClass !== dataClass);
      const message = `the key of ${dataClass} is also that of ${other?.dataClass} (\`${other?.resource.id}\`)`;
      return toOutcomes(resource, other === undefined ? ([] as Problem[]) : [fail('', message)]);
    });
  },
};

function classOf({ type, properties }: Resource): string | undefined {
  const tags = listAt(properties, 'Tags');
  const tag = tags === UNKNOWN ? undefined : tags.find((one) => at(one, 'Key') === 'sallyport:data-class');
  if (tag !== undefined) return String(at(tag, 'Value'));
  if (type === 'AWS::S3::Bucket') return at(properties, 'ObjectLockEnabled') === true ? 'the record' : undefined;
  return PLACES[type]?.dataClass;
}

/** The customer key, by its resource where it is of the same template; `undefined` where there is none. */
function keyOf({ type, properties }: Resource): string | typeof UNKNOWN | undefined {
  const value =
    type === 'AWS::S3::Bucket' ? bucketKeyOf(properties) : writtenAt(properties, ...(PLACES[type]?.path ?? []));
  if (value === undefined || value === UNKNOWN) return value;
  const text = toText(value);
  if (text === undefined || text.includes('${?}')) return UNKNOWN;
  return /(?:^|:)alias\/aws\//.test(text) ? undefined : text.replace(/\$\{([^}.]+)\.Arn\}/, '${$1}');
}

function bucketKeyOf(properties: Resource['properties']): unknown {
  const rules = listAt(properties, 'BucketEncryption', 'ServerSideEncryptionConfiguration');
  if (rules === UNKNOWN) return UNKNOWN;
  const [rule] = rules;
  return writtenAt(rule, 'ServerSideEncryptionByDefault', 'KMSMasterKeyID');
}
