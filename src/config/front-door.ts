import { isProduction } from './exposure.ts';
import { type DoorLimits, doorLimits, frontDoorKinds } from './front-door-schema.ts';
import { quote } from './quotable.ts';
import { type ReferenceProblem, valueAt } from './references.ts';

/**
 * Settings that a front door cannot have beside it: ports where none is listened on, bodies it does not carry, callers
 * that are nobody, and in production what would be in reach of everybody or be lost with the instance.
 */
export function findFrontDoorProblems(document: unknown): readonly ReferenceProblem[] {
  const kind = frontDoorKinds.find((one) => one === valueAt(document, ['frontDoor', 'kind']));
  if (kind === undefined) return [];
  return [
    ...ports(document, kind),
    ...tooMuch(document, { kind, limits: doorLimits[kind] }),
    ...strangers(document),
    ...(isProduction(valueAt(document, ['production']), valueAt(document, ['environment']))
      ? notForEarnest(document, kind)
      : []),
  ];
}

function ports(document: unknown, kind: string): readonly ReferenceProblem[] {
  if (valueAt(document, ['listen']) === undefined) return [];
  const text = `\`listen\`: there are no ports where \`frontDoor.kind\` is \`${kind}\``;
  return [{ path: ['listen'], text }];
}

const BOUNDS = [
  ['maxBodyBytes', 'requestBytes'],
  ['upstreamTimeoutMs', 'durationMs'],
] as const;

function tooMuch(
  document: unknown,
  { kind, limits }: { readonly kind: string; readonly limits: DoorLimits },
): readonly ReferenceProblem[] {
  return BOUNDS.flatMap(([key, bound]) => {
    const path = ['limits', key];
    const value = valueAt(document, path);
    if (typeof value !== 'number' || value <= limits[bound]) return [];
    return [{ path, text: `\`limits.${key}\`: the front door \`${kind}\` carries at most ${limits[bound]}` }];
  });
}

/** Callers whose tenant or principal is none: no policy could have been meant for them. */
function strangers(document: unknown): readonly ReferenceProblem[] {
  const mapped = listAt(document, ['frontDoor', 'principals']);
  const tenants = listAt(document, ['tenants']);
  return mapped.flatMap((entry, at) => {
    const [tenantName, principalName] = [valueAt(entry, ['tenant']), valueAt(entry, ['principal'])];
    if (typeof tenantName !== 'string' || typeof principalName !== 'string') return [];
    const place = ['frontDoor', 'principals', at];
    const text = `\`frontDoor.principals[${at}]`;
    const tenant = tenants.find((one) => valueAt(one, ['name']) === tenantName);
    if (tenant === undefined) {
      return [{ path: [...place, 'tenant'], text: `${text}.tenant\`: there is no tenant ${quote(tenantName)}` }];
    }
    if (listAt(tenant, ['principals']).some((one) => valueAt(one, ['name']) === principalName)) return [];
    const unknown = `${text}.principal\`: there is no principal ${quote(principalName)} of this tenant`;
    return [{ path: [...place, 'principal'], text: unknown }];
  });
}

function notForEarnest(document: unknown, kind: string): readonly ReferenceProblem[] {
  const problems: ReferenceProblem[] = [];
  if (kind === 'http-api') {
    const text = '`frontDoor.kind`: in production an `http-api` is refused, since none can be private';
    problems.push({ path: ['frontDoor', 'kind'], text });
  }
  if ((valueAt(document, ['state', 'kind']) ?? 'file') === 'file') {
    const text = '`state`: in production, Lambda needs `dynamodb`: the disk of an instance is lost with it';
    problems.push({ path: ['state'], text });
  }
  return problems;
}

function listAt(value: unknown, path: readonly string[]): readonly unknown[] {
  const list = valueAt(value, path);
  return Array.isArray(list) ? list : [];
}
