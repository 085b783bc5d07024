import type { Acknowledgement } from './acknowledgement.ts';
import { standing } from './standing.ts';

const OWN_SETTINGS = {
  file: 'infra/src/checks/checks.test.ts',
  name: 'let roles of ours alone at settings of the account, and callers at APIs of ours',
};

/** What our own rules find on templates. */
const ours: readonly Acknowledgement[] = [
  ...standing({
    tool: 'sallyport',
    rules: ['bedrock-guardrail-inert'],
    on: { baseline: ['EnforcedGuardrailObservingGuardrailBBD9A877'] },
    reason: 'It is made to find and stop nothing, for the stage `observe`; the one that stops comes after it.',
    test: {
      file: 'infra/src/account/account.test.ts',
      name: 'comes with one that only finds, and whoever of the account calls may apply both',
    },
  }),
  ...standing({
    tool: 'sallyport',
    rules: ['ec2-endpoint-policy-open'],
    on: { network: ['NetworkEndpointexecuteapiEAFBF775'] },
    reason: "Callers of the REST API show the gateway's credentials and none of AWS; the gateway decides.",
    test: OWN_SETTINGS,
  }),
  ...standing({
    tool: 'sallyport',
    rules: ['ec2-endpoint-policy-other-accounts'],
    on: {
      network: [
        'NetworkEndpointbedrock9688653B',
        'NetworkEndpointecrapi2FC3BED5',
        'NetworkEndpointecrdkr5C9CAE3A',
        'NetworkEndpointguardduty1B8AEF68',
        'NetworkEndpointmacie2DC8CCAB4',
        'NetworkEndpointsecurityhubF39AD722',
      ],
    },
    reason: "These actions take no resource, or one of the caller's own account; callers are roles of ours.",
    test: OWN_SETTINGS,
  }),
  ...standing({
    tool: 'sallyport',
    rules: ['iam-guardrail-unversioned'],
    on: { tenants: ['tenantbankRole0B62B800', 'tenantclinicRole7FE80BF4'] },
    reason: 'The version comes from a parameter, which the stack of guardrails publishes, never `DRAFT`.',
    test: { file: 'infra/src/app/baseline-stack.test.ts', name: 'publishes guardrails by name, and never a draft' },
  }),
  ...standing({
    tool: 'sallyport',
    rules: ['organizations-one-door-denied'],
    on: { organization: ['Guardssallyportmodels8D5ABA0B'] },
    reason: 'Another policy of the organization denies the other door whole; a list of models there would say otherwise.',
    test: { file: 'infra/src/organization/organization-policies.test.ts', name: 'deny an administrator %s' },
  }),
];

/** What tools that read templates find. */
export const templateAcknowledgements: readonly Acknowledgement[] = [...ours];
