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
      - { name: developer, roles: [developer] }
      - { name: titanOnly }

# Who may do what, in Cedar (https://www.cedarpolicy.com). What no policy permits is denied; a forbid always wins.
# The actions are InvokeModel, InvokeModelWithResponseStream and ListModels; of operators, ReadAuditBody and
# ReadAuditBodyUnmasked.
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
