/** A statement of a policy of IAM, of a key or of a resource. Values may be tokens. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | { readonly AWS: string | readonly string[] } | { readonly Service: string };
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Conditions;
}

/** By operator, then by key. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/**
 * A policy of these statements. Throws `RangeError` for one that permits `*` or every action of a service: each of ours says
 * what it permits.
 */
export function policyDocument(statements: readonly Statement[]): PolicyDocument {
  for (const { Sid, Effect, Action } of statements) {
    const wide = Effect === 'Deny' ? undefined : Action.find((action) => /^(?:\*|[a-z0-9-]+:\*)$/.test(action));
    if (wide !== undefined) throw new RangeError(`statement ${Sid} names ${wide}, and no actions`);
  }
  return { Version: '2012-10-17', Statement: statements };
}
