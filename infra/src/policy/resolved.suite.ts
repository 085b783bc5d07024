import type { Template } from 'aws-cdk-lib/assertions';

/** Where a template is as if deployed: values of pseudo parameters, of parameters and of resources by logical id. */
export interface Deployment {
  readonly region?: string;
  readonly account?: string;
  readonly partition?: string;
  /** Of `Ref` and of `Fn::GetAtt`, as `LogicalId` or `LogicalId.Attribute`; others are their own names. */
  readonly values?: Readonly<Record<string, string>>;
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';

/** What a reference to a resource, or to an attribute of one, has become. */
type Refer = (name: string, attribute?: string) => string;

interface Terms {
  readonly refer: Refer;
  /** What becomes of a function that is not known here; it throws unless given. */
  readonly other?: (value: Json) => Json;
}

/** What CloudFormation would make of the intrinsic functions in a value. Throws for one that is not known here. */
function resolved<Value>(value: unknown, deployment: Deployment): Value {
  return resolve(value as Json, { refer: byIds(deployment) }) as Value;
}

/**
 * What a piece of a template looks like: a resource is its logical id, whatever of it is asked for, and a function that is
 * not known here stays as it is.
 */
export function shapeOf<Value>(value: unknown): Value {
  return resolve(value as Json, { refer: (name) => pseudo(name) ?? name, other: (one) => one }) as Value;
}

function resolve(value: Json, terms: Terms): Json {
  if (Array.isArray(value)) return value.map((entry) => resolve(entry, terms));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[name, argument] = ['', null]] = entries;
  if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) return call(name, argument, terms);
  return Object.fromEntries(entries.map(([key, entry]) => [key, resolve(entry, terms)]));
}

function call(name: string, argument: Json, terms: Terms): Json {
  const { refer, other } = terms;
  if (name === 'Ref') return refer(String(argument));
  if (name === 'Fn::ImportValue') return refer(String(resolve(argument, terms)));
  if (name === 'Fn::GetAtt') {
    const [resource = '', ...attribute] = argument as readonly string[];
    return refer(resource, attribute.join('.'));
  }
  if (name === 'Fn::Join') {
    const [separator, parts] = argument as readonly [string, readonly Json[]];
    return parts.map((part) => String(resolve(part, terms))).join(separator);
  }
  if (name === 'Fn::Sub' && typeof argument === 'string') {
    return argument.replace(/\$\{([^}.]+)(?:\.([^}]+))?\}/g, (_, resource: string, attribute?: string) =>
      refer(resource, attribute),
    );
  }
  if (other !== undefined) return other({ [name]: argument });
  throw new Error(`no way to resolve ${name}`);
}

/** References by what the deployment says, else by the logical id and the attribute. */
function byIds({ values = {}, ...place }: Deployment): Refer {
  return (resource, attribute) => {
    const name = attribute === undefined ? resource : `${resource}.${attribute}`;
    return values[name] ?? pseudo(name, place) ?? name;
  };
}

function pseudo(
  name: string,
  { region = REGION, account = ACCOUNT, partition = 'aws' }: Deployment = {},
): string | undefined {
  const known: Readonly<Record<string, string>> = {
    'AWS::Region': region,
    'AWS::AccountId': account,
    'AWS::Partition': partition,
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': 'stack',
  };
  return known[name];
}

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, Json>>;
  readonly DeletionPolicy?: string;
}

/** Resources of a type, resolved, by logical id. */
export function resourcesOf(
  template: Template,
  type: string,
  deployment: Deployment = {},
): Readonly<Record<string, Resource>> {
  return Object.fromEntries(
    Object.entries(template.findResources(type)).map(([id, one]) => [id, resolved<Resource>(one, deployment)]),
  );
}

/** A property that has to be there, taken for what it is to be. */
export function propertyOf<Value>(properties: Readonly<Record<string, unknown>> | undefined, name: string): Value {
  const value = properties?.[name];
  if (value === undefined) throw new Error(`there is no ${name}`);
  return value as Value;
}

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

/** Names of resources, by the property that says them; what a resource has no name for is called by its logical id. */
const NAMES = ['BucketName', 'RoleName', 'LogGroupName', 'FunctionName', 'Name', 'TopicName', 'TrailName'];

/** A template whose references are names and ARNs as AWS would give them, so that a policy in it can be put to a simulator. */
export function resolveTemplate(template: Properties): ResolvedTemplate {
  const resources: Readonly<Record<string, Properties>> = template.Resources;
  const refer: Refer = (name, attribute) => {
    if (attribute === undefined) return pseudo(name) ?? nameOf(name);
    return attribute === 'Arn' ? arnOf(name) : `${name}.${attribute}`;
  };

  function nameOf(name: string): string {
    const { Properties = {} } = resources[name] ?? {};
    const property = NAMES.find((each) => Properties[each] !== undefined);
    return property === undefined ? name : String(resolve(Properties[property], { refer }));
  }

  function arnOf(name: string): string {
    const at = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}${nameOf(name)}`;
    switch (resources[name]?.Type) {
      case 'AWS::S3::Bucket':
        return `arn:aws:s3:::${nameOf(name)}`;
      case 'AWS::IAM::Role':
        return `arn:aws:iam::${ACCOUNT}:role/${nameOf(name)}`;
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
    of: (type) => names(type).map((name) => resolve(resources[name]?.Properties, { refer }) as Properties),
    names,
    raw: (name) => resources[name],
    arnOf: (type) => arnOf(names(type)[0] ?? ''),
  };
}
