import type { CfnGuardrailProps } from 'aws-cdk-lib/aws-bedrock';
import { guardrailShape, type Shape } from './guardrail-shape.data.ts';

/** A guardrail that cannot be made of a file; one line for each thing that is wrong. */
export class GuardrailFileError extends Error {
  override readonly name = 'GuardrailFileError';
  readonly problems: readonly string[];

  constructor(file: string, problems: readonly string[]) {
    super([`the guardrail in \`${file}\` cannot be made:`, ...problems.map((each) => `  ${each}`)].join('\n'));
    this.problems = problems;
  }
}

/**
 * Takes the JSON of a `CreateGuardrail` request as CloudFormation's properties, field for field. Throws a
 * `GuardrailFileError` that lists what is wrong: a field that is not known would be a check that never runs.
 */
export function parseGuardrailFile(json: string, file: string): CfnGuardrailProps {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new GuardrailFileError(file, ['it is no JSON']);
  }
  const problems: string[] = [];
  const properties = convert(value, guardrailShape, '', problems);
  if (problems.length === 0 && !hasPolicy(properties)) {
    problems.push('it has no policy: `contentPolicyConfig`, `topicPolicyConfig`, `wordPolicyConfig`, …');
  }
  if (problems.length > 0) throw new GuardrailFileError(file, problems);
  return properties as CfnGuardrailProps;
}

/**
 * The same guardrail, which finds and stops nothing: every action is `NONE`. To be enforced for a while before the real
 * one is, so that its findings show in the metrics what it would have stopped.
 */
export function toObserving(properties: CfnGuardrailProps): CfnGuardrailProps {
  const actions = ['action', 'inputAction', 'outputAction'];
  const silence = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(silence);
    if (typeof value !== 'object' || value === null) return value;
    const isFilter = 'type' in value || 'text' in value || 'pattern' in value;
    const fields = Object.entries(value).filter(([name]) => !actions.includes(name));
    const silenced = Object.fromEntries(fields.map(([name, each]) => [name, silence(each)]));
    if (!isFilter) return silenced;
    const known = 'threshold' in value ? ['action'] : 'action' in value ? actions : ['inputAction', 'outputAction'];
    return { ...silenced, ...Object.fromEntries(known.map((name) => [name, 'NONE'])) };
  };
  const { tags, ...policies } = properties;
  const observing = silence(policies) as CfnGuardrailProps;
  return tags === undefined ? observing : { ...observing, tags };
}

function hasPolicy(properties: unknown): boolean {
  return typeof properties === 'object' && Object.keys(properties ?? {}).some((name) => name.endsWith('PolicyConfig'));
}

function convert(value: unknown, shape: Shape, path: string, problems: string[]): unknown {
  const where = path === '' ? 'it' : `\`${path}\``;
  switch (shape.kind) {
    case 'text':
      if (typeof value !== 'string' || value === '') problems.push(`${where} is no text`);
      return value;
    case 'number':
      if (typeof value !== 'number') problems.push(`${where} is no number`);
      return value;
    case 'flag':
      if (typeof value !== 'boolean') problems.push(`${where} is neither true nor false`);
      return value;
    case 'choice':
      if (!shape.of.includes(String(value))) problems.push(`${where} is none of ${shape.of.join(', ')}`);
      return value;
    case 'list':
      if (!Array.isArray(value)) {
        problems.push(`${where} is no list`);
        return value;
      }
      return value.map((each, index) => convert(each, shape.of, `${path}[${index}]`, problems));
    case 'object':
      return convertFields(value, shape, path, problems);
    default:
      return shape satisfies never;
  }
}

function convertFields(
  value: unknown,
  { fields }: Extract<Shape, { kind: 'object' }>,
  path: string,
  problems: string[],
): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.push(`${path === '' ? 'it' : `\`${path}\``} is no object`);
    return value;
  }
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  const given = new Map<string, unknown>(Object.entries(value));
  for (const [name, { isRequired }] of Object.entries(fields)) {
    if (isRequired && !given.has(name)) problems.push(`\`${at(name)}\` is missing`);
  }
  return Object.fromEntries(
    [...given].flatMap(([name, each]) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (field === undefined) {
        problems.push(`\`${at(name)}\` is no field that CloudFormation makes a guardrail of`);
        return [];
      }
      return [[field.renamed ?? name, convert(each, field.shape, at(name), problems)]];
    }),
  );
}
