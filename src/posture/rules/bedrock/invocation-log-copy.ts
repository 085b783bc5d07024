import { fail, type Problem, type Rule, toOutcomes, unassessed } from '../../rule.ts';
import type { Resource, Template } from '../../template.ts';
import { at, listAt, toText, UNKNOWN } from '../../values.ts';
import { fieldOf, loggingConfigurationOf } from './logging-configuration.ts';

export const invocationLogCopy: Rule = {
  id: 'bedrock-invocation-log-copy',
  title: 'What the invocation log keeps in S3 is guarded as prompts are',
  severity: 'high',
  standards: ['GENSEC03-BP01', 'LLM02'],
  rationale:
    'Masking works in CloudWatch alone: the copy in S3, and every body above 100 KB, is as it was said. It needs a key ' +
    'of its own and an end that erasure can wait for, which a lock would take away.',
  remediation: 'Encrypt the bucket under a customer key, expire its objects by a lifecycle rule, set no Object Lock.',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html',
  examine: ({ template }) =>
    template.resources.flatMap((resource) => {
      const found = loggingConfigurationOf(resource);
      if (found === undefined) return [];
      if (found === 'unread') return toOutcomes(resource, [unassessed('', 'the configuration is computed')]);
      const places = [found.fields.s3Config, fieldOf(found.fields.cloudWatchConfig, 'largeDataDeliveryS3Config')];
      const names = places.map((place) => fieldOf(place, 'bucketName')).filter((name) => name !== undefined);
      return toOutcomes(
        resource,
        [...new Set(names.map(toText))].flatMap((name) => problemsOf(name, template)),
      );
    }),
};

function problemsOf(name: string | undefined, { resources }: Template): readonly Problem[] {
  const bucket = resources.find(
    ({ id, type, properties }) =>
      type === 'AWS::S3::Bucket' &&
      name !== undefined &&
      (name === `\${${id}}` || name === toText(properties.BucketName)),
  );
  if (bucket === undefined) return [unassessed('bucketName', 'the bucket is not in the template')];
  return [...encryptionProblems(bucket), ...lifetimeProblems(bucket)];
}

function encryptionProblems({ id, properties }: Resource): readonly Problem[] {
  const rules = listAt(properties, 'BucketEncryption', 'ServerSideEncryptionConfiguration');
  if (rules === UNKNOWN) return [unassessed(id, 'its encryption is computed')];
  const isOurs = rules.some((rule) => at(rule, 'ServerSideEncryptionByDefault', 'KMSMasterKeyID') !== undefined);
  return isOurs ? [] : [fail(id, 'the bucket is not under a customer key')];
}

function lifetimeProblems({ id, properties }: Resource): readonly Problem[] {
  const problems: Problem[] = [];
  const rules = listAt(properties, 'LifecycleConfiguration', 'Rules');
  if (rules === UNKNOWN) problems.push(unassessed(id, 'its lifecycle is computed'));
  else if (!rules.some((rule) => at(rule, 'Status') === 'Enabled' && at(rule, 'ExpirationInDays') !== undefined)) {
    problems.push(fail(id, 'nothing ever expires in the bucket'));
  }
  const lock = at(properties, 'ObjectLockEnabled');
  if (lock !== undefined && lock !== false) problems.push(fail(id, 'Object Lock keeps prompts past an erasure'));
  return problems;
}
