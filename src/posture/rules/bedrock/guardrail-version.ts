import { eachResource, fail, type Rule, unassessed } from '../../rule.ts';
import type { Resource } from '../../template.ts';
import { at, UNKNOWN, writtenAt } from '../../values.ts';

const PLACES: Readonly<Record<string, readonly string[]>> = {
  'AWS::Bedrock::EnforcedGuardrailConfiguration': ['GuardrailVersion'],
  'AWS::Bedrock::Agent': ['GuardrailConfiguration', 'GuardrailVersion'],
};

export const guardrailVersion: Rule = {
  id: 'bedrock-guardrail-version',
  title: 'A guardrail is used at a version',
  severity: 'high',
  standards: ['GENSEC02-BP01', 'GENOPS04-BP01'],
  rationale:
    '`DRAFT` is whatever was last saved: a change takes effect without a review, and no record tells what it was.',
  remediation: 'Make an `AWS::Bedrock::GuardrailVersion` and name it.',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-versions-manage.html',
  examine: eachResource(Object.keys(PLACES), ({ type, properties }: Resource) => {
    const path = PLACES[type] ?? [];
    const version = at(properties, ...path);
    if (version === undefined && type !== 'AWS::Bedrock::Agent') return [fail(path.join('.'), 'no version is named')];
    if (version === undefined) return [fail('GuardrailConfiguration', 'the agent has no guardrail')];
    if (version === UNKNOWN) return isOfVersion(properties, path) ? [] : [unassessed(path.join('.'), 'it is computed')];
    return /^[1-9][0-9]*$/.test(String(version)) ? [] : [fail(path.join('.'), 'it is no numbered version')];
  }),
  guard: `let enforced = Resources.*[ Type == 'AWS::Bedrock::EnforcedGuardrailConfiguration' ]

rule bedrock_guardrail_version when %enforced !empty {
  %enforced.Properties {
    GuardrailVersion exists <<no version is named>>
    when GuardrailVersion is_string {
      GuardrailVersion == /^[1-9][0-9]*$/ <<the enforced guardrail is a draft>>
    }
  }
}
`,
};

/** The version of a resource of the same template (`GetAtt … Version`) is a number. */
function isOfVersion(properties: Resource['properties'], path: readonly string[]): boolean {
  const value = JSON.stringify(writtenAt(properties, ...path));
  return /^\{"Fn::GetAtt":\["[^"]+","Version"\]\}$/.test(value);
}
