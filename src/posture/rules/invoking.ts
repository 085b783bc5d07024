import { takes } from '../patterns.ts';
import type { Principal } from '../principals.ts';
import { speaksOf } from '../principals.ts';
import type { Statement } from '../statement.ts';

/** What Converse and InvokeModel, in one piece or as a stream, are authorised by. */
export const INVOKE = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'] as const;

/** Models that no guardrail can be asked for. */
const UNGUARDED = /(?:embed|rerank)[^/]*$/i;

/** Whether everything that a statement names is a model that no guardrail looks at. */
const isOfUnguarded = ({ resources }: Statement): boolean =>
  resources.length > 0 && resources.every((arn) => /:foundation-model\/[^*?]+$/.test(arn) && UNGUARDED.test(arn));

const isGuardrailKey = (key: string) => key.toLowerCase() === 'bedrock:guardrailidentifier';

/** Whether a statement only holds for a call that names a guardrail. */
const asksForGuardrail = ({ conditions }: Statement): boolean =>
  conditions.some(
    ({ operator, key }) =>
      isGuardrailKey(key) && /^(?:String|Arn)(?:Equals|Like)/.test(operator) && !/IfExists$/.test(operator),
  );

/** Whether a statement denies a call that names no guardrail, or another one. */
const deniesWithout = (statement: Statement, action: string): boolean =>
  statement.effect === 'Deny' &&
  speaksOf(statement, action) &&
  statement.conditions.length === 1 &&
  statement.conditions.every(
    ({ operator, key, values }) =>
      isGuardrailKey(key) &&
      (/^(?:String|Arn)Not(?:Equals|Like)/.test(operator) || (operator === 'Null' && values.includes('true'))),
  );

/** Whether what a statement allows needs a guardrail all the same: another one denies it without. */
export function isGuarded(principal: Principal, statement: Statement, action: string): boolean {
  if (asksForGuardrail(statement) || isOfUnguarded(statement)) return true;
  const all = [...principal.policies, ...(principal.boundary === undefined ? [] : [principal.boundary])];
  return all
    .flatMap(({ statements }) => statements)
    .filter((one) => deniesWithout(one, action))
    .some(
      ({ resources }) =>
        resources.includes('*') || statement.resources.every((arn) => resources.some((pattern) => takes(pattern, arn))),
    );
}
