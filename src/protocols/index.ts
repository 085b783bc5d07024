export { anthropicProtocol } from './anthropic/protocol.ts';
export { citationText } from './bedrock/citation-text.ts';
export { createFrameReader, type Frame } from './bedrock/event-stream.ts';
export { withoutProfile } from './bedrock/model-id.ts';
export { bedrockProtocol } from './bedrock/protocol.ts';
export { openaiProtocol } from './openai/protocol.ts';
