import { toText } from './issues.ts';
import { quote } from './quotable.ts';
import { type ReferenceProblem, valueAt } from './references.ts';
import type { Path } from './yaml-document.ts';

/** How long the name of a session may be (AWS STS, `RoleSessionName`). */
const SESSION_NAME_LENGTH = 64;

/** What AWS shows a tenant's calls under: the gateway, its environment and the tenant; never a request. */
export function toSessionName(environment: string, tenant: string): string {
  return `sallyport.${environment}.${tenant}`;
}

/** Roles that are missing, or that nothing would take. Reads the document as it is. */
export function findRoleProblems(document: unknown): readonly ReferenceProblem[] {
  const providers = entriesOf(document, 'providers').filter(({ value }) => valueAt(value, ['roles']) !== undefined);
  const own = providers.filter(({ value }) => modeOf(value) === 'role');
  const problems = providers.flatMap(ofProvider);
  const regional = providers.find(({ value }) => valueAt(value, ['endpoint']) !== undefined);
  const environment = valueAt(document, ['environment']);
  const tenants = entriesOf(document, 'tenants').flatMap(({ path, value }) => {
    const has = (key: string) => valueAt(value, [key]) !== undefined;
    const problem = (key: string, text: string) => ({
      path: [...path, key],
      text: `\`${toText(path)}.${key}\`: ${text}`,
    });
    const tenant = valueAt(value, ['name']);
    const found: ReferenceProblem[] = [];
    if (own[0] !== undefined && !has('role')) {
      found.push(problem('role', `missing, and provider ${nameOf(own[0].value)} takes a role of each tenant`));
    }
    if (own.length === 0 && has('role')) found.push(problem('role', 'no provider takes a role of each tenant'));
    if (has('account') && !has('role')) found.push(problem('account', 'there is no `role` that could be of it'));
    if (has('region') && providers.length === 0) found.push(problem('region', 'no provider has `roles`'));
    if (has('region') && regional !== undefined) {
      found.push(problem('region', `provider ${nameOf(regional.value)} has an \`endpoint\`, which is of one region`));
    }
    if (providers.length > 0 && typeof environment === 'string' && typeof tenant === 'string') {
      const { length } = toSessionName(environment, tenant);
      if (length > SESSION_NAME_LENGTH) {
        found.push(
          problem(
            'name',
            `names a session in AWS with \`environment\`: ${length - SESSION_NAME_LENGTH} characters too long`,
          ),
        );
      }
    }
    return found;
  });
  return [...problems, ...tenants, ...literalRoles(document)];
}

const ROLE_ARN = /^arn:aws[a-z-]*:iam:/;

/** ARNs of roles in the place of a reference to where they are: whoever reads the file would know what to assume. */
function literalRoles(document: unknown): readonly ReferenceProblem[] {
  const places = [
    ...entriesOf(document, 'tenants').map(({ path }) => [...path, 'role']),
    ...entriesOf(document, 'providers').map(({ path }) => [...path, 'roles', 'role']),
  ];
  return places.flatMap((path) => {
    const role = valueAt(document, path);
    const values = typeof role === 'object' && role !== null ? Object.values(role) : [role];
    if (!values.some((value) => typeof value === 'string' && ROLE_ARN.test(value))) return [];
    return [{ path, text: `\`${toText(path)}\`: expected where the ARN of the role is, not the ARN` }];
  });
}

function ofProvider({ path, value }: Entry): readonly ReferenceProblem[] {
  const role = [...path, 'roles', 'role'];
  const isThere = valueAt(value, ['roles', 'role']) !== undefined;
  if (modeOf(value) === 'pool' && !isThere) {
    return [{ path: role, text: `\`${toText(role)}\`: missing, and mode \`pool\` has one role for all tenants` }];
  }
  if (modeOf(value) === 'role' && isThere) {
    return [{ path: role, text: `\`${toText(role)}\`: in mode \`role\` each tenant has its own, \`tenants[].role\`` }];
  }
  return [];
}

interface Entry {
  readonly path: Path;
  readonly value: unknown;
}

function entriesOf(document: unknown, list: string): readonly Entry[] {
  const entries = valueAt(document, [list]);
  return Array.isArray(entries) ? entries.map((value: unknown, index) => ({ path: [list, index], value })) : [];
}

function modeOf(provider: unknown): unknown {
  return valueAt(provider, ['roles', 'mode']) ?? 'role';
}

function nameOf(provider: unknown): string {
  return quote(String(valueAt(provider, ['name'])));
}
