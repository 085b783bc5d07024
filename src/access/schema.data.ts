/**
 * What policies about models can speak of, in Cedar's schema language. Policies are validated against it before they
 * are used.
 *
 * A principal's id is `tenant/principal`. `found` and `remaining` hold names of finding types; both are absent while
 * the content is not known yet, so a policy on content asks `context has found` first. `uninspected` holds what the
 * request would send uninspected, of `image`, `audio`, `video`, `document`, `url`, `s3Location`, `fileId` and
 * `providerTool`; it is there for the two `SendUninspected…` actions alone, which only a policy permits that names them.
 *
 * A guardrail is a `Model` `guardrail/ID` of the provider `guardrail`, so that a policy about every action fits it as
 * it stands; `guardrail-checks` are those that need no guardrail. `ReadExactAssessment`, too, only a policy permits that
 * names it.
 */
export const cedarSchema = `namespace Sallyport {
  entity Tenant;

  entity Principal in [Tenant] = {
    name: String,
    tenant: Tenant,
    roles: Set<String>,
  };

  entity Model = {
    id: String,
    provider: String,
    family?: String,
  };

  type Content = {
    found?: Set<String>,
    remaining?: Set<String>,
    uninspected?: Set<String>,
  };

  action InvokeModel, InvokeModelWithResponseStream, CountTokens, ListModels, SendUninspectedMedia,
    SendUninspectedReference appliesTo {
    principal: Principal,
    resource: Model,
    context: Content,
  };

  action ApplyGuardrail, InvokeGuardrailChecks, ReadExactAssessment appliesTo {
    principal: Principal,
    resource: Model,
    context: Content,
  };
}
`;

/**
 * What policies about reading the record can speak of. An operator is who they say they are: at the commands whoever
 * holds the key file. A record's id is the request id of its exchange or act; acts are of the tenant `-`. `approved` is
 * true where another person signed an approval, and `approver` is then their name.
 */
export const readingSchema = `namespace Sallyport {
  entity Tenant;

  entity Operator = {
    name: String,
  };

  entity AuditRecord in [Tenant] = {
    tenant: Tenant,
    principal: String,
    type: String,
    model?: String,
  };

  type Reading = {
    reason: String,
    approved: Bool,
    approver?: String,
  };

  action ReadAuditBody, ReadAuditBodyUnmasked appliesTo {
    principal: Operator,
    resource: AuditRecord,
    context: Reading,
  };
}
`;
