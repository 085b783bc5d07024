import type { Rule } from '../rule.ts';
import { publicNetwork } from './aoss/public-network.ts';
import { dataTrace } from './apigateway/data-trace.ts';
import { enforcedGuardrailSelective } from './bedrock/enforced-guardrail-selective.ts';
import { guardrailInert } from './bedrock/guardrail-inert.ts';
import { guardrailResidency } from './bedrock/guardrail-residency.ts';
import { guardrailVersion } from './bedrock/guardrail-version.ts';
import { invocationLogCopy } from './bedrock/invocation-log-copy.ts';
import { invocationLogModalities } from './bedrock/invocation-log-modalities.ts';
import { modelResidency } from './bedrock/model-residency.ts';
import { readable } from './cloudformation/readable.ts';
import { leadingKeys } from './dynamodb/leading-keys.ts';
import { endpointPolicyMissing } from './ec2/endpoint-policy-missing.ts';
import { endpointPolicyOpen } from './ec2/endpoint-policy-open.ts';
import { endpointPolicyOtherAccounts } from './ec2/endpoint-policy-other-accounts.ts';
import { mantleEndpoint } from './ec2/mantle-endpoint.ts';
import { attribution } from './iam/attribution.ts';
import { bearerTokenAllowed } from './iam/bearer-token-allowed.ts';
import { confusedDeputy } from './iam/confused-deputy.ts';
import { guardrailEvaded } from './iam/guardrail-evaded.ts';
import { guardrailNotRequired } from './iam/guardrail-not-required.ts';
import { guardrailUnversioned } from './iam/guardrail-unversioned.ts';
import { mantleAllowed } from './iam/mantle-allowed.ts';
import { phantomAction } from './iam/phantom-action.ts';
import { phantomConditionKey } from './iam/phantom-condition-key.ts';
import { sourceVpceDeny } from './iam/source-vpce-deny.ts';
import { tenantOverlap } from './iam/tenant-overlap.ts';
import { thirdWayOut } from './iam/third-way-out.ts';
import { undefinedConditionKey } from './iam/undefined-condition-key.ts';
import { keyPerClass } from './kms/key-per-class.ts';
import { converseBlindFilter } from './logs/converse-blind-filter.ts';
import { oneDoorDenied } from './organizations/one-door-denied.ts';
import { executionData } from './states/execution-data.ts';
import { sampledRequests } from './wafv2/sampled-requests.ts';

/** Every rule, by service. */
export const rules: readonly Rule[] = [
  publicNetwork,
  dataTrace,
  enforcedGuardrailSelective,
  guardrailInert,
  guardrailResidency,
  guardrailVersion,
  invocationLogCopy,
  invocationLogModalities,
  modelResidency,
  readable,
  leadingKeys,
  endpointPolicyMissing,
  endpointPolicyOpen,
  endpointPolicyOtherAccounts,
  mantleEndpoint,
  attribution,
  bearerTokenAllowed,
  confusedDeputy,
  guardrailEvaded,
  guardrailNotRequired,
  guardrailUnversioned,
  mantleAllowed,
  phantomAction,
  phantomConditionKey,
  sourceVpceDeny,
  tenantOverlap,
  thirdWayOut,
  undefinedConditionKey,
  keyPerClass,
  converseBlindFilter,
  oneDoorDenied,
  executionData,
  sampledRequests,
];
