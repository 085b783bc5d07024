export { anthropicProtocol } from './anthropic/protocol.ts';
export { bedrockProtocol } from './bedrock/protocol.ts';
export { openaiProtocol } from './openai/protocol.ts';
