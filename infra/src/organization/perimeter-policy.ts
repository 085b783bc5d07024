import type { OrganizationRules } from './organization-rules.ts';
import type { OrganizationPolicy } from './policy.ts';

/** Services that hold content or keys and that resource control policies are for. Bedrock is not one of them. */
const services = ['s3:*', 'kms:*', 'secretsmanager:*', 'sqs:*'];

/**
 * What is in these accounts is for principals of the organization, by TLS; and a service of AWS acts on it for the
 * organization's accounts alone.
 *
 * Source: AWS Organizations User Guide, "Resource control policies", and the data perimeter that AWS describes with them.
 */
export function createPerimeterPolicy({ organization }: OrganizationRules): OrganizationPolicy {
  const common = { Effect: 'Deny', Principal: '*', Action: services, Resource: '*' } as const;
  return {
    name: 'sallyport-perimeter',
    description: 'Resources are for the organization alone, and by TLS.',
    kind: 'RESOURCE_CONTROL_POLICY',
    document: {
      Version: '2012-10-17',
      Statement: [
        {
          ...common,
          Sid: 'Principals',
          Condition: {
            StringNotEqualsIfExists: { 'aws:PrincipalOrgID': organization },
            BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
          },
        },
        {
          ...common,
          Sid: 'Services',
          Condition: {
            StringNotEqualsIfExists: { 'aws:SourceOrgID': organization },
            Null: { 'aws:SourceAccount': 'false' },
            Bool: { 'aws:PrincipalIsAWSService': 'true' },
          },
        },
        { ...common, Sid: 'Tls', Condition: { BoolIfExists: { 'aws:SecureTransport': 'false' } } },
      ],
    },
  };
}
