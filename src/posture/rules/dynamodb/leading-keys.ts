import { type Principal, permissionOf } from '../../principals.ts';
import { eachPrincipal, fail, type Problem, type Rule, unassessed } from '../../rule.ts';
import type { Statement } from '../../statement.ts';

/** What reads or changes items of any key, or takes the table as a whole. */
const AROUND = [
  ...['Scan', 'PartiQLSelect', 'PartiQLInsert', 'PartiQLUpdate', 'PartiQLDelete', 'ExportTableToPointInTime'],
  ...['DeleteTable', 'GetRecords'],
].map((name) => `dynamodb:${name}`);

export const leadingKeys: Rule = {
  id: 'dynamodb-leading-keys',
  title: 'Leading keys hold a tenant to its own items',
  severity: 'critical',
  standards: ['GENSEC01-BP03', 'LLM02'],
  rationale:
    '`ForAllValues` is true of no keys at all: a request without them, a scan or the deletion of the table, passes. A ' +
    'table is split by tenant only where the key must be there and no other action goes around it.',
  remediation:
    'Name item actions, add `"Null": {"dynamodb:LeadingKeys": "false"}`, and allow neither `Scan` nor PartiQL.',
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html',
  examine: eachPrincipal((principal) => {
    const split = principal.policies
      .flatMap(({ statements }) => statements)
      .filter((one) => one.effect === 'Allow' && conditionsOf(one).length > 0);
    if (split.length === 0) return [];
    const isLoose = split.some((one) => conditionsOf(one).some(isTrueWithout) && !isTied(one));
    const loose = isLoose ? [fail('', 'a request without leading keys passes: `Null` is not asked to be false')] : [];
    return [...loose, ...AROUND.flatMap((action) => problemsOf(principal, action))];
  }),
};

function problemsOf(principal: Principal, action: string): readonly Problem[] {
  const permission = permissionOf(principal, action);
  if (permission.kind === 'no') return [];
  if (permission.kind === 'unknown') return [unassessed('', permission.reason)];
  const isDead = permission.statements.every(
    (one) => isTied(one) || conditionsOf(one).some((test) => !isTrueWithout(test)),
  );
  return isDead ? [] : [fail('', `\`${action}\` goes around the leading keys`)];
}

const conditionsOf = ({ conditions }: Statement) =>
  conditions.filter(({ key, operator }) => key.toLowerCase() === 'dynamodb:leadingkeys' && operator !== 'Null');

const isTrueWithout = ({ operator }: { readonly operator: string }) => /^ForAllValues:|IfExists$|Not/.test(operator);

const isTied = ({ conditions }: Statement) =>
  conditions.some(
    ({ key, operator, values }) =>
      key.toLowerCase() === 'dynamodb:leadingkeys' && operator === 'Null' && values.includes('false'),
  );
