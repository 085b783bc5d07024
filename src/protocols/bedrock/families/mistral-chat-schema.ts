import { z } from 'zod';
import { imageUrl } from '../../data-url.ts';
import { notCarried } from '../../refusal.ts';
import { jsonObject } from '../../shape.ts';
import { toolName, toolUseId } from '../shapes.ts';

const image = z.strictObject({ type: z.literal('image_url'), image_url: z.strictObject({ url: imageUrl }) });

const content = z.union([
  z.string(),
  z.array(z.discriminatedUnion('type', [z.strictObject({ type: z.literal('text'), text: z.string() }), image])),
]);

const toolCall = z.strictObject({
  id: toolUseId,
  type: z.literal('function').optional(),
  function: z.strictObject({ name: toolName, arguments: z.string() }),
});

const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content: z.string() }),
  z.strictObject({ role: z.literal('user'), content }),
  z.strictObject({
    role: z.literal('assistant'),
    content: z.string().nullish(),
    tool_calls: z.array(toolCall).nullish(),
    prefix: notCarried('prefix', false),
  }),
  z.strictObject({ role: z.literal('tool'), tool_call_id: toolUseId, content: z.string() }),
]);

const tool = z.strictObject({
  type: z.literal('function'),
  function: z.strictObject({ name: toolName, description: z.string().optional(), parameters: jsonObject }),
});

/** A chat of Mistral AI (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-chat-completion.html). */
export const chatRequest = z.strictObject({
  messages: z.array(message).min(1),
  tools: z.array(tool).optional(),
  tool_choice: z.enum(['auto', 'any', 'none']).optional(),
  max_tokens: z.int32().min(1).optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
});

export type ChatRequest = z.output<typeof chatRequest>;
export type ChatMessage = z.output<typeof message>;
export type ChatContent = z.output<typeof content>;
export type ChatImage = z.output<typeof image>;
