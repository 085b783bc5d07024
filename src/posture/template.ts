import { type CollectionTag, parseDocument, type ScalarTag } from 'yaml';

export type Fields = Readonly<Record<string, unknown>>;

/** One resource as it stands in the template, intrinsic functions in their long form. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: Fields;
  /** Where it begins in the file, from 1. */
  readonly line: number;
}

export interface Template {
  readonly file: string;
  readonly resources: readonly Resource[];
  /** Names whose values are only known when the stack is made. */
  readonly parameters: ReadonlySet<string>;
  /** Parts that are not what will be deployed: macros, loops, nested stacks. In words, without content. */
  readonly unread: readonly string[];
}

/** A file that is no CloudFormation template. The message names no content. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const CONDITION_FUNCTIONS = ['And', 'Equals', 'If', 'Not', 'Or'];
const FUNCTIONS = [
  ...CONDITION_FUNCTIONS,
  ...['Base64', 'Cidr', 'FindInMap', 'GetAtt', 'GetAZs', 'ImportValue', 'Join', 'Length', 'Select', 'Split', 'Sub'],
  ...['ToJsonString', 'Transform'],
];

/** The short forms of YAML, as the long forms of JSON. */
const tags: (ScalarTag | CollectionTag)[] = [
  ...FUNCTIONS.map((name) => ({ tag: `!${name}`, key: `Fn::${name}` })),
  { tag: '!Ref', key: 'Ref' },
  { tag: '!Condition', key: 'Condition' },
].flatMap(({ tag, key }): (ScalarTag | CollectionTag)[] => [
  {
    tag,
    resolve: (text: string) => ({ [key]: key === 'Fn::GetAtt' ? text.split(/\.(.*)/s).slice(0, 2) : text }),
  },
  { tag, collection: 'seq', resolve: (node) => ({ [key]: node.toJSON() }) },
  { tag, collection: 'map', resolve: (node) => ({ [key]: node.toJSON() }) },
]);

/** Reads a template, JSON or YAML. Throws a `TemplateError`. */
export function parseTemplate(text: string, file: string): Template {
  const whole = readDocument(text, file);
  if (!isFields(whole) || !isFields(whole.Resources)) throw new TemplateError(`${file}: it has no \`Resources\``);
  const entries = Object.entries(whole.Resources);
  const unread: string[] = [];
  if (whole.Transform !== undefined) unread.push('a transform changes the template before it is deployed');
  for (const [id, value] of entries) {
    if (id.startsWith('Fn::')) unread.push(`\`${id}\` makes resources that are not in the template`);
    else if (!isFields(value) || typeof value.Type !== 'string') {
      throw new TemplateError(`${file}: \`${id}\` is no resource`);
    } else if (value.Type === 'AWS::CloudFormation::Stack') unread.push(`the template of \`${id}\` lies elsewhere`);
    else if (/^(?:AWS::Serverless::|AWS::CloudFormation::Macro$)/.test(value.Type) || 'Fn::Transform' in value) {
      unread.push(`a transform makes what \`${id}\` will be`);
    }
  }
  return {
    file,
    resources: entries.flatMap(([id, value]) => toResource(id, value, text)),
    parameters: new Set(Object.keys(isFields(whole.Parameters) ? whole.Parameters : {})),
    unread,
  };
}

function readDocument(text: string, file: string): unknown {
  try {
    if (text.trimStart().startsWith('{')) return JSON.parse(text);
    const document = parseDocument(text, { customTags: tags, logLevel: 'silent' });
    const [error] = document.errors;
    if (error === undefined) return document.toJS();
    throw new TemplateError(`${file}: not YAML: ${error.code} at line ${error.linePos?.[0].line ?? 1}`);
  } catch (cause) {
    if (cause instanceof TemplateError) throw cause;
    throw new TemplateError(`${file}: neither JSON nor YAML`, { cause });
  }
}

function toResource(id: string, value: unknown, text: string): Resource[] {
  if (!isFields(value) || typeof value.Type !== 'string') return [];
  const { Type: type, Properties: properties } = value;
  const begin = new RegExp(`^\\s*["']?${id.replace(/[^A-Za-z0-9]/g, '.')}["']?\\s*:`, 'm').exec(text)?.index ?? 0;
  const line = text.slice(0, begin).split('\n').length + (/^\s*\n/.test(text.slice(begin)) ? 1 : 0);
  return [{ id, type, properties: isFields(properties) ? properties : {}, line }];
}
