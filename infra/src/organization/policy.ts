/** A policy of AWS Organizations, as data. */
export interface OrganizationPolicy {
  readonly name: string;
  readonly description: string;
  readonly kind: 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY';
  readonly document: PolicyDocument;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** A policy of an organization only takes away. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Deny';
  /** In resource control policies alone. */
  readonly Principal?: '*';
  readonly Action: readonly string[];
  readonly Resource?: '*' | readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: Conditions;
}

/** What AWS Organizations takes: AWS Organizations User Guide, "Quotas and service limits". */
const LONGEST_POLICY = 5_120;

/** The document as it is attached. Throws a `RangeError` where it is longer than an organization takes. */
export function toPolicyText({ name, document }: OrganizationPolicy): string {
  const text = JSON.stringify(document);
  if (text.length <= LONGEST_POLICY) return text;
  throw new RangeError(`the policy \`${name}\` has ${text.length} characters, and may have ${LONGEST_POLICY}`);
}
