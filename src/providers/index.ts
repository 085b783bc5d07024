export { createCheckedLookup } from './checked-lookup.ts';
export { createSessionPolicy, SESSION_POLICY_LENGTH } from './bedrock/session-policy.ts';
export { loadBedrock } from './bedrock/load-bedrock.ts';
export type { BedrockCredentials, BedrockOptions } from './bedrock/client.ts';
export {
  createSimulatorEndpoint,
  type ReceivedRequest,
  type SimulatorEndpoint,
  type SimulatorEndpointOptions,
} from './simulator/endpoint.ts';
export { createSimulator, type SimulatorOptions } from './simulator/simulator.ts';
export { isBearerToken } from './openai-compatible/bearer-token.ts';
export { loadOpenAICompatible } from './openai-compatible/load-openai-compatible.ts';
