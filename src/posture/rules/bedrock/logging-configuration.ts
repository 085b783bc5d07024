import { type Fields, isFields, type Resource } from '../../template.ts';

/** The logging configuration that a custom resource sets, or `unread` where it is written in a way that hides it. */
export type LoggingConfiguration = { readonly fields: Fields; readonly path: string } | 'unread' | undefined;

const isCustom = ({ type }: Resource) => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';

/** CloudFormation has no resource for Bedrock's invocation log: custom resources set it, each in its own words. */
export function loggingConfigurationOf(resource: Resource): LoggingConfiguration {
  if (!isCustom(resource)) return undefined;
  const found = find(resource.properties, '');
  if (found !== undefined) return found;
  return /putModelInvocationLoggingConfiguration/i.test(JSON.stringify(resource.properties)) ? 'unread' : undefined;
}

function find(value: unknown, path: string): LoggingConfiguration {
  if (typeof value === 'string') return value.startsWith('{') ? find(parse(value), path) : undefined;
  if (!isFields(value)) return undefined;
  const fields = Object.fromEntries(Object.entries(value).map(([key, item]) => [lowerFirst(key), item]));
  if ('s3Config' in fields || 'cloudWatchConfig' in fields) return { fields, path };
  for (const [key, item] of Object.entries(value)) {
    const found = find(item, path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A field under its name, whether that begins small (the API) or large (CloudFormation). */
export const fieldOf = (value: unknown, name: string): unknown =>
  isFields(value) ? (value[name] ?? value[name.charAt(0).toUpperCase() + name.slice(1)]) : undefined;

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
