import type { EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import type { Model, ModelId, PrincipalId, TenantId } from '../core/index.ts';

/** A tenant and those who act for it. */
export interface TenantEntry {
  readonly name: TenantId;
  readonly principals: readonly { readonly name: PrincipalId; readonly roles: readonly string[] }[];
}

/** A model on offer. `family` is what policies know as `resource.family`. */
export type ModelEntry = Pick<Model, 'id' | 'provider'> & { readonly family?: string | undefined };

/** One who asks or what is asked for, with the entities that policies can reach from there. */
export interface Subject {
  readonly uid: TypeAndId;
  readonly entities: readonly EntityJson[];
}

export interface Subjects {
  /** By `principalKey`. */
  readonly principals: ReadonlyMap<string, Subject>;
  readonly models: ReadonlyMap<ModelId, Subject>;
  /** By id; without one, the checks that need none. */
  readonly guardrails: ReadonlyMap<string | undefined, Subject>;
}

/** A principal's id over all tenants. Neither name can hold a slash. */
export function principalKey(tenant: TenantId, principal: PrincipalId): string {
  return `${tenant}/${principal}`;
}

export interface SubjectEntries {
  readonly tenants: readonly TenantEntry[];
  readonly models: readonly ModelEntry[];
  readonly guardrails?: readonly { readonly id: string }[];
}

/** What stands for the checks that need no guardrail, and a guardrail. */
const CHECKS = 'guardrail-checks';
const GUARDRAIL = 'guardrail/';

/** The Cedar entities of a configuration. */
export function toSubjects({ tenants, models, guardrails = [] }: SubjectEntries): Subjects {
  return {
    principals: new Map(tenants.flatMap(toPrincipals)),
    models: new Map(models.map((model) => [model.id, toModel(model)])),
    guardrails: new Map([
      [undefined, toGuardrail(CHECKS)],
      ...guardrails.map(({ id }) => [id, toGuardrail(GUARDRAIL + id)] as const),
    ]),
  };
}

function toPrincipals(tenant: TenantEntry): readonly (readonly [string, Subject])[] {
  const tenantUid = { type: 'Sallyport::Tenant', id: tenant.name };
  const tenantEntity: EntityJson = { uid: tenantUid, attrs: {}, parents: [] };
  return tenant.principals.map(({ name, roles }) => {
    const key = principalKey(tenant.name, name);
    const uid = { type: 'Sallyport::Principal', id: key };
    const attrs = { name, tenant: { __entity: tenantUid }, roles: [...new Set(roles)].sort() };
    return [key, { uid, entities: [{ uid, attrs, parents: [tenantUid] }, tenantEntity] }] as const;
  });
}

function toGuardrail(id: string): Subject {
  const uid = { type: 'Sallyport::Model', id };
  return { uid, entities: [{ uid, attrs: { id, provider: 'guardrail' }, parents: [] }] };
}

function toModel({ id, provider, family }: ModelEntry): Subject {
  const uid = { type: 'Sallyport::Model', id };
  const attrs = { id, provider, ...(family === undefined ? {} : { family }) };
  return { uid, entities: [{ uid, attrs, parents: [] }] };
}
