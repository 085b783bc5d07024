import { readFileSync } from 'node:fs';
import { assess, parseTemplate } from '../../../src/posture/index.ts';
import { type Finding, stackOf } from './finding.ts';

export interface RulePackOptions {
  /** Regions that prompts and answers are claimed to stay in. */
  readonly regions?: readonly string[];
}

/** What the rules of `src/posture` say of templates, those of one deployment together; what they cannot assess too. */
export async function rulePackFindings(
  files: readonly string[],
  { regions }: RulePackOptions = {},
): Promise<readonly Finding[]> {
  const templates = files.map((file) => parseTemplate(readFileSync(file, 'utf8'), file));
  const results = await assess(templates, regions === undefined ? {} : { claims: { regions } });
  return results
    .filter(({ kind }) => kind !== 'pass')
    .map(({ kind, rule, file, resource, message }) => ({
      tool: 'sallyport',
      rule: rule.id,
      stack: stackOf(file),
      resource: resource.type === 'template' ? '' : resource.id,
      message: kind === 'fail' ? message : `could not be assessed: ${message}`,
    }));
}
