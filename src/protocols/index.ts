export { anthropicProtocol } from './anthropic/protocol.ts';
export { createFrameReader, type Frame } from './bedrock/event-stream.ts';
export { bedrockProtocol } from './bedrock/protocol.ts';
export { openaiProtocol } from './openai/protocol.ts';
