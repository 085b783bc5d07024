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

/** What CloudFormation would make of the intrinsic functions in a value. Throws for one that is not known here. */
function resolved<Value = Json>(value: unknown, deployment: Deployment = {}): Value {
  return resolve(value as Json, deployment) as Value;
}

function resolve(value: Json, deployment: Deployment): Json {
  if (Array.isArray(value)) return value.map((entry) => resolve(entry, deployment));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[name, argument] = ['', null]] = entries;
  if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) return call(name, argument, deployment);
  return Object.fromEntries(entries.map(([key, entry]) => [key, resolve(entry, deployment)]));
}

function call(name: string, argument: Json, deployment: Deployment): Json {
  if (name === 'Ref') return refer(String(argument), deployment);
  if (name === 'Fn::GetAtt') return refer((argument as readonly string[]).join('.'), deployment);
  if (name === 'Fn::ImportValue') return refer(String(resolve(argument, deployment)), deployment);
  if (name === 'Fn::Join') {
    const [separator, parts] = argument as readonly [string, readonly Json[]];
    return parts.map((part) => String(resolve(part, deployment))).join(separator);
  }
  throw new Error(`no way to resolve ${name}`);
}

function refer(
  name: string,
  { region = REGION, account = ACCOUNT, partition = 'aws', values = {} }: Deployment,
): string {
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::Region': region,
    'AWS::AccountId': account,
    'AWS::Partition': partition,
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': 'stack',
  };
  return values[name] ?? pseudo[name] ?? name;
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
