/** What the gateway runs on where there is no `sallyport.yaml` yet. */
export const demoConfigText = `# Sallyport stands between applications and generative models: who may use which model, and what may pass.
version: 1

# Goes into API keys, so that a key of one environment is told apart from that of another.
environment: demo

# The AWS region that callers sign their requests for.
region: us-east-1

# Where models run. The simulator is built in and needs no network. For Amazon Bedrock:
#
#   - name: bedrock
#     kind: bedrock
#     region: us-east-1
#
# Credentials come from the AWS SDK's own chain. Secrets never stand in this file: where one is needed, it is named,
# as { env: NAME } or { file: PATH }.
providers:
  - { name: simulator, kind: simulator }

# What callers may ask for, by the id they name, and which provider serves it.
models:
  - { id: "amazon.nova-lite-v1:0", provider: simulator, family: nova }
  - { id: "anthropic.claude-sonnet-4-5-20250929-v1:0", provider: simulator, family: claude }
  - { id: "amazon.titan-text-express-v1", provider: simulator, family: titan }
  - { id: "amazon.titan-embed-text-v2:0", provider: simulator, family: titan }

# Who may call at all. A credential belongs to one principal of one tenant.
tenants:
  - name: demo
    principals:
      - { name: developer, roles: [developer, security] }
      - { name: titanOnly }

# Who may do what, in Cedar (https://www.cedarpolicy.com). What no policy permits is denied; a forbid always wins.
# The actions are InvokeModel, InvokeModelWithResponseStream and ListModels; on guardrails ApplyGuardrail,
# InvokeGuardrailChecks and ReadExactAssessment; of operators, ReadAuditBody and ReadAuditBodyUnmasked.
policies:
  - name: demo.cedar
    cedar: |
      // Developers of the tenant may do everything with every model.
      @id("developers-use-every-model")
      permit (
        principal in Sallyport::Tenant::"demo",
        action,
        resource
      )
      when { principal.roles.contains("developer") };

      // Whoever works on security sees what guardrails found as it stands, and how sure they are. Others could feel
      // their way to what just passes.
      @id("security-reads-assessments")
      permit (
        principal,
        action == Sallyport::Action::"ReadExactAssessment",
        resource
      )
      when { principal.roles.contains("security") };

      // Titan only: this one principal, these two models.
      @id("titan-only")
      permit (
        principal == Sallyport::Principal::"demo/titanOnly",
        action,
        resource
      )
      when
      {
        [
          Sallyport::Model::"amazon.titan-text-express-v1",
          Sallyport::Model::"amazon.titan-embed-text-v2:0"
        ].contains(resource)
      };

      // Whoever holds the key file may read what was said, with a reason, which is recorded.
      @id("operators-read-what-was-said")
      permit (
        principal is Sallyport::Operator,
        action == Sallyport::Action::"ReadAuditBody",
        resource
      );

      // Every word of it, too. With "when { context.approved }" another person has to approve, named in audit.approvers.
      @id("operators-read-every-word")
      permit (
        principal is Sallyport::Operator,
        action == Sallyport::Action::"ReadAuditBodyUnmasked",
        resource
      );

      // Policies can decide by what a prompt contains, too. This one would keep social security numbers that are
      // left after masking away from models of one family:
      //
      // forbid (principal, action, resource)
      // when
      // {
      //   context has remaining && context.remaining.contains("US_SOCIAL_SECURITY_NUMBER") &&
      //   resource has family && resource.family == "titan"
      // };

# Guardrails, each the JSON of Amazon Bedrock's CreateGuardrail. Callers may name one (guardrailConfig of Converse, the
# headers of InvokeModel) or ask what it makes of a text (ApplyGuardrail). "inspection.guardrails", or "guardrails" of a
# tenant or a principal, lists those that always apply.
guardrails:
  - id: demo
    version: 1
    # Of the policy: what a version means does not change. Production asks for it; anywhere else it may be left out.
    sha256: acf3b8e7457e724bbc990a283fed935ad39a178695b64c53a4081837158e520d
    policy:
      name: demo
      description: What a bank might ask for.
      contentPolicyConfig:
        filtersConfig:
          - { type: HATE, inputStrength: MEDIUM, outputStrength: MEDIUM }
          - { type: INSULTS, inputStrength: MEDIUM, outputStrength: MEDIUM }
          - { type: SEXUAL, inputStrength: MEDIUM, outputStrength: MEDIUM }
          - { type: VIOLENCE, inputStrength: MEDIUM, outputStrength: MEDIUM }
          - { type: MISCONDUCT, inputStrength: MEDIUM, outputStrength: MEDIUM }
          - { type: PROMPT_ATTACK, inputStrength: MEDIUM, outputStrength: NONE }
      topicPolicyConfig:
        topicsConfig:
          - name: Investment advice
            definition: Recommendations about what to buy, sell or hold, or how to invest money.
            examples:
              - Should I buy shares of this company?
              - Which funds will give me the best returns?
              - Where should I invest my savings?
            type: DENY
      wordPolicyConfig:
        wordsConfig:
          - { text: Project Nightingale }
        managedWordListsConfig:
          - { type: PROFANITY }
      sensitiveInformationPolicyConfig:
        piiEntitiesConfig:
          - { type: ADDRESS, action: ANONYMIZE }
          - { type: AGE, action: ANONYMIZE }
          - { type: AWS_ACCESS_KEY, action: ANONYMIZE }
          - { type: AWS_SECRET_KEY, action: BLOCK }
          - { type: CA_HEALTH_NUMBER, action: ANONYMIZE }
          - { type: CA_SOCIAL_INSURANCE_NUMBER, action: ANONYMIZE }
          - { type: CREDIT_DEBIT_CARD_CVV, action: BLOCK }
          - { type: CREDIT_DEBIT_CARD_EXPIRY, action: ANONYMIZE }
          - { type: CREDIT_DEBIT_CARD_NUMBER, action: ANONYMIZE }
          - { type: DRIVER_ID, action: ANONYMIZE }
          - { type: EMAIL, action: ANONYMIZE }
          - { type: INTERNATIONAL_BANK_ACCOUNT_NUMBER, action: ANONYMIZE }
          - { type: IP_ADDRESS, action: ANONYMIZE }
          - { type: LICENSE_PLATE, action: ANONYMIZE }
          - { type: MAC_ADDRESS, action: ANONYMIZE }
          - { type: NAME, action: ANONYMIZE }
          - { type: PASSWORD, action: BLOCK }
          - { type: PHONE, action: ANONYMIZE }
          - { type: PIN, action: BLOCK }
          - { type: SWIFT_CODE, action: ANONYMIZE }
          - { type: UK_NATIONAL_HEALTH_SERVICE_NUMBER, action: ANONYMIZE }
          - { type: UK_NATIONAL_INSURANCE_NUMBER, action: ANONYMIZE }
          - { type: UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER, action: ANONYMIZE }
          - { type: URL, action: ANONYMIZE }
          - { type: USERNAME, action: ANONYMIZE }
          - { type: US_BANK_ACCOUNT_NUMBER, action: ANONYMIZE }
          - { type: US_BANK_ROUTING_NUMBER, action: ANONYMIZE }
          - { type: US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER, action: ANONYMIZE }
          - { type: US_PASSPORT_NUMBER, action: ANONYMIZE }
          - { type: US_SOCIAL_SECURITY_NUMBER, action: ANONYMIZE }
          - { type: VEHICLE_IDENTIFICATION_NUMBER, action: ANONYMIZE }
        regexesConfig:
          - { name: employee-id, description: "Numbers of our staff.", pattern: '\\bEMP-[0-9]{6}\\b', action: ANONYMIZE }
      contextualGroundingPolicyConfig:
        filtersConfig:
          - { type: GROUNDING, threshold: 0.7 }
          - { type: RELEVANCE, threshold: 0.5 }
      blockedInputMessaging: Sorry, your question cannot be answered.
      blockedOutputsMessaging: Sorry, the answer cannot be shown.

# What is done about findings, by type: mask, block or allow. What is not named here is masked; a prompt attack is
# blocked.
inspection:
  input:
    EMAIL: mask
    PROMPT_ATTACK: block
  output:
    EMAIL: mask

# Everything else has a default: data, listen, limits.
`;
