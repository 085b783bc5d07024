/** A resource's properties, for a test to look into. */
// biome-ignore lint/suspicious/noExplicitAny: a template's properties have whatever shape their type has.
type Properties = any;

export interface ResolvedTemplate {
  /** Properties of all resources of a type. */
  of(type: string): readonly Properties[];
  /** Logical ids of all resources of a type. */
  names(type: string): readonly string[];
  raw(name: string): Properties;
  /** ARN that references to the one resource of a type have become. */
  arnOf(type: string): string;
}

const pseudo: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-central-1',
  'AWS::AccountId': '111122223333',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Names of resources, by the property that says them; what a resource has no name for is called by its logical id. */
const nameProperties = ['BucketName', 'RoleName', 'LogGroupName', 'FunctionName', 'Name', 'TopicName', 'TrailName'];

/**
 * A template with its references written out as AWS would, for the account 111122223333 in eu-central-1, so that a
 * policy in it can be put to a simulator.
 */
export function resolveTemplate(template: Properties): ResolvedTemplate {
  const resources: Readonly<Record<string, Properties>> = template.Resources;

  function resolve(value: Properties): Properties {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    if (typeof value.Ref === 'string') return pseudo[value.Ref] ?? nameOf(value.Ref);
    const attribute = value['Fn::GetAtt'];
    if (Array.isArray(attribute)) return attribute[1] === 'Arn' ? arnOfName(attribute[0]) : attribute.join('.');
    const joined = value['Fn::Join'];
    if (Array.isArray(joined)) return joined[1].map(resolve).join(joined[0]);
    if (typeof value['Fn::Sub'] === 'string') {
      return value['Fn::Sub'].replace(/\$\{([^}]+)\}/g, (_: string, name: string) => pseudo[name] ?? nameOf(name));
    }
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, resolve(each)]));
  }

  function nameOf(name: string): string {
    const { Properties = {} } = resources[name] ?? {};
    const property = nameProperties.find((each) => Properties[each] !== undefined);
    return property === undefined ? name : String(resolve(Properties[property]));
  }

  function arnOfName(name: string): string {
    const at = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:111122223333:${rest}${nameOf(name)}`;
    switch (resources[name]?.Type) {
      case 'AWS::S3::Bucket':
        return `arn:aws:s3:::${nameOf(name)}`;
      case 'AWS::IAM::Role':
        return `arn:aws:iam::111122223333:role/${nameOf(name)}`;
      case 'AWS::KMS::Key':
        return at('kms', 'key/');
      case 'AWS::Lambda::Function':
        return at('lambda', 'function:');
      default:
        return at('unknown', '');
    }
  }

  const names = (type: string) => Object.keys(resources).filter((name) => resources[name]?.Type === type);
  return {
    of: (type) => names(type).map((name) => resolve(resources[name]?.Properties)),
    names,
    raw: (name) => resources[name],
    arnOf: (type) => arnOfName(names(type)[0] ?? ''),
  };
}
