export interface OrganizationRules {
  /** Such as `aws` or `aws-us-gov`. */
  readonly partition: string;
  /** Id of the organization. */
  readonly organization: string;
  /** Regions that models may be called from. */
  readonly regions: readonly string[];
  /** Ids of foundation models that may be called, such as `amazon.nova-lite-v1:0`. */
  readonly models: readonly string[];
  /** Geographies of cross-Region profiles that may be used, such as `eu`; `global` goes anywhere. Default: none. */
  readonly geographies?: readonly string[];
  /** Names of endpoints of SageMaker that may be called. Default: none. */
  readonly sageMakerEndpoints?: readonly string[];
  /** ARNs of aliases of Lex bots that may be called. Default: none. */
  readonly lexBots?: readonly string[];
  /** Tags that guardrails, profiles and tenants' roles must be made with. Default: `sallyport:environment`. */
  readonly tags?: readonly string[];
  /** ARNs, with wildcards, of roles that bootstrap accounts. Default: the permission set `SallyportBootstrap`. */
  readonly bootstrappers?: readonly string[];
}

/** Roles that deploy us, set what an account has once, or repair: they may change what watches. */
export function ownRoles({ partition }: OrganizationRules): readonly string[] {
  return ['cdk-sallyport-*', 'sallyport-*-setter', 'sallyport-*-break-glass'].map(
    (name) => `arn:${partition}:iam::*:role/${name}`,
  );
}

/** Roles that may make the roles above, and change them. */
export function makersOfRoles(rules: OrganizationRules): readonly string[] {
  const { partition, bootstrappers } = rules;
  const reserved = `arn:${partition}:iam::*:role/aws-reserved/sso.amazonaws.com`;
  return [
    `arn:${partition}:iam::*:role/cdk-sallyport-cfn-exec-role-*`,
    ...(bootstrappers ?? [`${reserved}/*AWSReservedSSO_SallyportBootstrap_*`]),
  ];
}
