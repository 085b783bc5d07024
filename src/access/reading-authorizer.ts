import type { EntityJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { ReadingAuthorizer, ReadingRequest } from '../core/index.ts';
import { createPolicyEngine } from './policy-engine.ts';
import type { PolicySource } from './policy-error.ts';
import { readPolicySets } from './policy-sets.ts';
import { readingActions } from './reading-actions.ts';
import { readingSchema } from './schema.data.ts';

/**
 * Decides by the policies that name `ReadAuditBody` or `ReadAuditBodyUnmasked`. What none of them permits is denied, and
 * so is all where a policy fails to evaluate. Throws a `PolicyError` as `createAuthorizer` does.
 */
export function createReadingAuthorizer(policies: readonly PolicySource[]): ReadingAuthorizer {
  const engine = createPolicyEngine(readPolicySets(policies).reading, readingSchema);
  return {
    version: engine.digest,
    decide({ operator, view, record, reason, approver }) {
      const principal = { type: 'Sallyport::Operator', id: operator };
      const entities = [{ uid: principal, attrs: { name: operator }, parents: [] }, ...toEntities(record)];
      return engine.decide({
        principal,
        action: { type: 'Sallyport::Action', id: readingActions[view] },
        resource: toUid(record),
        context: { reason, approved: approver !== undefined, ...(approver === undefined ? {} : { approver }) },
        entities,
      });
    },
  };
}

function toUid({ id }: ReadingRequest['record']) {
  return { type: 'Sallyport::AuditRecord', id };
}

function toEntities(record: ReadingRequest['record']): readonly EntityJson[] {
  const { owner, type, model } = record;
  const tenant = { type: 'Sallyport::Tenant', id: owner.tenant };
  const attrs = {
    tenant: { __entity: tenant },
    principal: owner.principal,
    type,
    ...(model === undefined ? {} : { model }),
  };
  return [
    { uid: toUid(record), attrs, parents: [tenant] },
    { uid: tenant, attrs: {}, parents: [] },
  ];
}
