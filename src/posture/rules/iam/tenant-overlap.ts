import { overlap } from '../../patterns.ts';
import { type Principal, permissionOf } from '../../principals.ts';
import { fail, type Problem, type Rule, toOutcomes, unassessed } from '../../rule.ts';
import { at, listAt, toText, UNKNOWN } from '../../values.ts';

/** Tags that say whose a role is. */
const TENANT = /^(?:sallyport:)?tenant(?:-?id)?$/i;
const OBJECTS = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'];

export const tenantOverlap: Rule = {
  id: 'iam-tenant-overlap',
  title: 'What one tenant reaches, no other does',
  severity: 'critical',
  standards: ['GENSEC01-BP03', 'LLM02', 'LLM08'],
  rationale:
    'A role for each tenant separates nothing while two of them reach the same objects or the same items: the sets are ' +
    'held against each other, patterns and all, not one policy for itself.',
  remediation:
    'Give each tenant a prefix and leading keys that no other begins with: `tenant/*` also takes `tenant/../`, `a*` also `ab`.',
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html',
  examine: ({ principals, neighbours }) => {
    const tenants = tenantsOf(principals);
    const all = [...tenants, ...tenantsOf(neighbours)];
    return tenants.flatMap(({ principal, tenant }) => {
      const others = all.filter((other) => other.tenant !== tenant).map((other) => other.principal);
      const [unread] = principal.unread;
      const problems = unread === undefined ? [] : [unassessed('', unread)];
      return toOutcomes(principal.resource, [...problems, ...others.flatMap((other) => problemsOf(principal, other))]);
    });
  },
};

const tenantsOf = (principals: readonly Principal[]) =>
  principals.flatMap((principal) => {
    const tenant = tenantOf(principal);
    return tenant === undefined ? [] : [{ principal, tenant }];
  });

function tenantOf({ resource }: Principal): string | undefined {
  const tags = listAt(resource.properties, 'Tags');
  if (tags === UNKNOWN) return undefined;
  const tag = tags.find((one) => TENANT.test(toText(at(one, 'Key')) ?? ''));
  return tag === undefined ? undefined : toText((tag as { readonly Value?: unknown }).Value);
}

function problemsOf(principal: Principal, other: Principal): readonly Problem[] {
  const { id } = other.resource;
  const areShared = (read: (one: Principal) => readonly string[]) =>
    read(principal).some((one) => read(other).some((another) => overlap(one, another)));
  const problems: Problem[] = [];
  if (areShared(objectsOf)) problems.push(fail('', `it reaches objects that \`${id}\` reaches`));
  if (areShared(leadingKeysOf)) problems.push(fail('', `it reaches items that \`${id}\` reaches`));
  return problems;
}

/** Patterns of objects, but for those that the session's own tags narrow. */
function objectsOf(principal: Principal): readonly string[] {
  return OBJECTS.flatMap((action) => {
    const permission = permissionOf(principal, action);
    return permission.kind === 'yes' ? permission.statements.flatMap(({ resources }) => resources) : [];
  }).filter((arn) => !arn.includes('${aws:PrincipalTag/'));
}

/** Leading keys, each with the tables that it is allowed of. */
function leadingKeysOf(principal: Principal): readonly string[] {
  return principal.policies
    .flatMap(({ statements }) => statements)
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ conditions, resources }) =>
      conditions
        .filter(({ key, operator }) => key === 'dynamodb:LeadingKeys' && operator !== 'Null')
        .flatMap(({ values }) => values.flatMap((value) => resources.map((arn) => `${arn} ${value}`))),
    )
    .filter((text) => !text.includes('${aws:PrincipalTag/'));
}
