import { type Fields, isFields } from './template.ts';

/** In the place of a value that is only known when the stack is made. */
export const UNKNOWN: unique symbol = Symbol('only known when the stack is made');
export type Unknown = typeof UNKNOWN;

/** Whether a value is computed by CloudFormation. */
function isIntrinsic(value: unknown): value is Fields {
  if (!isFields(value)) return false;
  const [key = '', more] = Object.keys(value);
  return more === undefined && (key === 'Ref' || key.startsWith('Fn::'));
}

const isAbsent = (value: unknown) => value === undefined || (isFields(value) && value.Ref === 'AWS::NoValue');

/**
 * What stands under a path of names: `undefined` where nothing does, `UNKNOWN` where the value or one above it is
 * computed.
 */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let current: unknown = value;
  for (const name of path) {
    if (isAbsent(current)) return undefined;
    if (isIntrinsic(current) || !isFields(current)) return UNKNOWN;
    current = current[name];
  }
  if (isAbsent(current)) return undefined;
  return isIntrinsic(current) ? UNKNOWN : current;
}

/** The same, but what is computed itself is given as it is written. */
export function writtenAt(value: unknown, ...path: readonly string[]): unknown {
  const parent = at(value, ...path.slice(0, -1));
  if (!isFields(parent)) return parent;
  const written = parent[path.at(-1) ?? ''];
  return isAbsent(written) ? undefined : written;
}

/** A switch, which CloudFormation also takes as a word. */
export function toBoolean(value: unknown): boolean | undefined | Unknown {
  if (value === undefined || typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  return UNKNOWN;
}

/** The items under a path; none where there is no list. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] | Unknown {
  const found = at(value, ...path);
  if (found === undefined) return [];
  return Array.isArray(found) ? found : UNKNOWN;
}

/**
 * A text with `${Name}` where a value is not known yet: `arn:${AWS::Partition}:s3:::${Bucket}/*`. `undefined` for what
 * is no text, or can be one of several.
 */
export function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!isFields(value)) return undefined;
  if (typeof value.Ref === 'string') return `\${${value.Ref}}`;
  if ('Fn::GetAtt' in value) return toAttribute(value['Fn::GetAtt']);
  if ('Fn::Sub' in value) return toSubstituted(value['Fn::Sub']);
  if ('Fn::Join' in value) return toJoined(value['Fn::Join']);
  if ('Fn::ImportValue' in value) return `\${${toText(value['Fn::ImportValue']) ?? 'import'}}`;
  return undefined;
}

function toAttribute(value: unknown): string | undefined {
  if (typeof value === 'string') return `\${${value}}`;
  return Array.isArray(value) ? `\${${value.map((part) => toText(part) ?? '?').join('.')}}` : undefined;
}

function toSubstituted(value: unknown): string | undefined {
  const [text, variables]: readonly unknown[] = Array.isArray(value) ? value : [value, {}];
  if (typeof text !== 'string' || !isFields(variables)) return undefined;
  return text.replace(/\$\{([^}]*)\}/g, (whole, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    return name in variables ? (toText(variables[name]) ?? `\${${name}}`) : whole;
  });
}

function toJoined(value: unknown): string | undefined {
  const [delimiter, parts]: readonly unknown[] = Array.isArray(value) ? value : [];
  if (typeof delimiter !== 'string' || !Array.isArray(parts)) return undefined;
  const texts = parts.map(toText);
  return texts.every((text) => text !== undefined) ? texts.join(delimiter) : undefined;
}

/** Whether a text names a parameter: what stands there is for whoever deploys to say. */
export function hasParameter(text: string, parameters: ReadonlySet<string>): boolean {
  return [...text.matchAll(/\$\{([^}.]+)/g)].some(([, name = '']) => name === '?' || parameters.has(name));
}
